#include "imports.h"

/* ---- statements ---------------------------------------------------------------------------------------------------- */

typedef struct reader {
    import_name *out;
    uint32_t count, room;
} reader;

static void add(reader *r, import_name name) {
    const int is_module = name.module.len ? search_is_module(name.module) : name.dots > 0;
    if (is_module && r->count < r->room)
        r->out[r->count++] = name;
}

static stella_sv first_word(stella_sv text) {
    text = stella_sv_trim(text);
    return stella_sv_first(text, text_span(text, " \t\r;#(\\"));
}

/* "a.b as c, d" */
static void read_import(reader *r, stella_sv rest) {
    stella_sv one;
    while (stella_sv_split(&rest, ',', &one))
        add(r, (import_name){.module = first_word(one)});
}

/* ".a.b import (c as d, e": of members in parentheses those on the same line. */
static void read_from(reader *r, stella_sv rest) {
    rest = stella_sv_trim(rest);
    import_name name = {.dots = 0};
    while (name.dots < rest.len && rest.ptr[name.dots] == '.')
        name.dots++;
    rest = stella_sv_trim(stella_sv_skip(rest, name.dots));
    const size_t end = text_span(rest, " \t");
    name.module =
        stella_sv_eq(stella_sv_first(rest, end), STELLA_SV("import")) ? STELLA_SV("") : stella_sv_first(rest, end);
    stella_sv members = stella_sv_trim(name.module.len ? stella_sv_skip(rest, end) : rest), one;
    if (!stella_sv_starts(members, STELLA_SV("import")))
        return;
    members = stella_sv_trim(stella_sv_skip(members, 6));
    if (stella_sv_starts(members, STELLA_SV("(")))
        members = stella_sv_skip(members, 1);
    add(r, name);
    while (stella_sv_split(&members, ',', &one)) {
        name.member = first_word(one);
        if (text_is_name(name.member))
            add(r, name);
    }
}

/* Whether a text in three quotes is open at the end of the line that was so at its beginning. */
static int is_open_after(stella_sv line, int is_open) {
    for (size_t i = 0; i + 2 < line.len; i++)
        if ((line.ptr[i] == '"' || line.ptr[i] == '\'') && line.ptr[i + 1] == line.ptr[i] &&
            line.ptr[i + 2] == line.ptr[i]) {
            is_open = !is_open;
            i += 2;
        }
    return is_open;
}

static int takes(stella_sv *line, stella_sv word) {
    const int is_it = stella_sv_starts(*line, word) && line->len > word.len && text_is_blank(line->ptr[word.len]);
    if (is_it)
        *line = stella_sv_skip(*line, word.len + 1);
    return is_it;
}

uint32_t imports_read(stella_sv text, import_name *out, uint32_t room) {
    reader r = {.out = out, .room = room};
    stella_sv line;
    for (int is_quoted = 0; stella_sv_split(&text, '\n', &line);) {
        const int was_quoted = is_quoted;
        is_quoted = is_open_after(line, is_quoted);
        line = stella_sv_trim(line);
        if (was_quoted)
            continue;
        if (takes(&line, STELLA_SV("import")))
            read_import(&r, line);
        else if (takes(&line, STELLA_SV("from")))
            read_from(&r, line);
    }
    return r.count;
}

/* ---- files ---------------------------------------------------------------------------------------------------------- */

typedef struct walk {
    const search *search;
    stella_sv *files; /* IMPORTS_FILES_MAX: each once */
    uint32_t count;
    import_name *names; /* IMPORTS_NAMES_MAX */
    int is_pending, is_deep;
    stella_sv *ahead; /* directories whose files were wished for, each once; as many as files */
    uint32_t ahead_count;
} walk;

static stella_status found(walk *w, stella_sv path, stella_sv via, stella_error *err) {
    for (uint32_t i = 0; i < w->count; i++)
        if (stella_sv_eq(w->files[i], path))
            return STELLA_OK;
    if (w->count == IMPORTS_FILES_MAX)
        return STELLA_OK;
    w->files[w->count] = stella_arena_dup(w->search->hop->view->arena, path);
    if (!w->files[w->count++].ptr)
        return hop_nomem(err);
    return stella_hop_uses(w->search->hop, path, STELLA_SV("python-module"), via, err);
}

