/* An entry's own header (APPNOTE 4.3.7) and its content. */
#include "directory.h"

#include <stella/auto.h>
#include <stella/cursor.h>

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <stdlib.h>

#define LOCAL_SIGNATURE 0x04034b50u
#define FLAG_ENCRYPTED  0x0001u
#define FLAG_DESCRIPTOR 0x0008u
#define CONTENT_MAX     ((uint64_t)1 << 31) /* what the inflater counts in 32 bits */

static stella_status refuse(const zip_entry *entry, stella_status code, const char *why, stella_error *err) {
    return stella_error_at(err, code, entry->name, "%s", why);
}

/* Where the next entry begins, or the directory when this is the last one. */
static uint64_t end_of(const zip *archive, const zip_entry *entry) {
    uint32_t low = 0, high = archive->entry_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (archive->spans[middle].start <= entry->header)
            low = middle + 1;
        else
            high = middle;
    }
    return low < archive->entry_count ? archive->spans[low].start
                                      : (uint64_t)(archive->directory.ptr - archive->bytes.ptr);
}

/* The sizes and the checksum of the header are the directory's, unless a descriptor behind the data was to have them. */
static int agree(stella_cursor *c, const zip_entry *entry, stella_sv extra) {
    const uint32_t crc = stella_cursor_u32le(c);
    uint64_t compressed = stella_cursor_u32le(c), size = stella_cursor_u32le(c);
    return zip_extra64(extra, &size, &compressed, NULL) && crc == entry->crc && compressed == entry->compressed &&
           size == entry->size;
}

/* The bytes of an entry as the archive holds them, once its own header has said the same as the directory. */
static stella_status find_data(const zip *archive, const zip_entry *entry, stella_sv *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(archive->bytes.ptr, end_of(archive, entry));
    stella_cursor_seek(&c, entry->header);
    if (stella_cursor_u32le(&c) != LOCAL_SIGNATURE)
        return refuse(entry, STELLA_E_FORMAT, "the entry has no header of its own", err);
    stella_cursor_skip(&c, 2);
    const uint32_t flags = stella_cursor_u16le(&c), method = stella_cursor_u16le(&c);
    stella_cursor_skip(&c, 4);
    stella_cursor sizes = c;
    stella_cursor_skip(&c, 12);
    const uint16_t name_len = stella_cursor_u16le(&c), extra_len = stella_cursor_u16le(&c);
    const stella_sv name = stella_cursor_str(&c, name_len), extra = stella_cursor_str(&c, extra_len);
    const stella_sv data = stella_cursor_str(&c, entry->compressed);
    if (!c.ok)
        return refuse(entry, STELLA_E_FORMAT, "the entry runs into the next one", err);
    if (!stella_sv_eq(name, entry->name) || method != entry->method || (flags & FLAG_ENCRYPTED) ||
        !((flags & FLAG_DESCRIPTOR) || agree(&sizes, entry, extra)))
        return refuse(entry, STELLA_E_FORMAT, "the entry's own header contradicts the central directory", err);
    *out = data;
    return STELLA_OK;
}

/* What can be known before the content is looked at. */
static stella_status check(const zip *archive, const zip_entry *entry, uint64_t max, stella_error *err) {
    if (entry->is_encrypted)
        return refuse(entry, STELLA_E_UNSUPPORTED, "the entry is encrypted", err);
    if (entry->method != ZIP_STORED && entry->method != ZIP_DEFLATED)
        return stella_error_at(err, STELLA_E_UNSUPPORTED, entry->name, "the entry is compressed by method %u",
                               entry->method);
    if (entry->size > max || entry->size > CONTENT_MAX || entry->compressed > CONTENT_MAX)
        return refuse(entry, STELLA_E_LIMIT, "the entry is larger than its limit", err);
    if (entry->method == ZIP_STORED && entry->size != entry->compressed)
        return refuse(entry, STELLA_E_FORMAT, "a stored entry has two sizes", err);
    if (entry->method == ZIP_STORED)
        return STELLA_OK;
    if (entry->size > entry->compressed * ZIP_RATIO_MAX)
        return refuse(entry, STELLA_E_FORMAT, "the entry claims more bytes than deflate can make of it", err);
    if (entry->size > *archive->room)
        return refuse(entry, STELLA_E_LIMIT, "archives within this file inflate to more than the limit", err);
    return STELLA_OK;
}

static stella_status check_sum(const zip_entry *entry, stella_sv content, stella_error *err) {
    if (crc32_gzip_refl(0, (const unsigned char *)content.ptr, content.len) != entry->crc)
        return refuse(entry, STELLA_E_FORMAT, "the entry has another checksum", err);
    return STELLA_OK;
}

static stella_status inflate(const zip_entry *entry, stella_sv data, void *buffer, stella_sv *out, stella_error *err) {
    STELLA_AUTO(stella_freep) struct inflate_state *state = malloc(sizeof *state);
    if (!state)
        return refuse(entry, STELLA_E_NOMEM, "no memory to inflate the entry", err);
    isal_inflate_init(state);
    state->next_in = (uint8_t *)(uintptr_t)data.ptr;
    state->avail_in = (uint32_t)data.len;
    state->next_out = buffer;
    state->avail_out = (uint32_t)entry->size;
    const int result = isal_inflate_stateless(state);
    if (result == ISAL_OUT_OVERFLOW || (result == ISAL_DECOMP_OK && state->avail_out))
        return refuse(entry, STELLA_E_FORMAT, "the entry has another size than it claims", err);
    if (result != ISAL_DECOMP_OK)
        return refuse(entry, STELLA_E_FORMAT, "the entry's data is damaged", err);
    const stella_sv content = stella_sv_of(buffer, entry->size);
    const stella_status status = check_sum(entry, content, err);
    if (status == STELLA_OK)
        *out = content;
    return status;
}

stella_status zip_read_into(const zip *archive, const zip_entry *entry, void *buffer, stella_sv *out,
                            stella_error *err) {
    stella_sv data;
    stella_status status = check(archive, entry, CONTENT_MAX, err);
    if (status == STELLA_OK)
        status = find_data(archive, entry, &data, err);
    if (status != STELLA_OK)
        return status;
    if (entry->method == ZIP_DEFLATED) {
        *archive->room -= entry->size;
        return inflate(entry, data, buffer, out, err);
    }
    status = check_sum(entry, data, err);
    if (status == STELLA_OK)
        *out = data;
    return status;
}

stella_status zip_read(const zip *archive, const zip_entry *entry, stella_arena *arena, uint64_t max, stella_sv *out,
                       stella_error *err) {
    void *buffer = NULL;
    const stella_status status = check(archive, entry, max, err);
    if (status != STELLA_OK)
        return status;
    if (entry->method == ZIP_DEFLATED && !(buffer = stella_arena_alloc(arena, 1, entry->size)))
        return refuse(entry, STELLA_E_NOMEM, "no memory for the entry", err);
    return zip_read_into(archive, entry, buffer, out, err);
}
