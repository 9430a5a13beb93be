#include "app.h"

#include "term.h"

#include "common/entry.h"

/* The folder that a Hex client unpacked: NAME/ebin/NAME.app beside what the client leaves. */
static int is_unpacked_by_hex(graph *g, stella_sv path, stella_arena *scratch) {
    static const char *const marks[] = {"hex_metadata.config", ".hex"};
    (void)entry_pop(&path);
    (void)entry_pop(&path);
    for (uint32_t i = 0; i < STELLA_COUNT(marks); i++) {
        stella_file file = STELLA_FILE_INIT;
        const stella_sv mark = stella_arena_printf(scratch, "%.*s/%s", STELLA_SV_FMT(path), marks[i]);
        if (mark.ptr && stella_view_stat(g->job, mark, &file, NULL) == STELLA_OK)
            return 1;
    }
    return 0;
}

/* The purl specification prefers "hex" for what came from there, and "otp" for the rest. */
static int is_from_hex(beam *b, const stella_file *file, stella_sv name, stella_sv version, stella_arena *scratch) {
    uint32_t count;
    const stella_sv key = stella_arena_printf(scratch, "%.*s\n%.*s", STELLA_SV_FMT(name), STELLA_SV_FMT(version));
    return (key.ptr && providers_find(&b->hex, key, &count)) || is_unpacked_by_hex(&b->base, file->path, scratch);
}

static stella_status add_needs(graph *g, stella_component *c, const stella_json *names, uint32_t flags,
                               stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && stella_json_at(names, i); i++)
        if (stella_json_str(stella_json_at(names, i)).len)
            status = graph_needs(g, c, STELLA_SV(""), stella_json_str(stella_json_at(names, i)), flags, err);
    return status;
}

static stella_status describe(graph *g, stella_component *c, const stella_json *facts, stella_error *err) {
    const stella_json *licenses = term_get(facts, STELLA_SV("licenses"));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, stella_json_str(term_get(facts, STELLA_SV("description"))));
    stella_status status = add_needs(g, c, term_get(facts, STELLA_SV("applications")), 0, err);
    if (status == STELLA_OK)
        status = add_needs(g, c, term_get(facts, STELLA_SV("included_applications")), 0, err);
    if (status == STELLA_OK)
        status = add_needs(g, c, term_get(facts, STELLA_SV("optional_applications")), STELLA_RELATION_OPTIONAL, err);
    for (uint32_t i = 0; status == STELLA_OK && stella_json_at(licenses, i); i++)
        status = entry_license(c, stella_json_str(stella_json_at(licenses, i)), err);
    return status;
}

stella_status app_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *terms;
    stella_status status = walk_tree(file, term_parse_erlang, scratch, &terms, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *application = stella_json_at(terms, 0), *name = stella_json_at(application, 1);
    if (!stella_sv_eq(stella_json_str(stella_json_at(application, 0)), STELLA_SV("application")))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no resource of an application");
    const stella_json *facts = stella_json_at(application, 2);
    const stella_sv version = stella_json_str(term_get(facts, STELLA_SV("vsn")));
    const int is_hex = is_from_hex((beam *)g, file, stella_json_str(name), version, scratch);
    const entry e = {.type = is_hex ? STELLA_SV("hex") : STELLA_SV("otp"),
                     .name = stella_json_str(name),
                     .version = version,
                     .line = name ? name->line : 0,
                     .method = "metadata"};
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    status = graph_name(g, STELLA_SV(""), e.name, c, err);
    return status == STELLA_OK ? describe(g, c, facts, err) : status;
}
