/* Headers and banners of kernels: what is found lies in the bytes, is printable and begins with the release. */
#include "plugins/scanner/analyzers/native/kernel/image.h"

#include <assert.h>

static void check_text(stella_sv bytes, stella_sv text) {
    assert(text.len <= IMAGE_BANNER_MAX);
    assert(text.len == 0 || (text.ptr >= bytes.ptr && text.ptr + text.len <= bytes.ptr + bytes.len));
    for (size_t i = 0; i < text.len; i++)
        assert(text.ptr[i] >= ' ' && text.ptr[i] <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    image found;
    uint32_t wanted;
    int is_cut;
    const stella_sv banner = image_find_banner(bytes, &is_cut);
    check_text(bytes, banner);
    assert(banner.len == 0 || (banner.ptr[0] >= '0' && banner.ptr[0] <= '9'));
    if (image_bz_header(bytes, &found, &wanted)) {
        check_text(bytes, found.banner);
        assert(wanted >= 0x238 && wanted <= 0x20000 && found.release.len <= found.banner.len);
    }
    return 0;
}
