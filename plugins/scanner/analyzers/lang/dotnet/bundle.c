#include "bundle.h"

#include <isa-l/igzip_lib.h>
#include <string.h>

#define MARK_BYTES 32
#define RATIO_MAX  1032 /* RFC 1951: no byte makes more */

/* SHA-256 of ".net core bundle\n"; the place of the header stands before it. Split in two, or a scanner of this plugin
 * would find it here. */
static const unsigned char mark_head[] = {0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38,
                                          0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32};
static const unsigned char mark_tail[] = {0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18,
                                          0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae};

static stella_status none(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "not a single-file application");
}

static stella_status damaged(stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the bundle of the single-file application is damaged");
}

/* The place that stands before the mark; 0: there is none, or the program has no bundle. */
static uint64_t find_mark(stella_sv data) {
    for (stella_sv rest = stella_sv_skip(data, 8); rest.len >= MARK_BYTES;) {
        const char *at = memmem(rest.ptr, rest.len, mark_head, sizeof mark_head);
        if (!at)
            return 0;
        rest = stella_sv_skip(rest, (size_t)(at - rest.ptr));
        if (rest.len >= MARK_BYTES && memcmp(rest.ptr + sizeof mark_head, mark_tail, sizeof mark_tail) == 0) {
            stella_cursor c = stella_cursor_of(at - 8, 8);
            return stella_cursor_u64le(&c);
        }
        rest = stella_sv_skip(rest, 1);
    }
    return 0;
}

/* Bytes with their length before them, seven bits of it in each byte. */
static stella_sv take_text(stella_cursor *c) {
    const uint64_t len = stella_cursor_varint(c);
    if (len > BUNDLE_PATH_MAX)
        c->ok = 0;
    return stella_cursor_str(c, len);
}

static stella_status open_at(stella_sv bytes, uint64_t place, bundle *out, stella_error *err) {
    bundle b = {.bytes = bytes, .list = stella_cursor_of(bytes.ptr, bytes.len)};
    stella_cursor_seek(&b.list, place);
    b.major = stella_cursor_u32le(&b.list);
    stella_cursor_skip(&b.list, 4); /* minor version */
    b.left = b.file_count = stella_cursor_u32le(&b.list);
    (void)take_text(&b.list); /* id */
    if (b.major >= 2)
        stella_cursor_skip(&b.list, 40); /* places of two files, which the list names too, and flags */
    if (!b.list.ok || b.major == 0 || b.major > 64)
        return damaged(err);
    if (b.file_count > BUNDLE_FILES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a bundle of more than %d files", BUNDLE_FILES_MAX);
    *out = b;
    return STELLA_OK;
}

stella_status bundle_find(stella_sv data, stella_sv bytes, bundle *out, stella_error *err) {
    const uint64_t place = find_mark(data);
    return place ? open_at(bytes, place, out, err) : none(err);
}

stella_status bundle_open(const binary *b, stella_sv bytes, bundle *out, stella_error *err) {
    binary_segment segment;
    stella_status status = STELLA_E_NOTFOUND;
    for (binary_segments it = binary_segments_of(b);
         status == STELLA_E_NOTFOUND && binary_segments_next(&it, &segment);)
        if (segment.is_writable)
            status = bundle_find(segment.bytes, bytes, out, err);
    return status == STELLA_E_NOTFOUND ? none(err) : status;
}

stella_status bundle_next(bundle *from, bundle_file *out, stella_error *err) {
    bundle_file file = {0};
    if (from->left == 0) {
        *out = file;
        return STELLA_OK;
    }
    const uint64_t offset = stella_cursor_u64le(&from->list);
    file.size = stella_cursor_u64le(&from->list);
    const uint64_t deflated = from->major >= 6 ? stella_cursor_u64le(&from->list) : 0;
    (void)stella_cursor_u8(&from->list); /* type: its numbers have changed their meaning, so names tell */
    file.path = take_text(&from->list);
    file.is_deflated = deflated != 0;
    stella_cursor data = stella_cursor_of(from->bytes.ptr, from->bytes.len);
    stella_cursor_seek(&data, offset);
    file.data = stella_cursor_str(&data, file.is_deflated ? deflated : file.size);
    if (!from->list.ok || !data.ok || file.path.len == 0)
        return damaged(err);
    from->left--;
    *out = file;
    return STELLA_OK;
}

static stella_status inflate(const bundle_file *file, struct inflate_state *state, char *buffer, stella_sv *out,
                             stella_error *err) {
    isal_inflate_init(state);
    state->next_in = (uint8_t *)(uintptr_t)file->data.ptr;
    state->avail_in = (uint32_t)file->data.len;
    state->next_out = (uint8_t *)buffer;
    state->avail_out = (uint32_t)file->size;
    if (isal_inflate_stateless(state) != ISAL_DECOMP_OK || state->avail_out)
        return damaged(err);
    *out = stella_sv_of(buffer, file->size);
    return STELLA_OK;
}

stella_status bundle_read(const bundle_file *file, stella_arena *arena, uint64_t *room, stella_sv *out,
                          stella_error *err) {
    if (!file->is_deflated) {
        *out = file->data;
        return STELLA_OK;
    }
    if (file->size > *room || file->data.len > INT32_MAX || file->size > INT32_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a bundle of more files than may be inflated");
    if (file->size / RATIO_MAX > file->data.len)
        return damaged(err);
    *room -= file->size;
    struct inflate_state *state = stella_arena_alloc(arena, 1, sizeof *state);
    char *buffer = stella_arena_alloc(arena, file->size, 1);
    if (!state || !buffer)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to inflate a file of a bundle");
    return inflate(file, state, buffer, out, err);
}
