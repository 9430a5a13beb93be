/* What decodes encodes to the same bytes again, up to a shorter spelling of a length. */
#include <stella/auto.h>
#include <stella/distro.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stella_distro distro, again;
    if (stella_distro_decode(stella_sv_of((const char *)data, size), &distro, NULL) != STELLA_OK)
        return 0;
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(16u << 10);
    assert(stella_distro_encode(&distro, &buf) == STELLA_OK && buf.len <= size);
    assert(stella_distro_decode(stella_buf_sv(&buf), &again, NULL) == STELLA_OK);
    assert(stella_sv_eq(distro.id, again.id) && stella_sv_eq(distro.name, again.name));
    return 0;
}