/* Loading a.b.c loads a and a.b first. */
static stella_status load(walk *w, const search *where, stella_sv module, stella_sv via, stella_error *err) {
    stella_status status = STELLA_OK;
    for (size_t end = 0; end < module.len && status == STELLA_OK; end++) {
        stella_file file;
        end += stella_sv_find(stella_sv_skip(module, end), '.');
        if (search_find(where, stella_sv_first(module, end), "__init__.py", &file))
            status = found(w, file.path, via, err);
    }
    return status;
}

/* The directory that a relative import starts from: "/pkg" of pkg/sub/x.py with two dots. */
static stella_sv package_of(stella_arena *arena, stella_sv path, uint32_t dots) {
    stella_sv directory = path;
    for (uint32_t i = 0; i < dots; i++)
        directory = text_directory(directory);
    return stella_arena_printf(arena, "/%.*s", STELLA_SV_FMT(directory));
}

static stella_status load_name(walk *w, const import_name *name, stella_sv via, stella_error *err) {
    stella_arena *arena = w->search->hop->view->arena;
    search package = {.hop = w->search->hop, .count = 1};
    const search *where = w->search;
    stella_sv module = name->module;
    if (name->dots) {
        package.directories[0] = package_of(arena, via, name->dots);
        if (!package.directories[0].ptr)
            return hop_nomem(err);
        where = &package;
    }
    if (name->member.len)
        module = stella_arena_printf(arena, "%.*s%s%.*s", STELLA_SV_FMT(module), module.len ? "." : "",
                                     STELLA_SV_FMT(name->member));
    return module.ptr ? load(w, where, module, via, err) : hop_nomem(err);
}

/* Reading a layer again is dear, and one module of a package imports the others: all of a directory are wished for. */
static stella_status read_ahead(walk *w, stella_sv directory, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    files found;
    for (uint32_t i = 0; i < w->ahead_count; i++)
        if (stella_sv_eq(w->ahead[i], directory))
            return STELLA_OK;
    w->ahead[w->ahead_count++] = directory;
    const stella_status status = files_matching(w->search->hop, directory, STELLA_SV("*.py"), &found, err);
    for (uint32_t i = 0; status == STELLA_OK && i < found.count; i++)
        if (stella_view_stat(w->search->hop->view, found.paths[i], &file, NULL) == STELLA_OK &&
            file.size <= IMPORTS_FILE_BYTES_MAX)
            (void)stella_view_read(w->search->hop->view, found.paths[i], &file, NULL);
    return status == STELLA_E_LIMIT ? STELLA_OK : status;
}

static stella_status read_file(walk *w, stella_sv path, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_status status = stella_view_stat(w->search->hop->view, path, &file, NULL);
    if (status != STELLA_OK || file.size > IMPORTS_FILE_BYTES_MAX || !stella_sv_ends(file.path, STELLA_SV(".py")))
        return STELLA_OK;
    status = stella_view_read(w->search->hop->view, path, &file, NULL);
    w->is_pending |= status == STELLA_E_PENDING;
    if (status == STELLA_E_PENDING && w->is_deep)
        return read_ahead(w, text_directory(path), err);
    if (status != STELLA_OK)
        return STELLA_OK;
    const uint32_t count = imports_read(file.bytes, w->names, IMPORTS_NAMES_MAX);
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++)
        status = load_name(w, &w->names[i], path, err);
    return status;
}

stella_status imports_use(const search *s, stella_sv path, stella_error *err) {
    stella_arena *arena = s->hop->view->arena;
    walk w = {.search = s,
              .files = stella_arena_alloc(arena, IMPORTS_FILES_MAX, sizeof *w.files),
              .names = stella_arena_alloc(arena, IMPORTS_NAMES_MAX, sizeof *w.names),
              .ahead = stella_arena_alloc(arena, IMPORTS_FILES_MAX, sizeof *w.ahead),
              .is_deep = (s->hop->view->options & STELLA_OPTION_USAGE_DEEP) != 0};
    if (!w.files || !w.names || !w.ahead)
        return hop_nomem(err);
    w.files[w.count++] = path;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < w.count && (w.is_deep || i == 0) && status == STELLA_OK; i++)
        status = stella_cancelled(s->hop->view) ? STELLA_E_CANCELLED : read_file(&w, w.files[i], err);
    if (status == STELLA_OK && w.is_pending)
        status = stella_error_set(err, STELLA_E_PENDING, NULL, "modules are not at hand");
    return status;
}
