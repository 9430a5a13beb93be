#include "sqlite.h"

#include <stella/cursor.h>

#define VARINT_BYTES_MAX 9

size_t sqlite_varint(stella_sv bytes, uint64_t *out) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.len && i < VARINT_BYTES_MAX; i++) {
        const unsigned char byte = (unsigned char)bytes.ptr[i];
        if (i + 1 == VARINT_BYTES_MAX) {
            *out = value << 8 | byte;
            return VARINT_BYTES_MAX;
        }
        value = value << 7 | (byte & 0x7f);
        if (!(byte & 0x80)) {
            *out = value;
            return i + 1;
        }
    }
    return 0;
}

/* Bytes of a value of that serial type; types 10 and 11 are reserved. */
static int serial_bytes(uint64_t type, uint64_t *out) {
    static const unsigned char fixed[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
    if (type == 10 || type == 11)
        return 0;
    *out = type < sizeof fixed ? fixed[type] : (type - 12) / 2;
    return 1;
}

/* Big-endian two's complement of 1 to 8 bytes. */
static int64_t read_integer(stella_sv bytes) {
    uint64_t value = bytes.len && (unsigned char)bytes.ptr[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes.len; i++)
        value = value << 8 | (unsigned char)bytes.ptr[i];
    return (int64_t)value;
}

static sqlite_value value_of(uint64_t type, stella_sv bytes) {
    if (type == 0)
        return (sqlite_value){.kind = SQLITE_NULL};
    if (type == 7)
        return (sqlite_value){.kind = SQLITE_REAL};
    if (type == 8 || type == 9)
        return (sqlite_value){.kind = SQLITE_INTEGER, .integer = type == 9};
    if (type < 7)
        return (sqlite_value){.kind = SQLITE_INTEGER, .integer = read_integer(bytes)};
    return (sqlite_value){.kind = type & 1 ? SQLITE_TEXT : SQLITE_BLOB, .bytes = bytes};
}

int sqlite_column(const sqlite_row *row, uint32_t position, sqlite_value *out) {
    uint64_t header_bytes, type, bytes;
    const size_t first = sqlite_varint(row->record, &header_bytes);
    if (first == 0 || header_bytes < first || header_bytes > row->record.len)
        return 0;
    stella_sv types = stella_sv_skip(stella_sv_first(row->record, header_bytes), first);
    stella_cursor values = stella_cursor_of(row->record.ptr, row->record.len);
    stella_cursor_skip(&values, header_bytes);
    for (uint32_t i = 0; types.len; i++) {
        const size_t len = sqlite_varint(types, &type);
        if (len == 0 || !serial_bytes(type, &bytes))
            return 0;
        const stella_sv value = stella_cursor_str(&values, bytes);
        if (!values.ok)
            return 0;
        if (i == position) {
            *out = value_of(type, value);
            return 1;
        }
        types = stella_sv_skip(types, len);
    }
    *out = (sqlite_value){.kind = SQLITE_NULL};
    return 1;
}
