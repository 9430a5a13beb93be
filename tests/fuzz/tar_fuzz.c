/* A tar archive of any bytes: entries stand in order, bodies lie within the archive, paths stay inside the root. */
#include "path.h"
#include "tar.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = input_of_memory(stella_sv_of((const char *)data, size));
    tar *t = tar_create(&in);
    tar_entry entry;
    uint64_t last = 0;
    int more = 1;
    while (t && tar_next(t, &entry, &more, NULL) == STELLA_OK && more) {
        char buf[256];
        stella_sv path, chunk;
        uint64_t seen = 0;
        assert(entry.offset >= last && entry.offset <= size && entry.kind);
        last = entry.offset;
        if (path_clean(entry.name, buf, sizeof buf, &path, NULL) == PATH_OK)
            assert(path.len && path.len <= sizeof buf && path.ptr[0] != '/' && !stella_sv_eq(path, STELLA_SV("..")));
        if (entry.offset % 3 == 0)
            continue; /* left unread */
        while (tar_body(t, &chunk, NULL) == STELLA_OK && chunk.len)
            seen += chunk.len;
        assert(seen <= entry.body_size && seen <= size);
    }
    tar_destroy(t);
    return 0;
}
