/* No Cargo.lock loses the analyzer: what cannot be read is noted. */
#include <stella/auto.h>
#include <stella/testing.h>

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern const stella_plugin_entry stella_plugin;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char folder[] = "/tmp/stella-fuzz-XXXXXX", path[64];
    const char *const layer = mkdtemp(folder);
    assert(layer);
    snprintf(path, sizeof path, "%s/Cargo.lock", layer);
    {
        STELLA_AUTO(stella_fd_closep) int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    }
    const stella_testing_options options = {.struct_size = sizeof options, .layers = &layer, .layer_count = 1};
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of((size_t)256 << 20);
    assert(stella_testing_run(&stella_plugin, &options, &text, NULL) == STELLA_OK);
    unlink(path);
    rmdir(layer);
    return 0;
}
