/* The end of central directory record (APPNOTE 4.3.16), its zip64 kin (4.3.14) and the locator between them (4.3.15). */
#include "directory.h"

#include <stella/cursor.h>

#define END_SIGNATURE       0x06054b50u
#define END64_SIGNATURE     0x06064b50u
#define LOCATOR_SIGNATURE   0x07064b50u
#define DIRECTORY_SIGNATURE 0x02014b50u
#define END_BYTES           22
#define END64_BYTES         56
#define LOCATOR_BYTES       20
#define COMMENT_MAX         65535
/* Bytes behind the archive that are looked through, beside a comment's: signatures, padding. */
#define TRAILER_MAX 65536

static uint32_t signature_at(stella_sv bytes, uint64_t at) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    stella_cursor_seek(&c, at);
    return stella_cursor_u32le(&c);
}

/* The zip64 end record that belongs to the end record at `at`. Its offset does not count bytes before the archive: then
 * it is the one right before the locator. Returns 0 when there is none. */
static int find_end64(stella_sv bytes, uint64_t at, uint64_t *out) {
    if (at < LOCATOR_BYTES + END64_BYTES || signature_at(bytes, at - LOCATOR_BYTES) != LOCATOR_SIGNATURE)
        return 0;
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    stella_cursor_seek(&c, at - LOCATOR_BYTES + 8);
    const uint64_t named = stella_cursor_u64le(&c), before = at - LOCATOR_BYTES - END64_BYTES;
    if (signature_at(bytes, named) == END64_SIGNATURE && named <= before)
        *out = named;
    else if (signature_at(bytes, before) == END64_SIGNATURE)
        *out = before;
    else
        return 0;
    return 1;
}

/* The directory ends where the end record begins: what is missing at the front was put before the archive. */
static int place(stella_sv bytes, uint64_t end_at, uint64_t offset, zip_end *end) {
    if (end->size > end_at || offset > end_at - end->size)
        return 0;
    end->at = end_at - end->size;
    end->base = end->at - offset;
    return end->size == 0 || signature_at(bytes, end->at) == DIRECTORY_SIGNATURE;
}

static int read_end64(stella_sv bytes, uint64_t at, zip_end *end, uint32_t *volumes) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    stella_cursor_seek(&c, at + 16);
    *volumes = stella_cursor_u32le(&c);
    *volumes |= stella_cursor_u32le(&c);
    stella_cursor_skip(&c, 8);
    end->count = stella_cursor_u64le(&c);
    end->mask = UINT64_MAX;
    end->size = stella_cursor_u64le(&c);
    const uint64_t offset = stella_cursor_u64le(&c);
    return c.ok && place(bytes, at, offset, end);
}

/* Whether an end record at `at` fits the file. */
static int read_end(stella_sv bytes, uint64_t at, zip_end *end, uint32_t *volumes) {
    uint64_t at64;
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    stella_cursor_seek(&c, at + 4);
    *volumes = stella_cursor_u16le(&c);
    *volumes |= stella_cursor_u16le(&c);
    stella_cursor_skip(&c, 2);
    end->count = stella_cursor_u16le(&c);
    end->mask = UINT16_MAX;
    end->size = stella_cursor_u32le(&c);
    const uint64_t offset = stella_cursor_u32le(&c);
    stella_cursor_skip(&c, stella_cursor_u16le(&c));
    if (!c.ok || (end->size == 0 && stella_cursor_left(&c))) /* nothing vouches for it, not even its place */
        return 0;
    /* Some archivers write both records in full: the small one holds when its directory is where it says. */
    const int is_64 = end->count == UINT16_MAX || end->size == UINT32_MAX || offset == UINT32_MAX;
    if (!is_64 && place(bytes, at, offset, end))
        return 1;
    return find_end64(bytes, at, &at64) ? read_end64(bytes, at64, end, volumes) : place(bytes, at, offset, end);
}

stella_status zip_end_find(stella_sv bytes, zip_end *out, stella_error *err) {
    const size_t looked = END_BYTES + COMMENT_MAX + TRAILER_MAX;
    const size_t first = bytes.len > looked ? bytes.len - looked : 0;
    zip_end end = {0};
    uint32_t volumes = 0;
    for (size_t at = bytes.len >= END_BYTES ? bytes.len - END_BYTES + 1 : 0; at-- > first;) {
        if (bytes.ptr[at] != 'P' || signature_at(bytes, at) != END_SIGNATURE || !read_end(bytes, at, &end, &volumes))
            continue;
        if (volumes)
            return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "one volume of a zip archive that has several");
        *out = end;
        return STELLA_OK;
    }
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "no zip archive, or cut off: its central directory is missing");
}
