#include "log/line.h"

#include <stdio.h>
#include <time.h>

#define VALUE_MAX    1024u /* bytes of one value or message; the rest is cut */
#define TAIL_RESERVE 64u   /* always left for the mark of truncation and the end of the line */

static const char *const level_names[] = {
    [STELLA_LOG_ERROR] = "error", [STELLA_LOG_WARN] = "warn", [STELLA_LOG_INFO] = "info", [STELLA_LOG_DEBUG] = "debug"};

static const char *level_name(int32_t level) {
    return level >= STELLA_LOG_ERROR && level <= STELLA_LOG_DEBUG ? level_names[level] : "debug";
}

/* Adds all of the text or none of it. */
static int put(log_line *line, stella_sv text) {
    if (text.len > line->room - line->len)
        return 0;
    if (text.len)
        memcpy(line->ptr + line->len, text.ptr, text.len);
    line->len += text.len;
    return 1;
}

/* C0, DEL, and C1 (two bytes in UTF-8), which terminals obey too. */
static int is_control(const unsigned char *b, size_t length) {
    return (length == 1 && (b[0] < 0x20 || b[0] == 0x7f)) || (length == 2 && b[0] == 0xc2 && b[1] < 0xa0);
}

/* Adds the text with quotes, backslashes, control characters and invalid bytes escaped, as JSON wants it. */
static int put_escaped(log_line *line, stella_sv text) {
    text = stella_sv_first(text, VALUE_MAX);
    while (text.len) {
        const unsigned char *b = (const unsigned char *)text.ptr;
        const size_t length = stella_sv_utf8(text);
        char escape[8];
        stella_sv piece = stella_sv_first(text, length);
        if (length == 0) {
            piece = STELLA_SV("\\ufffd");
        } else if (is_control(b, length)) {
            snprintf(escape, sizeof escape, "\\u%04x", length == 1 ? b[0] : b[1]);
            piece = stella_sv_cstr(escape);
        } else if (b[0] == '"' || b[0] == '\\') {
            snprintf(escape, sizeof escape, "\\%c", b[0]);
            piece = stella_sv_cstr(escape);
        }
        if (!put(line, piece))
            return 0;
        text = stella_sv_skip(text, length ? length : 1);
    }
    return 1;
}

static int put_quoted(log_line *line, stella_sv text) {
    return put(line, STELLA_SV("\"")) && put_escaped(line, text) && put(line, STELLA_SV("\""));
}

static void put_time(log_line *line, int64_t wall_ms) {
    const time_t seconds = (time_t)(wall_ms / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    char text[48];
    const size_t used = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text + used, sizeof text - used, ".%03dZ", (int)(wall_ms % 1000));
    put(line, stella_sv_cstr(text));
}

static int is_plain(stella_sv value) {
    for (size_t i = 0; i < value.len; i++) {
        const unsigned char c = (unsigned char)value.ptr[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=')
            return 0;
    }
    return value.len > 0;
}

static int put_text_field(log_line *line, stella_sv key, stella_sv value) {
    return put(line, STELLA_SV(" ")) && put_escaped(line, key) && put(line, STELLA_SV("=")) &&
           (is_plain(value) ? put_escaped(line, value) : put_quoted(line, value));
}

static int put_json_field(log_line *line, stella_sv key, stella_sv value) {
    return put(line, STELLA_SV(",")) && put_quoted(line, key) && put(line, STELLA_SV(":")) && put_quoted(line, value);
}

typedef int (*field_writer)(log_line *line, stella_sv key, stella_sv value);

/* Fields in order, each whole or not at all. */
static void put_fields(log_line *line, const log_record *record, field_writer write) {
    const size_t room = line->room;
    line->room -= TAIL_RESERVE;
    size_t whole = line->len;
    int fits = 1;
    for (uint32_t i = 0; fits && i < record->field_count; i++) {
        const stella_log_field *field = (const void *)((const char *)record->fields + (size_t)i * record->field_stride);
        fits = write(line, field->key, field->value);
        if (fits)
            whole = line->len;
    }
    line->len = whole;
    line->room = room;
    if (!fits)
        write(line, STELLA_SV("truncated"), STELLA_SV("true"));
    if (record->dropped) {
        char number[24];
        snprintf(number, sizeof number, "%llu", (unsigned long long)record->dropped);
        write(line, STELLA_SV("dropped"), stella_sv_cstr(number));
    }
}

void log_line_text(log_line *line, const log_record *record) {
    static const char *const shown[] = {[STELLA_LOG_ERROR] = " ERROR ",
                                        [STELLA_LOG_WARN] = " WARN  ",
                                        [STELLA_LOG_INFO] = " INFO  ",
                                        [STELLA_LOG_DEBUG] = " DEBUG "};
    const int is_known = record->level >= STELLA_LOG_ERROR && record->level <= STELLA_LOG_DEBUG;
    put_time(line, record->wall_ms);
    put(line, stella_sv_cstr(shown[is_known ? record->level : STELLA_LOG_DEBUG]));
    put_escaped(line, record->message);
    put_fields(line, record, put_text_field);
    put(line, STELLA_SV("\n"));
}

void log_line_json(log_line *line, const log_record *record) {
    put(line, STELLA_SV("{\"time\":\""));
    put_time(line, record->wall_ms);
    put(line, STELLA_SV("\",\"level\":\""));
    put(line, stella_sv_cstr(level_name(record->level)));
    put(line, STELLA_SV("\",\"message\":\""));
    log_line message = {.ptr = line->ptr, .len = line->len, .room = line->room - TAIL_RESERVE - 16};
    put_escaped(&message, record->message);
    line->len = message.len;
    put(line, STELLA_SV("\""));
    put_fields(line, record, put_json_field);
    put(line, STELLA_SV("}\n"));
}
