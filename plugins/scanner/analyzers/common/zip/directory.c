/* The central directory (APPNOTE 4.3.12). */
#include "directory.h"

#include <stella/cursor.h>

#include <stdlib.h>

#define DIRECTORY_SIGNATURE 0x02014b50u
#define EXTRA_ZIP64         1

#define FLAG_ENCRYPTED 0x0001u
#define FLAG_STRONG    0x0040u
#define FLAG_UTF8      0x0800u

static int take64(stella_cursor *c, uint64_t *value) {
    if (!value || *value != UINT32_MAX)
        return 1;
    const uint64_t wide = stella_cursor_u64le(c);
    if (c->ok)
        *value = wide;
    return c->ok;
}

int zip_extra64(stella_sv extra, uint64_t *size, uint64_t *compressed, uint64_t *offset) {
    stella_cursor c = stella_cursor_of(extra.ptr, extra.len);
    while (stella_cursor_left(&c) >= 4) {
        const uint16_t id = stella_cursor_u16le(&c);
        const stella_sv field = stella_cursor_str(&c, stella_cursor_u16le(&c));
        if (!c.ok || id != EXTRA_ZIP64)
            continue;
        stella_cursor f = stella_cursor_of(field.ptr, field.len);
        return take64(&f, size) && take64(&f, compressed) && take64(&f, offset);
    }
    /* Without such a field 0xffffffff is the value itself, of a member of exactly that size; no offset can be. */
    return !offset || *offset != UINT32_MAX;
}

int zip_record_take(stella_sv *directory, uint64_t base, zip_entry *out) {
    stella_cursor c = stella_cursor_of(directory->ptr, directory->len);
    zip_entry entry = {0};
    if (stella_cursor_u32le(&c) != DIRECTORY_SIGNATURE)
        return 0;
    stella_cursor_skip(&c, 4);
    const uint32_t flags = stella_cursor_u16le(&c);
    entry.method = stella_cursor_u16le(&c);
    stella_cursor_skip(&c, 4);
    entry.crc = stella_cursor_u32le(&c);
    entry.compressed = stella_cursor_u32le(&c);
    entry.size = stella_cursor_u32le(&c);
    const uint16_t name = stella_cursor_u16le(&c), extra = stella_cursor_u16le(&c), comment = stella_cursor_u16le(&c);
    stella_cursor_skip(&c, 8);
    uint64_t offset = stella_cursor_u32le(&c);
    entry.name = stella_cursor_str(&c, name);
    const stella_sv extras = stella_cursor_str(&c, extra);
    stella_cursor_skip(&c, comment);
    if (!c.ok || !zip_extra64(extras, &entry.size, &entry.compressed, &offset) || offset > UINT64_MAX - base)
        return 0;
    entry.header = offset + base;
    entry.is_directory = stella_sv_ends(entry.name, STELLA_SV("/"));
    entry.is_encrypted = (flags & (FLAG_ENCRYPTED | FLAG_STRONG)) != 0;
    entry.is_utf8 = (flags & FLAG_UTF8) != 0;
    *directory = stella_sv_skip(*directory, stella_cursor_offset(&c));
    *out = entry;
    return 1;
}

/* How many records there are; the archive says it too, and both must agree. */
static stella_status count_entries(const zip_end *end, stella_sv directory, uint32_t *out, stella_error *err) {
    zip_entry entry;
    uint32_t count = 0;
    for (; directory.len; count++) {
        if (count == ZIP_ENTRIES_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d entries", ZIP_ENTRIES_MAX);
        if (!zip_record_take(&directory, end->base, &entry))
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "entry %u of the central directory is malformed",
                                    count + 1);
    }
    if ((count & end->mask) != end->count)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the central directory has %u entries, not those it claims",
                                count);
    *out = count;
    return STELLA_OK;
}

static int compare(const void *x, const void *y) {
    const zip_span *a = x, *b = y;
    return (a->start > b->start) - (a->start < b->start);
}

/* Where each entry lies: before the directory, and none upon another. */
static stella_status place_entries(zip *archive, uint64_t limit, stella_error *err) {
    stella_sv left = archive->directory;
    zip_entry entry;
    int is_sorted = 1;
    for (uint32_t i = 0; i < archive->entry_count && zip_record_take(&left, archive->base, &entry); i++) {
        const uint64_t fixed = ZIP_LOCAL_BYTES + entry.name.len;
        if (entry.header > limit || fixed > limit - entry.header || entry.compressed > limit - entry.header - fixed)
            return stella_error_at(err, STELLA_E_FORMAT, entry.name, "an entry lies beyond the entries' end");
        archive->spans[i] = (zip_span){.start = entry.header, .end = entry.header + fixed + entry.compressed};
        is_sorted = is_sorted && (i == 0 || archive->spans[i - 1].start <= entry.header);
    }
    if (!is_sorted)
        qsort(archive->spans, archive->entry_count, sizeof *archive->spans, compare);
    for (uint32_t i = 1; i < archive->entry_count; i++)
        if (archive->spans[i - 1].end > archive->spans[i].start)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "entries lie upon each other, at byte %llu",
                                    (unsigned long long)archive->spans[i].start);
    return STELLA_OK;
}

stella_status zip_open(stella_sv bytes, stella_arena *arena, uint64_t *room, zip *out, stella_error *err) {
    zip_end end;
    stella_status status = zip_end_find(bytes, &end, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv directory = stella_sv_first(stella_sv_skip(bytes, end.at), end.size);
    zip archive = {.bytes = bytes, .directory = directory, .left = directory, .base = end.base, .room = room};
    status = count_entries(&end, directory, &archive.entry_count, err);
    if (status != STELLA_OK)
        return status;
    archive.spans = stella_arena_alloc(arena, archive.entry_count, sizeof *archive.spans);
    if (!archive.spans)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u entries", archive.entry_count);
    status = place_entries(&archive, end.at, err);
    if (status == STELLA_OK)
        *out = archive;
    return status;
}

int zip_next(zip *archive, zip_entry *out) {
    return archive->left.len && zip_record_take(&archive->left, archive->base, out);
}

void zip_rewind(zip *archive) {
    archive->left = archive->directory;
}
