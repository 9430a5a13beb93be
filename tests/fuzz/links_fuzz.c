/* What one reading of a hostile layer leaves for the next: taken whole and in order, or refused. */
#include "links.h"

#include <stella/auto.h>

#include <assert.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("links", MFD_CLOEXEC);
    STELLA_AUTO(links_closep) links *l = NULL;
    linked_name name;
    size_t seen = 0;
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || links_open(fd, &l, NULL) != STELLA_OK)
        return 0;
    for (uint32_t first = 0; first < 64; first++) {
        for (links_of it = links_at(l, first); links_next(&it, &name); seen++)
            assert(name.first == first && name.id > first && name.path.len);
    }
    assert(seen <= size / 11);
    return 0;
}
