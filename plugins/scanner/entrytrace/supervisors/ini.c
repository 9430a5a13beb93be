#include "ini.h"

#include "entrytrace/common/text.h"

typedef struct reading {
    stella_arena *arena;
    ini_setting *settings;
    uint32_t count, room;
    stella_sv section;
    int32_t is_open; /* the last setting may go on */
} reading;

static stella_sv without_comment(stella_sv value) {
    for (size_t i = 1; i < value.len; i++)
        if (value.ptr[i] == ';' && text_is_blank(value.ptr[i - 1]))
            return stella_sv_trim(stella_sv_first(value, i));
    return stella_sv_trim(value);
}

static stella_status nomem(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a configuration file");
}

static stella_status add_setting(reading *r, stella_sv line, uint32_t number, stella_error *err) {
    const size_t end = text_span(line, "=:");
    r->is_open = end < line.len;
    if (!r->is_open)
        return STELLA_OK;
    if (r->count == INI_SETTINGS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d settings", INI_SETTINGS_MAX);
    if (r->count == r->room) {
        r->room = r->room ? 2 * r->room : 64;
        ini_setting *more = stella_arena_alloc(r->arena, r->room, sizeof *more);
        if (!more)
            return nomem(err);
        if (r->count)
            memcpy(more, r->settings, r->count * sizeof *more);
        r->settings = more;
    }
    r->settings[r->count++] = (ini_setting){.section = r->section,
                                            .key = stella_sv_trim(stella_sv_first(line, end)),
                                            .value = without_comment(stella_sv_skip(line, end + 1)),
                                            .line = number};
    return STELLA_OK;
}

static stella_status go_on(reading *r, stella_sv line, stella_error *err) {
    const stella_sv more = without_comment(line);
    if (!r->is_open || !more.len)
        return STELLA_OK;
    stella_sv *value = &r->settings[r->count - 1].value;
    *value =
        stella_arena_printf(r->arena, "%.*s%s%.*s", STELLA_SV_FMT(*value), value->len ? " " : "", STELLA_SV_FMT(more));
    return value->ptr ? STELLA_OK : nomem(err);
}

static stella_status take_line(reading *r, stella_sv line, uint32_t number, stella_error *err) {
    const stella_sv trimmed = stella_sv_trim(line);
    if (!trimmed.len || line.ptr[0] == ';' || line.ptr[0] == '#')
        return STELLA_OK;
    if (text_is_blank(line.ptr[0]))
        return trimmed.ptr[0] == ';' || trimmed.ptr[0] == '#' ? STELLA_OK : go_on(r, trimmed, err);
    if (trimmed.ptr[0] != '[')
        return add_setting(r, trimmed, number, err);
    const size_t end = stella_sv_find(trimmed, ']');
    r->is_open = 0;
    if (end < trimmed.len)
        r->section = stella_sv_of(trimmed.ptr + 1, end - 1);
    return STELLA_OK;
}

stella_status ini_parse(stella_sv text, stella_arena *arena, ini *out, stella_error *err) {
    reading r = {.arena = arena};
    stella_sv rest = text, line;
    for (uint32_t number = 1; stella_sv_split(&rest, '\n', &line); number++) {
        const stella_status status = take_line(&r, line, number, err);
        if (status != STELLA_OK)
            return status;
    }
    *out = (ini){.settings = r.settings, .count = r.count};
    return STELLA_OK;
}

stella_sv ini_get(const ini *file, stella_sv section, const char *key) {
    for (uint32_t i = file->count; i > 0; i--) {
        const ini_setting *one = &file->settings[i - 1];
        if (stella_sv_eq(one->section, section) && stella_sv_eq(one->key, stella_sv_cstr(key)))
            return one->value;
    }
    return STELLA_SV("");
}
