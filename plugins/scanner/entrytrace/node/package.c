#include "package.h"

typedef struct reading {
    stella_json_reader reader;
    stella_arena *arena;
    package package;
    package_script *scripts;
    stella_sv *needs;
} reading;

static stella_status nomem(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a package.json");
}

static stella_status broken(const reading *r, stella_error *err) {
    const stella_status code = r->reader.error.code ? r->reader.error.code : STELLA_E_FORMAT;
    return stella_error_set(err, code, NULL, "line %u: no JSON object", r->reader.line);
}

/* The text that follows a key; another value is stepped over, and *out left alone. */
static stella_status read_text(reading *r, stella_sv *out, stella_error *err) {
    const uint32_t kind = stella_json_next(&r->reader);
    if (kind == STELLA_JSON_STRING) {
        *out = stella_arena_dup(r->arena, r->reader.text);
        return out->ptr || !r->reader.text.len ? STELLA_OK : nomem(err);
    }
    const int is_nested = kind == STELLA_JSON_OBJECT || kind == STELLA_JSON_ARRAY;
    if (kind == STELLA_JSON_ERROR || (is_nested && !stella_json_skip(&r->reader)))
        return broken(r, err);
    return STELLA_OK;
}

static stella_status read_script(reading *r, stella_error *err) {
    const stella_sv name = stella_arena_dup(r->arena, r->reader.text);
    const package_script *old = package_find(&r->package, name);
    if (!name.ptr && r->reader.text.len)
        return nomem(err);
    package_script *slot = old ? &r->scripts[old - r->scripts] : &r->scripts[r->package.script_count];
    if (!old && r->package.script_count == PACKAGE_SCRIPTS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d scripts", PACKAGE_SCRIPTS_MAX);
    stella_sv line = stella_sv_of(NULL, 0);
    const stella_status status = read_text(r, &line, err);
    if (status != STELLA_OK || !line.ptr)
        return status;
    *slot = (package_script){.name = name, .line = line, .at = r->reader.line};
    r->package.script_count += old ? 0 : 1;
    return STELLA_OK;
}

static stella_status read_scripts(reading *r, stella_error *err) {
    const uint32_t kind = stella_json_next(&r->reader);
    if (kind != STELLA_JSON_OBJECT) {
        if (kind == STELLA_JSON_ERROR || (kind == STELLA_JSON_ARRAY && !stella_json_skip(&r->reader)))
            return broken(r, err);
        return STELLA_OK;
    }
    while (stella_json_next(&r->reader) == STELLA_JSON_KEY) {
        const stella_status status = read_script(r, err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

/* Of a name that is no package's nothing can be looked up. */
static int is_package_name(stella_sv name) {
    return name.len && name.ptr[0] != '.' && name.ptr[0] != '/' && stella_sv_find(name, '\0') == name.len;
}

static stella_status read_needs(reading *r, stella_error *err) {
    const uint32_t kind = stella_json_next(&r->reader);
    if (kind != STELLA_JSON_OBJECT) {
        if (kind == STELLA_JSON_ERROR || (kind == STELLA_JSON_ARRAY && !stella_json_skip(&r->reader)))
            return broken(r, err);
        return STELLA_OK;
    }
    uint32_t next = 0;
    while ((next = stella_json_next(&r->reader)) == STELLA_JSON_KEY) {
        if (r->package.need_count == PACKAGE_NEEDS_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d dependencies", PACKAGE_NEEDS_MAX);
        const stella_sv name = stella_arena_dup(r->arena, r->reader.text);
        if (!name.ptr)
            return nomem(err);
        if (is_package_name(name))
            r->needs[r->package.need_count++] = name;
        if (!stella_json_skip(&r->reader))
            return broken(r, err);
    }
    return next == STELLA_JSON_OBJECT_END ? STELLA_OK : broken(r, err);
}

static stella_status read_member(reading *r, stella_error *err) {
    const stella_sv key = r->reader.text;
    if (stella_sv_eq(key, STELLA_SV("scripts")))
        return read_scripts(r, err);
    if (stella_sv_eq(key, STELLA_SV("dependencies")) || stella_sv_eq(key, STELLA_SV("optionalDependencies")))
        return read_needs(r, err);
    if (stella_sv_eq(key, STELLA_SV("name")))
        return read_text(r, &r->package.name, err);
    if (stella_sv_eq(key, STELLA_SV("version")))
        return read_text(r, &r->package.version, err);
    if (stella_sv_eq(key, STELLA_SV("main")))
        return read_text(r, &r->package.main, err);
    return stella_json_skip(&r->reader) ? STELLA_OK : broken(r, err);
}

static stella_status read_all(reading *r, stella_error *err) {
    if (stella_json_next(&r->reader) != STELLA_JSON_OBJECT)
        return broken(r, err);
    uint32_t kind = 0;
    while ((kind = stella_json_next(&r->reader)) == STELLA_JSON_KEY) {
        const stella_status status = read_member(r, err);
        if (status != STELLA_OK)
            return status;
    }
    return kind == STELLA_JSON_OBJECT_END ? STELLA_OK : broken(r, err);
}

stella_status package_parse(stella_sv text, stella_arena *arena, package *out, stella_error *err) {
    reading r = {.arena = arena,
                 .scripts = stella_arena_alloc(arena, PACKAGE_SCRIPTS_MAX, sizeof *r.scripts),
                 .needs = stella_arena_alloc(arena, PACKAGE_NEEDS_MAX, sizeof *r.needs)};
    if (!r.scripts || !r.needs)
        return nomem(err);
    r.package.scripts = r.scripts;
    r.package.needs = r.needs;
    const int has_mark = stella_sv_starts(text, STELLA_SV("\xef\xbb\xbf"));
    stella_json_reader_init(&r.reader, has_mark ? stella_sv_skip(text, 3) : text, 0);
    const stella_status status = read_all(&r, err);
    stella_json_reader_fini(&r.reader);
    if (status == STELLA_OK)
        *out = r.package;
    return status;
}

const package_script *package_find(const package *p, stella_sv name) {
    for (uint32_t i = 0; i < p->script_count; i++)
        if (stella_sv_eq(p->scripts[i].name, name))
            return &p->scripts[i];
    return NULL;
}
