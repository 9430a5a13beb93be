/* Waiting items become a segment: ids become rows, and what a later entry of the layer replaced is left out. */
#include "evidence_store.h"

#include <stella/auto.h>

#include <stdio.h>
#include <stdlib.h>

#define ITEM_HEAD 5u /* what u8, row u32 */

typedef struct content {
    uint32_t row;
    uint64_t offset, size;
} content;

typedef struct output {
    const index_builder *index;
    pack_writer *w;
    uint64_t written;
    content *contents;
    uint32_t content_count, content_room;
} output;

static stella_status remember(output *o, uint32_t row, stella_sv rest, stella_error *err) {
    if (o->content_count == o->content_room) {
        const uint32_t room = o->content_room ? o->content_room * 2 : 256;
        content *contents = realloc(o->contents, room * sizeof *contents);
        if (!contents)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for evidence");
        o->contents = contents;
        o->content_room = room;
    }
    stella_cursor c = stella_cursor_of(rest.ptr, rest.len);
    stella_cursor_str(&c, stella_cursor_varint(&c)); /* the interests */
    const uint64_t size = stella_cursor_varint(&c);
    o->contents[o->content_count++] =
        (content){.row = row, .offset = o->written + ITEM_HEAD + stella_cursor_offset(&c), .size = size};
    return STELLA_OK;
}

static stella_status write_item(output *o, stella_sv item, stella_error *err) {
    const unsigned char *at = (const unsigned char *)item.ptr;
    const uint32_t file = load32(at + 1);
    const uint32_t row = index_row(o->index, file); /* none for EVIDENCE_NO_FILE, which no entry is */
    if (row == PACK_NO_ROW && at[0] != PACK_NOTE)
        return STELLA_OK;
    unsigned char head[ITEM_HEAD] = {at[0]};
    store32(head + 1, row);
    const stella_sv rest = stella_sv_skip(item, ITEM_HEAD);
    stella_status status = at[0] == PACK_CONTENT ? remember(o, row, rest, err) : STELLA_OK;
    if (status == STELLA_OK)
        status = pack_writer_add(o->w, stella_sv_of((const char *)head, sizeof head), err);
    if (status == STELLA_OK)
        status = pack_writer_add(o->w, rest, err);
    o->written += item.len;
    return status;
}

static stella_status write_items(output *o, stella_sv items, stella_error *err) {
    stella_status status = STELLA_OK;
    while (items.len && status == STELLA_OK) {
        const uint64_t size = load64((const unsigned char *)items.ptr);
        status = write_item(o, stella_sv_of(items.ptr + 8, size), err);
        items = stella_sv_skip(items, 8 + size);
    }
    return status;
}

static stella_status write_extent(output *o, const scratch *spill, evidence_extent extent, stella_error *err) {
    STELLA_AUTO(stella_freep) char *bytes = malloc(extent.size);
    if (!bytes)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for evidence");
    const stella_status status = scratch_read(spill, extent.offset, bytes, extent.size, err);
    return status == STELLA_OK ? write_items(o, stella_sv_of(bytes, extent.size), err) : status;
}

static int by_row(const void *a, const void *b) {
    const content *left = a, *right = b;
    if (left->row != right->row)
        return left->row < right->row ? -1 : 1;
    return (left->offset > right->offset) - (left->offset < right->offset);
}

static stella_status write_table(output *o, stella_error *err) {
    unsigned char bytes[PACK_CONTENT_ENTRY] = {0};
    stella_status status = STELLA_OK;
    if (o->content_count)
        qsort(o->contents, o->content_count, sizeof *o->contents, by_row);
    for (uint32_t i = 0; i < o->content_count && status == STELLA_OK; i++) {
        store32(bytes, o->contents[i].row);
        store64(bytes + 8, o->contents[i].offset);
        store64(bytes + 16, o->contents[i].size);
        status = pack_writer_add(o->w, stella_sv_of((const char *)bytes, sizeof bytes), err);
    }
    unsigned char footer[PACK_ITEMS_FOOTER];
    store64(footer, o->written);
    store64(footer + 8, o->content_count);
    return status == STELLA_OK ? pack_writer_add(o->w, stella_sv_of((const char *)footer, sizeof footer), err) : status;
}

static stella_status write_all(evidence *e, output *o, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < e->extent_count && status == STELLA_OK; i++)
        status = write_extent(o, e->spill, e->extents[i], err);
    if (status == STELLA_OK)
        status = write_items(o, stella_buf_sv(&e->buf), err);
    return status == STELLA_OK ? write_table(o, err) : status;
}

/* More notes than are kept are not silence. */
static void say_how_many(evidence *e) {
    const uint64_t more = e->notes > NOTES_MAX ? e->notes - NOTES_MAX + e->notes_lost : e->notes_lost;
    char text[64];
    if (more == 0)
        return;
    const int len = snprintf(text, sizeof text, "%llu further notes are left out", (unsigned long long)more);
    e->notes = 0;
    evidence_note(e, EVIDENCE_NO_FILE, STELLA_E_LIMIT, STELLA_NOTE_ERROR, 0, stella_sv_of(text, (size_t)len),
                  STELLA_SV(""));
}

stella_status evidence_write(evidence *e, const index_builder *index, pack_writer *w, stella_sv plugin,
                             stella_sv digest, pack_segment *out, stella_error *err) {
    output o = {.index = index, .w = w};
    say_how_many(e);
    stella_status status = pack_writer_begin(w, plugin, digest, err);
    if (status == STELLA_OK)
        status = write_all(e, &o, err);
    if (status == STELLA_OK)
        status = pack_writer_end(w, out, err);
    free(o.contents);
    return status;
}
