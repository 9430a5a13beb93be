#include "fields.h"

#include <stella/cursor.h>

stella_status fields_encode(uint32_t line, const stella_sv *values, uint32_t count, stella_buf *out) {
    stella_status status = stella_buf_varint(out, line);
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++)
        status = stella_buf_str(out, values[i]);
    return status;
}

static int read_all(stella_sv bytes, uint32_t count, uint32_t *line, stella_sv *values) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    const uint64_t at = stella_cursor_varint(&c);
    for (uint32_t i = 0; i < count; i++) {
        const stella_sv value = stella_cursor_str(&c, stella_cursor_varint(&c));
        if (values)
            values[i] = value;
    }
    if (line)
        *line = (uint32_t)at;
    return c.ok && stella_cursor_left(&c) == 0 && at <= UINT32_MAX;
}

stella_status fields_decode(stella_sv bytes, uint32_t count, uint32_t *line, stella_sv *values, stella_error *err) {
    if (!read_all(bytes, count, NULL, NULL))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a package record is damaged");
    (void)read_all(bytes, count, line, values);
    return STELLA_OK;
}
