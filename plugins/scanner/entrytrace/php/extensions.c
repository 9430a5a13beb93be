#include "extensions.h"

typedef struct extensions {
    stella_hop *hop;
    stella_sv directory; /* extension_dir; empty: not said */
    stella_sv version;   /* "8.2" of "php8.2"; may be empty */
    files places;        /* directories of extensions */
    uint32_t files;
    int is_pending;
} extensions;

/* "extension=gd ; comment" */
int extensions_next(stella_sv *rest, stella_sv *name, stella_sv *value) {
    stella_sv line;
    while (stella_sv_split(rest, '\n', &line)) {
        const size_t equals = stella_sv_find(line, '=');
        const stella_sv key = stella_sv_trim(stella_sv_first(line, equals));
        if (!text_list_has("extension zend_extension extension_dir", key))
            continue;
        stella_sv text = stella_sv_trim(stella_sv_skip(line, equals + 1));
        if (stella_sv_starts(text, STELLA_SV("\""))) {
            text = stella_sv_skip(text, 1);
            text = stella_sv_first(text, stella_sv_find(text, '"'));
        }
        text = stella_sv_first(text, text_span(text, "; \t\r"));
        if (!text.len)
            continue;
        *name = key;
        *value = text;
        return 1;
    }
    return 0;
}

/* Which folder was built in is not known: those of Debian, the official images, Fedora, Alpine. */
static stella_status list_places(extensions *x, stella_error *err) {
    static const struct {
        const char *directory, *pattern, *behind;
    } known[] = {{"usr/lib/php", "2*", ""},
                 {"usr/local/lib/php/extensions", "*", ""},
                 {"usr/lib64/php", "modules", ""},
                 {"usr/lib", "php*", "/modules"},
                 {"opt/bitnami/php/lib/php/extensions", "*", ""}};
    stella_arena *arena = x->hop->view->arena;
    stella_sv *paths = stella_arena_alloc(arena, EXTENSIONS_FILES_MAX, sizeof *paths);
    uint32_t count = 0;
    if (!paths)
        return hop_nomem(err);
    for (size_t i = 0; i < STELLA_COUNT(known); i++) {
        files found;
        const stella_status status =
            files_matching(x->hop, stella_sv_cstr(known[i].directory), stella_sv_cstr(known[i].pattern), &found, err);
        if (status != STELLA_OK)
            return status;
        for (uint32_t k = 0; k < found.count && count < EXTENSIONS_FILES_MAX; k++) {
            paths[count] = stella_arena_printf(arena, "/%.*s%s", STELLA_SV_FMT(found.paths[k]), known[i].behind);
            if (!paths[count++].ptr)
                return hop_nomem(err);
        }
    }
    x->places = (files){.paths = paths, .count = count};
    return STELLA_OK;
}

/* Uses DIRECTORY/NAME or DIRECTORY/NAME.so. *is_found is left alone when there is none. */
static stella_status try_at(const extensions *x, stella_sv directory, stella_sv name, stella_sv via, int *is_found,
                            stella_error *err) {
    static const char *const endings[] = {"", ".so"};
    stella_file file;
    for (size_t i = 0; i < STELLA_COUNT(endings); i++) {
        const stella_sv path = stella_arena_printf(x->hop->view->arena, "%.*s%s%.*s%s", STELLA_SV_FMT(directory),
                                                   directory.len ? "/" : "", STELLA_SV_FMT(name), endings[i]);
        if (!path.ptr)
            return hop_nomem(err);
        if (!hop_is_file(x->hop, path, &file))
            continue;
        *is_found = 1;
        return stella_hop_uses(x->hop, file.path, STELLA_SV("extension"), via, err);
    }
    return STELLA_OK;
}

static stella_status load(const extensions *x, stella_sv name, stella_sv via, stella_error *err) {
    int is_found = 0;
    if (stella_sv_starts(name, STELLA_SV("/")))
        return try_at(x, STELLA_SV(""), name, via, &is_found, err);
    if (x->directory.len)
        return try_at(x, x->directory, name, via, &is_found, err);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < x->places.count && !is_found && status == STELLA_OK; i++)
        status = try_at(x, x->places.paths[i], name, via, &is_found, err);
    return status;
}

