#include "gemspec.h"

#include "literal.h"

#include <stella/cursor.h>

#include <stddef.h>

/* A line that is read: "s.FIELD = VALUE" or "s.FIELD(VALUE)". */
typedef struct statement {
    stella_sv field;
    stella_sv value;
} statement;

static size_t word_length(stella_sv text) {
    size_t len = 0;
    while (len < text.len && ((text.ptr[len] >= 'a' && text.ptr[len] <= 'z') ||
                              (text.ptr[len] >= '0' && text.ptr[len] <= '9') || text.ptr[len] == '_'))
        len++;
    return len;
}

static int split_line(stella_sv line, statement *out) {
    line = stella_sv_trim(line);
    const size_t receiver = word_length(line);
    if (receiver == 0 || receiver == line.len || line.ptr[receiver] != '.')
        return 0;
    line = stella_sv_skip(line, receiver + 1);
    out->field = stella_sv_first(line, word_length(line));
    out->value = stella_sv_trim(stella_sv_skip(line, out->field.len));
    return out->field.len && out->value.len;
}

static stella_status first_text(const statement *s, const gemspec *spec, stella_arena *arena, stella_sv *out,
                                stella_error *err) {
    const literal_values values = {.name = spec->name, .version = spec->version};
    stella_sv rest = s->value, text = {0};
    int found = 0;
    const stella_status status = literal_next(&rest, &values, arena, &text, &found, err);
    if (status == STELLA_OK && found && out->len == 0)
        *out = text;
    return status;
}

static stella_status add_licenses(const statement *s, gemspec *spec, stella_arena *arena, stella_error *err) {
    const literal_values values = {.name = spec->name, .version = spec->version};
    stella_sv rest = s->value, text = {0};
    stella_status status;
    int found = 0;
    while ((status = literal_next(&rest, &values, arena, &text, &found, err)) == STELLA_OK && found) {
        if (spec->license_count == GEMSPEC_LICENSES_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d licenses", GEMSPEC_LICENSES_MAX);
        spec->licenses[spec->license_count++] = text;
    }
    return status;
}

static stella_status add_dependency(const statement *s, gemspec *spec, stella_arena *arena, stella_error *err) {
    stella_sv name = {0};
    const stella_status status = first_text(s, spec, arena, &name, err);
    if (status != STELLA_OK || name.len == 0)
        return status;
    if (spec->dependency_count == GEMSPEC_DEPENDENCIES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d dependencies", GEMSPEC_DEPENDENCIES_MAX);
    spec->dependencies[spec->dependency_count++] = name;
    return STELLA_OK;
}

static stella_status read_statement(const statement *s, gemspec *spec, stella_arena *arena, stella_error *err) {
    static const struct {
        stella_sv field;
        size_t offset;
    } texts[] = {
        {STELLA_SV_INIT("name"), offsetof(gemspec, name)},
        {STELLA_SV_INIT("version"), offsetof(gemspec, version)},
        {STELLA_SV_INIT("platform"), offsetof(gemspec, platform)},
        {STELLA_SV_INIT("homepage"), offsetof(gemspec, homepage)},
        {STELLA_SV_INIT("summary"), offsetof(gemspec, summary)},
        {STELLA_SV_INIT("author"), offsetof(gemspec, author)},
        {STELLA_SV_INIT("authors"), offsetof(gemspec, author)},
    };
    const int is_assigned = s->value.ptr[0] == '=';
    if (stella_sv_eq(s->field, STELLA_SV("add_dependency")) ||
        stella_sv_eq(s->field, STELLA_SV("add_runtime_dependency")))
        return add_dependency(s, spec, arena, err);
    if (is_assigned && (stella_sv_eq(s->field, STELLA_SV("licenses")) || stella_sv_eq(s->field, STELLA_SV("license"))))
        return add_licenses(s, spec, arena, err);
    for (size_t i = 0; is_assigned && i < sizeof texts / sizeof texts[0]; i++)
        if (stella_sv_eq(s->field, texts[i].field))
            return first_text(s, spec, arena, (stella_sv *)(void *)((char *)spec + texts[i].offset), err);
    return STELLA_OK;
}

stella_status gemspec_read(stella_sv text, stella_arena *arena, gemspec *out, stella_error *err) {
    gemspec *spec = stella_arena_alloc(arena, 1, sizeof *spec);
    if (!spec)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a specification");
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    statement s;
    for (uint32_t number = 1; stella_cursor_line(&c, &line); number++) {
        if (stella_sv_eq(stella_sv_trim(line), STELLA_SV("else")))
            break; /* for a RubyGems that knows one kind of dependency: those of development are among them */
        if (!split_line(line, &s))
            continue;
        const stella_status status = read_statement(&s, spec, arena, err);
        if (status == STELLA_E_FORMAT && !spec->bad_line)
            spec->bad_line = number;
        else if (status != STELLA_OK && status != STELLA_E_FORMAT)
            return status;
        if (spec->name.len && !spec->line)
            spec->line = number;
    }
    *out = *spec;
    return STELLA_OK;
}
