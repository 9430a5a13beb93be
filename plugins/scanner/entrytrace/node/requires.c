#include "requires.h"

#include "exports.h"
#include "module.h"
#include "package.h"
#include "specifiers.h"

/* Modules that are part of Node (module.builtinModules of Node.js 22). */
static const char builtin[] = "assert async_hooks buffer child_process cluster console constants crypto dgram "
                              "diagnostics_channel dns domain events fs http http2 https "
                              "inspector module net os path perf_hooks process punycode querystring readline repl "
                              "stream string_decoder sys timers tls trace_events tty url "
                              "util v8 vm wasi worker_threads zlib";

typedef struct requires {
    stella_hop *hop;
    stella_sv *files; /* REQUIRES_FILES_MAX: each once, relative to the root */
    uint32_t count;
    specifier *names; /* REQUIRES_NAMES_MAX */
}
requires;

static stella_sv absolute(const requires *r, stella_sv path) {
    return stella_arena_printf(r->hop->view->arena, "/%.*s", STELLA_SV_FMT(path));
}

/* States a file once; a new one is read in its turn. */
static stella_status found(requires *r, stella_sv path, stella_sv via, stella_error *err) {
    for (uint32_t i = 0; i < r->count; i++)
        if (stella_sv_eq(r->files[i], path))
            return STELLA_OK;
    if (r->count == REQUIRES_FILES_MAX)
        return STELLA_OK;
    r->files[r->count] = stella_arena_dup(r->hop->view->arena, path);
    if (!r->files[r->count++].ptr)
        return hop_nomem(err);
    return stella_hop_uses(r->hop, path, STELLA_SV("node-module"), via, err);
}

/* "./x", "../x", "/x", as seen from the directory of the file. */
static stella_status load_path(requires *r, stella_sv directory, stella_sv name, stella_sv via, stella_error *err) {
    stella_file file;
    int is_found = 0;
    const stella_sv path = stella_launch_path(r->hop->view->arena, directory, name);
    const stella_sv full = path.ptr ? absolute(r, path) : path;
    if (!full.ptr)
        return hop_nomem(err);
    const stella_status status = module_at(r->hop, full, &is_found, &file, err);
    return status == STELLA_OK && is_found ? found(r, file.path, via, err) : status;
}

/* A package in that folder: by its "exports" when it has them, else by path. *is_there: whether it is one. */
static stella_status load_package(requires *r, stella_sv folder, stella_sv subpath, const specifier *s, stella_sv via,
                                  int *is_there, stella_error *err) {
    stella_arena *arena = r->hop->view->arena;
    const stella_sv json = stella_arena_printf(arena, "%.*s/package.json", STELLA_SV_FMT(folder));
    stella_file file;
    int has_exports = 0;
    stella_sv target = STELLA_SV("");
    if (!json.ptr)
        return hop_nomem(err);
    *is_there = hop_is_file(r->hop, json, &file);
    if (!*is_there) { /* a folder, or a file, without one */
        const uint32_t before = r->count;
        const stella_status loaded = load_path(r, folder, subpath, via, err);
        *is_there = r->count > before || hop_is_directory(r->hop, folder, &file);
        return loaded;
    }
    stella_status status = found(r, file.path, via, err);
    if (status != STELLA_OK)
        return status;
    status = hop_read(r->hop, json, PACKAGE_BYTES_MAX, &file, err);
    if (status == STELLA_OK)
        status = exports_find(file.bytes, subpath, (int)s->is_import, arena, &has_exports, &target, err);
    if (status != STELLA_OK)
        return status == STELLA_E_PENDING || hop_survives(status) ? STELLA_OK : status;
    if (!has_exports)
        return load_path(r, folder, subpath, via, err);
    return stella_sv_starts(target, STELLA_SV("./")) ? load_path(r, folder, target, via, err) : STELLA_OK;
}

