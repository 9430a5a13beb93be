#include "header_write.h"

#include "tags.h"

void header_writer_init(header_writer *w, uint64_t max) {
    *w = (header_writer){.index = stella_buf_of((size_t)HEADER_WRITE_ENTRIES_MAX * HEADER_ENTRY_BYTES),
                         .data = stella_buf_of((size_t)max)};
}

void header_writer_fini(header_writer *w) {
    stella_buf_fini(&w->index);
    stella_buf_fini(&w->data);
}

static void add(header_writer *w, stella_buf *buf, stella_sv bytes) {
    const stella_status status = stella_buf_add(buf, bytes);
    w->status = w->status ? w->status : status;
}

static void add_u32be(header_writer *w, stella_buf *buf, uint32_t value) {
    const char bytes[4] = {(char)(value >> 24), (char)(value >> 16), (char)(value >> 8), (char)value};
    add(w, buf, stella_sv_of(bytes, sizeof bytes));
}

static void add_entry(header_writer *w, uint32_t tag, uint32_t type, uint32_t count) {
    add_u32be(w, &w->index, tag);
    add_u32be(w, &w->index, type);
    add_u32be(w, &w->index, (uint32_t)w->data.len);
    add_u32be(w, &w->index, count);
    w->count++;
}

void header_writer_value(header_writer *w, uint32_t tag, const header_value *value) {
    add_entry(w, tag, value->type, value->count);
    add(w, &w->data, value->bytes);
}

void header_writer_text(header_writer *w, uint32_t tag, stella_sv text) {
    if (text.len == 0)
        return;
    add_entry(w, tag, TYPE_STRING, 1);
    add(w, &w->data, text);
    add(w, &w->data, stella_sv_of("", 1));
}

void header_writer_number(header_writer *w, uint32_t tag, uint32_t number) {
    add_entry(w, tag, TYPE_INT32, 1);
    add_u32be(w, &w->data, number);
}

stella_status header_writer_finish(header_writer *w, stella_buf *out) {
    add_u32be(w, out, w->count);
    add_u32be(w, out, (uint32_t)w->data.len);
    add(w, out, stella_buf_sv(&w->index));
    add(w, out, stella_buf_sv(&w->data));
    return w->status;
}
