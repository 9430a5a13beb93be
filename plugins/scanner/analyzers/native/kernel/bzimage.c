/* The setup header of x86 (boot.rst): what it says of itself, without unpacking anything. */
#include "image.h"

#include <stella/cursor.h>

#define BZ_FLAG_AT     0x1fe /* 0xaa55 */
#define BZ_HEADER_AT   0x202
#define BZ_VERSION_AT  0x206
#define BZ_TEXT_AT     0x20e /* where the text of the version is, less 0x200; 0: nowhere */
#define BZ_XLOAD_AT    0x236 /* since 2.12: bit 0 of a kernel of 64 bits */
#define BZ_HEADER_SIZE 0x238u

static uint32_t u16_at(stella_sv bytes, uint64_t offset) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    stella_cursor_seek(&c, offset);
    return stella_cursor_u16le(&c);
}

static int is_bz(stella_sv bytes) {
    return u16_at(bytes, BZ_FLAG_AT) == 0xaa55 && bytes.len >= BZ_VERSION_AT &&
           stella_sv_starts(stella_sv_skip(bytes, BZ_HEADER_AT), STELLA_SV("HdrS"));
}

/* The part of the text that is printable ASCII. */
static stella_sv printable(stella_sv text) {
    size_t len = 0;
    while (len < text.len && text.ptr[len] >= ' ' && text.ptr[len] <= '~')
        len++;
    return stella_sv_first(text, len);
}

int image_bz_header(stella_sv bytes, image *out, uint32_t *wanted) {
    if (!is_bz(bytes))
        return 0;
    const uint32_t version = u16_at(bytes, BZ_VERSION_AT), text_at = u16_at(bytes, BZ_TEXT_AT);
    const int has_text = version >= 0x200 && text_at != 0;
    const int is_64 = version >= 0x20c && (u16_at(bytes, BZ_XLOAD_AT) & 1);
    *wanted = has_text ? 0x200 + text_at + IMAGE_BANNER_MAX : BZ_HEADER_SIZE;
    stella_sv banner = {0};
    if (has_text)
        banner = printable(stella_sv_first(stella_sv_skip(bytes, 0x200 + text_at), IMAGE_BANNER_MAX));
    *out = (image){.release = stella_sv_first(banner, stella_sv_find(banner, ' ')),
                   .banner = stella_sv_trim(banner),
                   .format = "bzImage",
                   .architecture = is_64 ? "x86_64" : "i686"};
    return 1;
}
