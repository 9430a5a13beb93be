#include "lock.h"

#include "term.h"

#include "common/entry.h"
#include "common/words.h"

/* A package of a lock file. */
typedef struct locked {
    stella_sv key;  /* its name as an application */
    stella_sv name; /* at Hex, where it may be another */
    stella_sv version, repo;
    stella_sv url, revision; /* of git */
    uint32_t line;
} locked;

static stella_sv text_at(const stella_json *tuple, uint32_t index) {
    return stella_json_str(stella_json_at(tuple, index));
}

/* "deps/NAME/mix.lock", and anything that was built. */
static int is_of_dependency(stella_sv path) {
    for (int i = 0; path.len; i++) {
        const stella_sv segment = entry_pop(&path);
        if ((i == 2 && stella_sv_eq(segment, STELLA_SV("deps"))) || stella_sv_eq(segment, STELLA_SV("_build")))
            return 1;
    }
    return 0;
}

static stella_status remember_hex(beam *b, const locked *l, stella_error *err) {
    const stella_sv key =
        stella_arena_printf(b->base.job->arena, "%.*s\n%.*s", STELLA_SV_FMT(l->key), STELLA_SV_FMT(l->version));
    if (!key.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a package");
    return providers_add(&b->hex, (provider){.name = key}, err);
}

/* What is not from Hex has no version here but its revision. "hexpm:acme" is an organisation's repository. */
static stella_status add_locked(beam *b, const stella_file *file, const locked *l, stella_arena *scratch,
                                stella_component **out, stella_error *err) {
    const int is_hex = l->url.len == 0;
    const stella_sv home = STELLA_SV("hexpm"), organisation = STELLA_SV("hexpm:");
    const int has_owner = is_hex && stella_sv_starts(l->repo, organisation);
    const entry e = {.type = is_hex ? STELLA_SV("hex") : STELLA_SV("otp"),
                     .namespace_ = has_owner ? stella_sv_skip(l->repo, organisation.len) : stella_sv_of(NULL, 0),
                     .name = is_hex ? l->name : l->key,
                     .version = is_hex ? l->version : l->revision,
                     .line = l->line,
                     .flags = STELLA_COMPONENT_DECLARED,
                     .method = "lockfile"};
    stella_component *c = entry_add(b->base.job, file, &e);
    *out = c;
    if (!c)
        return STELLA_OK;
    if (is_hex && l->repo.len && !has_owner && !stella_sv_eq(l->repo, home))
        stella_component_property(c, STELLA_SV("hex:repository"), l->repo);
    if (!is_hex && word_is_plain(l->url))
        stella_component_qualifier(
            c, STELLA_SV("vcs_url"),
            stella_arena_printf(scratch, "git+%.*s@%.*s", STELLA_SV_FMT(l->url), STELLA_SV_FMT(l->revision)));
    const stella_status status = graph_name(&b->base, file->path, l->key, c, err);
    return status == STELLA_OK && is_hex ? remember_hex(b, l, err) : status;
}

/* ---- mix.lock ------------------------------------------------------------------------------------------------------
 */

/* {:hex, :name, "1.0", "inner", [:mix], [deps], "hexpm", "outer"} and {:git, "url", "revision", [opts]} */
static int read_mix_entry(const stella_json *pair, locked *out) {
    const stella_json *tuple = stella_json_at(pair, 1);
    const stella_sv kind = text_at(tuple, 0);
    *out = (locked){.key = text_at(pair, 0), .line = pair->line};
    if (stella_sv_eq(kind, STELLA_SV("hex"))) {
        out->name = text_at(tuple, 1);
        out->version = text_at(tuple, 2);
        out->repo = text_at(tuple, 6);
    } else if (stella_sv_eq(kind, STELLA_SV("git"))) {
        out->url = text_at(tuple, 1);
        out->revision = text_at(tuple, 2);
    }
    return out->key.len && (out->version.len || (out->url.len && out->revision.len));
}

/* {:decimal, "~> 1.0", [hex: :decimal, repo: "hexpm", optional: true]} */
static stella_status add_mix_needs(beam *b, stella_component *c, const stella_file *file, const stella_json *needs,
                                   stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && stella_json_at(needs, i); i++) {
        const stella_json *need = stella_json_at(needs, i);
        const stella_sv optional = stella_json_str(term_get(stella_json_at(need, 2), STELLA_SV("optional")));
        if (text_at(need, 0).len)
            status = graph_needs(&b->base, c, file->path, text_at(need, 0),
                                 stella_sv_eq(optional, STELLA_SV("true")) ? STELLA_RELATION_OPTIONAL : 0, err);
    }
    return status;
}

static void note_entry(graph *g, const stella_file *file, uint32_t line) {
    stella_note(g->job, STELLA_NOTE_ERROR, file->path, line,
                STELLA_SV("an entry of the lock file that is no package was skipped"));
}

stella_status lock_read_mix(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *terms;
    if (is_of_dependency(file->path))
        return STELLA_OK;
    stella_status status = walk_tree(file, term_parse_elixir, scratch, &terms, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *map = stella_json_at(terms, 0);
    if (!stella_json_is(map, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no map of packages");
    for (uint32_t i = 0; status == STELLA_OK && i < map->count; i++) {
        const stella_json *pair = stella_json_at(map, i);
        stella_component *c = NULL;
        locked l;
        if (!read_mix_entry(pair, &l))
            note_entry(g, file, pair->line);
        else
            status = add_locked((beam *)g, file, &l, scratch, &c, err);
        if (status == STELLA_OK && c)
            status = add_mix_needs((beam *)g, c, file, stella_json_at(stella_json_at(pair, 1), 5), err);
    }
    return status;
}

/* ---- rebar.lock ----------------------------------------------------------------------------------------------------
 */

/* {<<"name">>,{pkg,<<"name at Hex">>,<<"1.0">>},0} and {<<"name">>,{git,"url",{ref,"revision"}},0} */
static int read_rebar_entry(const stella_json *tuple, locked *out) {
    const stella_json *source = stella_json_at(tuple, 1);
    const stella_sv kind = text_at(source, 0);
    *out = (locked){.key = text_at(tuple, 0), .line = tuple->line};
    if (stella_sv_eq(kind, STELLA_SV("pkg"))) {
        out->name = text_at(source, 1);
        out->version = text_at(source, 2);
    } else if (stella_sv_eq(kind, STELLA_SV("git")) || stella_sv_eq(kind, STELLA_SV("git_subdir"))) {
        out->url = text_at(source, 1);
        out->revision = text_at(stella_json_at(source, 2), 1);
    }
    return out->key.len && (out->version.len || (out->url.len && out->revision.len));
}

stella_status lock_read_rebar(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *terms;
    if (is_of_dependency(file->path))
        return STELLA_OK;
    stella_status status = walk_tree(file, term_parse_erlang, scratch, &terms, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *list = stella_json_at(terms, 0);
    if (text_at(list, 0).len) /* {"1.2.0",[...]}: the format's version before the list */
        list = stella_json_at(list, 1);
    if (!stella_json_is(list, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no list of packages");
    for (uint32_t i = 0; status == STELLA_OK && i < list->count; i++) {
        stella_component *c;
        locked l;
        if (!read_rebar_entry(stella_json_at(list, i), &l))
            note_entry(g, file, stella_json_at(list, i)->line);
        else
            status = add_locked((beam *)g, file, &l, scratch, &c, err);
    }
    return status;
}
