#include "locked.h"

#include "lock.h"

#include "common/entry.h"
#include "common/words.h"

/* Lines that were not understood are told of up to here. */
#define NOTES_MAX 20

/* ".../gems/NAME-VERSION/..." beside ".../specifications/NAME-VERSION.gemspec", or ".../bundler/gems/...". */
static stella_status is_within_gem(graph *g, stella_sv path, int *is_within, stella_error *err) {
    *is_within = 0;
    while (path.len) {
        const stella_sv gem = entry_pop(&path);
        stella_sv above = path;
        if (!stella_sv_eq(entry_pop(&above), STELLA_SV("gems")))
            continue;
        const stella_sv spec = stella_arena_printf(g->job->arena, "%.*s/specifications/%.*s.gemspec",
                                                   STELLA_SV_FMT(above), STELLA_SV_FMT(gem));
        stella_file file = STELLA_FILE_INIT;
        if (!spec.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
        if (stella_view_stat(g->job, spec, &file, NULL) == STELLA_OK ||
            stella_sv_eq(entry_pop(&above), STELLA_SV("bundler")))
            *is_within = 1;
    }
    return STELLA_OK;
}

static void qualify(stella_component *c, const lock_item *item, stella_arena *scratch) {
    const stella_sv home = STELLA_SV("https://rubygems.org/");
    if (!stella_sv_eq(item->platform, STELLA_SV("ruby")))
        stella_component_qualifier(c, STELLA_SV("platform"), item->platform);
    if (item->source == LOCK_PATH)
        stella_component_property(c, STELLA_SV("gem:source"), STELLA_SV("path"));
    else if (item->source == LOCK_PLUGIN)
        stella_component_property(c, STELLA_SV("gem:source"), STELLA_SV("plugin"));
    if (!word_is_plain(item->remote))
        return;
    if (item->source == LOCK_GIT && word_is_plain(item->revision))
        stella_component_qualifier(
            c, STELLA_SV("vcs_url"),
            stella_arena_printf(scratch, "git+%.*s@%.*s", STELLA_SV_FMT(item->remote), STELLA_SV_FMT(item->revision)));
    else if (item->source == LOCK_GEM && !stella_sv_eq(item->remote, home))
        stella_component_qualifier(c, STELLA_SV("repository_url"), item->remote);
}

/* The names below DEPENDENCIES, which comes last in the file. */
static stella_status find_direct(stella_sv text, providers *out, stella_error *err) {
    stella_status status = STELLA_OK;
    lock_item item;
    for (lock_reader r = lock_open(text); status == STELLA_OK && lock_next(&r, &item);)
        if (item.kind == LOCK_DIRECT)
            status = providers_add(out, (provider){.name = item.name}, err);
    providers_sort(out);
    return status;
}

static stella_status add_spec(graph *g, const stella_file *file, const lock_item *item, const providers *direct,
                              stella_component **out, stella_error *err) {
    uint32_t count;
    const entry e = {.type = STELLA_SV("gem"),
                     .name = item->name,
                     .version = item->version,
                     .line = item->line,
                     .flags = STELLA_COMPONENT_DECLARED,
                     .method = "lockfile"};
    *out = entry_add(g->job, file, &e);
    if (!*out)
        return STELLA_OK;
    qualify(*out, item, direct->arena);
    if (providers_find(direct, item->name, &count))
        stella_component_property(*out, STELLA_SV("gem:direct"), STELLA_SV("true"));
    return graph_name(g, file->path, item->name, *out, err);
}

stella_status locked_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    int is_within;
    stella_status status = is_within_gem(g, file->path, &is_within, err);
    stella_component *gem = NULL;
    providers direct = {.arena = scratch};
    lock_item item;
    uint32_t notes = 0;
    if (status != STELLA_OK || is_within)
        return status;
    status = find_direct(file->bytes, &direct, err);
    for (lock_reader r = lock_open(file->bytes); status == STELLA_OK && lock_next(&r, &item);) {
        if (item.kind == LOCK_SPEC)
            status = add_spec(g, file, &item, &direct, &gem, err);
        else if (item.kind == LOCK_NEEDS && gem)
            status = graph_needs(g, gem, file->path, item.name, 0, err);
        else if (item.kind == LOCK_BAD && notes++ < NOTES_MAX)
            stella_note(g->job, STELLA_NOTE_ERROR, file->path, item.line,
                        STELLA_SV("a line that is none of a lock file was ignored"));
    }
    return status;
}
