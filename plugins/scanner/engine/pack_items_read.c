/* Items of a segment: contents, records, notes. evidence.c writes what is read here. */
#include "pack_reader.h"

/* Takes the items and the table of contents apart; empty views when the segment is damaged. */
static void parts(const pack *p, uint32_t segment, stella_sv *items, stella_sv *table) {
    const pack_segment *s = &p->segments[segment];
    stella_cursor c = stella_cursor_of(p->bytes.ptr + s->offset, s->size);
    *items = *table = stella_sv_of(NULL, 0);
    if (s->size < PACK_ITEMS_FOOTER)
        return;
    stella_cursor_seek(&c, s->size - PACK_ITEMS_FOOTER);
    const uint64_t size = stella_cursor_u64le(&c);
    const uint64_t contents = stella_cursor_u64le(&c);
    if (contents > s->size / PACK_CONTENT_ENTRY || size > s->size - PACK_ITEMS_FOOTER ||
        contents * PACK_CONTENT_ENTRY != s->size - PACK_ITEMS_FOOTER - size)
        return;
    stella_cursor_seek(&c, 0);
    *items = stella_cursor_str(&c, size);
    *table = stella_cursor_str(&c, contents * PACK_CONTENT_ENTRY);
}

pack_items pack_items_of(const pack *p, uint32_t segment) {
    stella_sv items = {0}, table;
    if (segment < p->segment_count && p->segments[segment].plugin.len)
        parts(p, segment, &items, &table);
    return (pack_items){.cursor = stella_cursor_of(items.ptr, items.len), .rows = p->rows};
}

static stella_sv text(stella_cursor *c) {
    return stella_cursor_str(c, stella_cursor_varint(c));
}

int pack_items_next(pack_items *it, pack_item *out) {
    stella_cursor *c = &it->cursor;
    if (stella_cursor_left(c) == 0)
        return 0;
    pack_item item = {.what = stella_cursor_u8(c), .row = stella_cursor_u32le(c)};
    switch (item.what) {
    case PACK_CONTENT:
        item.interests = text(c);
        item.bytes = text(c);
        break;
    case PACK_RECORD:
        item.interests = text(c);
        item.kind = text(c);
        item.key = text(c);
        item.bytes = text(c);
        break;
    case PACK_NOTE:
        item.code = stella_cursor_u8(c);
        item.severity = stella_cursor_u8(c);
        item.line = stella_cursor_u32le(c);
        item.message = text(c);
        item.path = text(c);
        break;
    default:
        c->ok = 0;
    }
    if (item.row >= it->rows && (item.row != PACK_NO_ROW || item.what != PACK_NOTE))
        c->ok = 0;
    if (c->ok)
        *out = item;
    return c->ok;
}

static int content_of_row(stella_sv items, stella_sv table, uint32_t wanted, stella_sv *bytes) {
    size_t low = 0, high = table.len / PACK_CONTENT_ENTRY;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const unsigned char *at = (const unsigned char *)table.ptr + middle * PACK_CONTENT_ENTRY;
        if (load32(at) == wanted) {
            stella_cursor c = stella_cursor_of(items.ptr, items.len);
            stella_cursor_seek(&c, load64(at + 8));
            const stella_sv found = stella_cursor_str(&c, load64(at + 16));
            if (c.ok)
                *bytes = found;
            return c.ok;
        }
        if (load32(at) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

int pack_content(const pack *p, uint32_t segment, uint32_t row, stella_sv *bytes) {
    stella_sv items, table;
    pack_row facts;
    if (row >= p->rows || segment >= p->segment_count || p->segments[segment].plugin.len == 0)
        return 0;
    parts(p, segment, &items, &table);
    pack_row_at(p, row, &facts);
    return content_of_row(items, table, row, bytes) ||
           (facts.link != PACK_NO_ROW && content_of_row(items, table, facts.link, bytes));
}