/* The folder of a package within one that holds packages. */
static stella_status try_in(requires *r, stella_sv modules, const specifier *s, stella_sv via, int *is_there,
                            stella_error *err) {
    stella_arena *arena = r->hop->view->arena;
    size_t end = stella_sv_find(s->name, '/');
    if (s->name.ptr[0] == '@' && end < s->name.len)
        end += 1 + stella_sv_find(stella_sv_skip(s->name, end + 1), '/');
    const stella_sv folder =
        stella_arena_printf(arena, "%.*s/%.*s", STELLA_SV_FMT(modules), STELLA_SV_FMT(stella_sv_first(s->name, end)));
    const stella_sv subpath = end < s->name.len
                                  ? stella_arena_printf(arena, ".%.*s", STELLA_SV_FMT(stella_sv_skip(s->name, end)))
                                  : STELLA_SV(".");
    return folder.ptr && subpath.ptr ? load_package(r, folder, subpath, s, via, is_there, err) : hop_nomem(err);
}

/* node_modules of the file's directory and of those above; NODE_PATH; where Debian's node looks at last. */
static stella_status load_named(requires *r, stella_sv directory, const specifier *s, stella_sv via,
                                stella_error *err) {
    stella_arena *arena = r->hop->view->arena;
    stella_sv above = directory, one;
    stella_status status = STELLA_OK;
    int is_there = 0;
    for (;;) {
        const stella_sv modules = stella_arena_printf(arena, "%.*s/node_modules", STELLA_SV_FMT(above));
        if (!modules.ptr)
            return hop_nomem(err);
        status = try_in(r, modules, s, via, &is_there, err);
        if (status != STELLA_OK || is_there || !above.len)
            break;
        above = text_directory(above);
    }
    stella_sv paths = launch_text(r->hop->launch, "NODE_PATH");
    while (status == STELLA_OK && !is_there && stella_sv_split(&paths, ':', &one))
        if (stella_sv_starts(one, STELLA_SV("/")))
            status = try_in(r, one, s, via, &is_there, err);
    stella_sv debian = STELLA_SV("/usr/lib/nodejs /usr/share/nodejs");
    while (status == STELLA_OK && !is_there && text_word(&debian, &one))
        status = try_in(r, one, s, via, &is_there, err);
    return status;
}

static stella_status load(requires *r, const specifier *s, stella_sv via, stella_error *err) {
    const stella_sv directory = absolute(r, text_directory(via));
    const stella_sv first = stella_sv_first(s->name, stella_sv_find(s->name, '/'));
    if (!directory.ptr)
        return hop_nomem(err);
    if (s->name.ptr[0] == '.' || s->name.ptr[0] == '/')
        return load_path(r, directory, s->name, via, err);
    if (s->name.ptr[0] == '#' || stella_sv_find(s->name, ':') < s->name.len || text_list_has(builtin, first))
        return STELLA_OK; /* "#internal" is the package's own; "node:fs", "https://..." are no files */
    return load_named(r, directory.len > 1 ? directory : STELLA_SV(""), s, via, err);
}

static stella_status read_file(requires *r, stella_sv path, stella_error *err) {
    const stella_sv endings[] = {STELLA_SV(".js"), STELLA_SV(".cjs"), STELLA_SV(".mjs")};
    stella_file file = STELLA_FILE_INIT;
    int is_script = stella_sv_find(text_base(path), '.') == text_base(path).len; /* "bin/www" */
    for (size_t i = 0; i < STELLA_COUNT(endings); i++)
        is_script |= stella_sv_ends(path, endings[i]);
    const stella_sv full = absolute(r, path);
    if (!full.ptr)
        return hop_nomem(err);
    if (!is_script || hop_read(r->hop, full, REQUIRES_FILE_BYTES_MAX, &file, NULL) != STELLA_OK)
        return STELLA_OK;
    const uint32_t count = specifiers_read(file.bytes, r->names, REQUIRES_NAMES_MAX);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++)
        status = load(r, &r->names[i], path, err);
    return status;
}

stella_status requires_use(stella_hop *hop, stella_sv main, stella_error *err) {
    stella_arena *arena = hop->view->arena;
    requires r = {.hop = hop,
                  .files = stella_arena_alloc(arena, REQUIRES_FILES_MAX, sizeof *r.files),
                  .names = stella_arena_alloc(arena, REQUIRES_NAMES_MAX, sizeof *r.names)};
    if (!r.files || !r.names)
        return hop_nomem(err);
    r.files[r.count++] = main;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < r.count && status == STELLA_OK; i++)
        status = stella_cancelled(hop->view) ? STELLA_E_CANCELLED : read_file(&r, r.files[i], err);
    return status;
}
