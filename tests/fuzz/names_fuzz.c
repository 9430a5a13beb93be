/* Entries that the listing's reader takes are names of one component, and the writer makes the same bytes of them. */
#include <stella/auto.h>
#include <stella/names.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_buf_fini) stella_buf again = stella_buf_of(size);
    stella_cursor listing = stella_cursor_of(data, size);
    stella_names_dir dir;
    if (!stella_names_begin(&listing, &dir))
        return 0;
    assert(stella_names_start(&again, &dir) == STELLA_OK);
    for (stella_name_entry e; stella_names_next(&listing, &e);) {
        assert(e.name.len && stella_sv_find(e.name, '/') == e.name.len);
        assert(stella_names_add(&again, &e) == STELLA_OK);
    }
    if (listing.ok)
        assert(again.len == size && (size == 0 || memcmp(again.ptr, data, size) == 0));
    return 0;
}
