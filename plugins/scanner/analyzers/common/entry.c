#include "entry.h"

#include "words.h"

#include <stella/auto.h>
#include <stella/spdx.h>

#include <stdio.h>

int entry_is_name(stella_sv text) {
    return word_is_plain(text) && stella_sv_find(text, '/') == text.len && stella_sv_find(text, '\\') == text.len &&
           !stella_sv_eq(text, STELLA_SV(".")) && !stella_sv_eq(text, STELLA_SV(".."));
}

int entry_is_path(stella_sv text) {
    stella_sv segment;
    while (stella_sv_split(&text, '/', &segment))
        if (!entry_is_name(segment))
            return 0;
    return 1;
}

static void refuse(stella_analysis *job, const stella_file *file, const entry *e, const char *part) {
    char text[96];
    const int len = snprintf(text, sizeof text, "a package without a valid %s (%s) is skipped", part, e->method);
    stella_note(job, STELLA_NOTE_ERROR, file->path, e->line, stella_sv_of(text, (size_t)len));
}

stella_component *entry_add(stella_analysis *job, const stella_file *file, const entry *e) {
    const char *bad = NULL;
    if (!entry_is_name(e->name))
        bad = "name";
    else if (e->namespace_.len && !entry_is_path(e->namespace_))
        bad = "namespace";
    else if (e->version.len && !word_is_plain(e->version))
        bad = "version";
    if (bad) {
        refuse(job, file, e, bad);
        return NULL;
    }
    stella_component *c = stella_component_add(job, e->type, e->name, e->version, e->flags);
    stella_component_set(c, STELLA_FIELD_NAMESPACE, e->namespace_);
    stella_component_evidence(c, file, e->line, stella_sv_cstr(e->method));
    return c;
}

void entry_qualifier(stella_component *c, const char *key, stella_sv value) {
    if (word_is_plain(value))
        stella_component_qualifier(c, stella_sv_cstr(key), value);
}

stella_status entry_license(stella_component *c, stella_sv text, stella_error *err) {
    text = stella_sv_trim(stella_sv_first(text, WORDS_LICENSE_MAX));
    if (text.len == 0)
        return STELLA_OK;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create((uint64_t)8 * WORDS_LICENSE_MAX);
    if (!scratch)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a license");
    const stella_sv expression = stella_spdx_expression(text, scratch);
    stella_component_license(c, expression.ptr ? STELLA_LICENSE_EXPRESSION : STELLA_LICENSE_NAME,
                             expression.ptr ? expression : text);
    return STELLA_OK;
}

void entry_fault(stella_analysis *job, const stella_file *file, const stella_error *why) {
    stella_note(job, STELLA_NOTE_ERROR, file->path, 0, stella_sv_cstr(why->message));
}

stella_status entry_scratch(uint64_t budget_bytes, stella_arena **out, stella_error *err) {
    stella_arena *arena = stella_arena_create(budget_bytes);
    if (!arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read a file");
    *out = arena;
    return STELLA_OK;
}

stella_sv entry_pop(stella_sv *path) {
    const size_t slash = stella_sv_rfind(*path, '/');
    const stella_sv last = slash < path->len ? stella_sv_skip(*path, slash + 1) : *path;
    *path = stella_sv_first(*path, slash < path->len ? slash : 0);
    return last;
}