static stella_status read_file(extensions *x, stella_sv path, stella_error *err) {
    stella_file file;
    stella_sv name, value;
    if (x->files++ >= EXTENSIONS_FILES_MAX || !hop_is_file(x->hop, path, &file))
        return STELLA_OK;
    const stella_sv via = stella_arena_dup(x->hop->view->arena, file.path);
    if (!via.ptr)
        return hop_nomem(err);
    stella_status status = stella_hop_uses(x->hop, via, STELLA_SV("configuration"), x->hop->file->path, err);
    if (status != STELLA_OK)
        return status;
    status = hop_read(x->hop, path, EXTENSIONS_FILE_MAX, &file, err);
    x->is_pending |= status == STELLA_E_PENDING;
    if (status != STELLA_OK)
        return status == STELLA_E_PENDING || hop_survives(status) ? STELLA_OK : status;
    for (stella_sv rest = file.bytes; status == STELLA_OK && extensions_next(&rest, &name, &value);) {
        if (stella_sv_eq(name, STELLA_SV("extension_dir")))
            x->directory = stella_sv_starts(value, STELLA_SV("/")) ? value : STELLA_SV("");
        else
            status = load(x, value, via, err);
    }
    return status;
}

/* DIRECTORY/php.ini, and the folder of more of them. */
static stella_status read_configuration(extensions *x, stella_sv directory, const char *more, stella_error *err) {
    stella_arena *arena = x->hop->view->arena;
    const stella_sv ini = stella_arena_printf(arena, "/%.*s/php.ini", STELLA_SV_FMT(directory));
    const stella_sv folder = stella_arena_printf(arena, "%.*s/%s", STELLA_SV_FMT(directory), more);
    files found;
    if (!ini.ptr || !folder.ptr)
        return hop_nomem(err);
    stella_status status = read_file(x, ini, err);
    if (status == STELLA_OK)
        status = files_matching(x->hop, folder, STELLA_SV("*.ini"), &found, err);
    for (uint32_t i = 0; status == STELLA_OK && i < found.count; i++) {
        const stella_sv path = stella_arena_printf(arena, "/%.*s", STELLA_SV_FMT(found.paths[i]));
        status = path.ptr ? read_file(x, path, err) : hop_nomem(err);
    }
    return status;
}

/* The digits and dots behind the program's name. */
static stella_sv version_of(stella_sv name) {
    size_t start = name.len;
    while (start && (name.ptr[start - 1] == '.' || (name.ptr[start - 1] >= '0' && name.ptr[start - 1] <= '9')))
        start--;
    return stella_sv_skip(name, start);
}

static stella_status read_all(extensions *x, const char *sapi, stella_error *err) {
    stella_arena *arena = x->hop->view->arena;
    const stella_sv debian = stella_arena_printf(arena, "etc/php/%.*s/%s", STELLA_SV_FMT(x->version), sapi);
    if (!debian.ptr)
        return hop_nomem(err);
    files alpine;
    stella_status status = x->version.len ? read_configuration(x, debian, "conf.d", err) : STELLA_OK;
    if (status == STELLA_OK)
        status = read_configuration(x, STELLA_SV("usr/local/etc/php"), "conf.d", err);
    if (status == STELLA_OK)
        status = read_configuration(x, STELLA_SV("opt/bitnami/php/etc"), "conf.d", err);
    if (status == STELLA_OK)
        status = read_configuration(x, STELLA_SV("etc"), "php.d", err);
    if (status == STELLA_OK)
        status = files_matching(x->hop, STELLA_SV("etc"), STELLA_SV("php[0-9]*"), &alpine, err);
    for (uint32_t i = 0; status == STELLA_OK && i < alpine.count; i++)
        status = read_configuration(x, alpine.paths[i], "conf.d", err);
    return status;
}

stella_status extensions_use(stella_hop *hop, const char *sapi, stella_error *err) {
    extensions x = {.hop = hop, .version = version_of(text_base(hop->file->path))};
    stella_status status = list_places(&x, err);
    if (status == STELLA_OK)
        status = read_all(&x, sapi, err);
    return status == STELLA_OK && x.is_pending
               ? stella_error_set(err, STELLA_E_PENDING, NULL, "the configuration is not at hand")
               : status;
}
