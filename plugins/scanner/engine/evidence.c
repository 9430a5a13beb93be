#include "evidence.h"

#include "evidence_store.h"

#include <stdlib.h>

evidence *evidence_create(scratch *spill) {
    evidence *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->spill = spill;
    e->buf = stella_buf_of(EVIDENCE_BYTES_MAX);
    return e;
}

void evidence_destroy(evidence *e) {
    if (!e)
        return;
    stella_buf_fini(&e->buf);
    free(e->extents);
    free(e);
}

stella_status evidence_settle(evidence *e, stella_error *err) {
    if (e->buf.len < EVIDENCE_SPILL)
        return STELLA_OK;
    if (e->extent_count == e->extent_room) {
        const uint32_t room = e->extent_room ? e->extent_room * 2 : 8;
        evidence_extent *extents = realloc(e->extents, room * sizeof *extents);
        if (!extents)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for evidence");
        e->extents = extents;
        e->extent_room = room;
    }
    evidence_extent extent = {.size = e->buf.len};
    const stella_status status = scratch_add(e->spill, stella_buf_sv(&e->buf), &extent.offset, err);
    if (status != STELLA_OK)
        return status;
    e->extents[e->extent_count++] = extent;
    e->spilled += extent.size;
    stella_buf_fini(&e->buf);
    return STELLA_OK;
}

/* An item begins: its kind and file. Its size is put in by end_item. */
static size_t begin_item(evidence *e, uint32_t what, uint32_t file) {
    const size_t at = e->buf.len;
    stella_buf_u64le(&e->buf, 0);
    stella_buf_u8(&e->buf, (uint8_t)what);
    stella_buf_u32le(&e->buf, file);
    return at;
}

static stella_status end_item(evidence *e, size_t at, stella_error *err) {
    if (e->buf.failed || e->spilled + e->buf.len > EVIDENCE_BYTES_MAX) {
        const int is_full = e->spilled + e->buf.len > EVIDENCE_BYTES_MAX || e->buf.len == e->buf.max;
        e->buf.failed = 0;
        e->buf.len = at;
        return is_full ? stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u MiB of evidence of one layer",
                                          (unsigned)(EVIDENCE_BYTES_MAX >> 20))
                       : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for evidence");
    }
    store64((unsigned char *)e->buf.ptr + at, e->buf.len - at - 8);
    e->items++;
    return STELLA_OK;
}

stella_status evidence_content(evidence *e, uint32_t file, stella_sv interests, stella_sv bytes, stella_error *err) {
    const size_t at = begin_item(e, PACK_CONTENT, file);
    stella_buf_str(&e->buf, interests);
    stella_buf_str(&e->buf, bytes);
    return end_item(e, at, err);
}

stella_status evidence_record(evidence *e, uint32_t file, stella_sv interests, const stella_record *record,
                              stella_error *err) {
    if (record->kind.len > RECORD_KIND_MAX || record->key.len > RECORD_KEY_MAX || record->bytes.len > RECORD_BYTES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL,
                                "a record of kind %zu, key %zu, %zu bytes; at most %u, %u, %u", record->kind.len,
                                record->key.len, record->bytes.len, RECORD_KIND_MAX, RECORD_KEY_MAX, RECORD_BYTES_MAX);
    if (e->items >= RECORDS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u records of one layer", RECORDS_MAX);
    const size_t at = begin_item(e, PACK_RECORD, file);
    stella_buf_str(&e->buf, interests);
    stella_buf_str(&e->buf, record->kind);
    stella_buf_str(&e->buf, record->key);
    stella_buf_str(&e->buf, record->bytes);
    return end_item(e, at, err);
}

void evidence_note(evidence *e, uint32_t file, uint32_t code, uint32_t severity, uint32_t line, stella_sv message,
                   stella_sv path) {
    if (++e->notes > NOTES_MAX)
        return;
    const size_t at = begin_item(e, PACK_NOTE, file);
    stella_buf_u8(&e->buf, (uint8_t)code);
    stella_buf_u8(&e->buf, (uint8_t)severity);
    stella_buf_u32le(&e->buf, line);
    stella_buf_str(&e->buf, stella_sv_first(message, NOTE_BYTES_MAX));
    stella_buf_str(&e->buf, stella_sv_first(path, NOTE_BYTES_MAX));
    if (end_item(e, at, NULL) != STELLA_OK)
        e->notes_lost++;
}

evidence_mark evidence_here(const evidence *e) {
    return (evidence_mark){.items = e->items, .bytes = e->spilled + e->buf.len};
}

void evidence_back(evidence *e, evidence_mark mark) {
    if (mark.bytes < e->spilled)
        return; /* cannot be: see evidence_settle */
    e->buf.len = (size_t)(mark.bytes - e->spilled);
    e->items = mark.items;
}
