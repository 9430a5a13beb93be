#include "search.h"

stella_status search_add(search *s, stella_sv directory, stella_error *err) {
    stella_arena *arena = s->hop->view->arena;
    const stella_sv path = launch_path(arena, s->hop->launch->directory, directory);
    if (!path.ptr || s->count == SEARCH_DIRECTORIES_MAX)
        return STELLA_OK; /* the working directory is not known */
    s->directories[s->count] = stella_arena_printf(arena, "/%.*s", STELLA_SV_FMT(path));
    return s->directories[s->count++].ptr ? STELLA_OK : hop_nomem(err);
}

stella_status search_add_list(search *s, stella_sv list, stella_error *err) {
    stella_sv one;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && stella_sv_split(&list, ':', &one))
        if (one.len)
            status = search_add(s, one, err);
    return status;
}

/* Every interpreter brings extension modules of its own, which show the ending. */
static stella_status learn_extension(search *s, stella_sv directory, stella_error *err) {
    const stella_sv modules = files_join(s->hop->view->arena, directory, STELLA_SV("lib-dynload"));
    files found;
    if (!modules.ptr)
        return hop_nomem(err);
    const stella_status status = files_matching(s->hop, modules, STELLA_SV("*.cpython-*.so"), &found, err);
    if (status == STELLA_OK && found.count && !s->extension.len) {
        const stella_sv name = text_base(found.paths[0]);
        s->extension = stella_sv_skip(name, stella_sv_find(name, '.'));
    }
    return status;
}

/* PREFIX/lib/python3.11, its site-packages and dist-packages; every version that is there, for the name of the
 * interpreter need not tell which it is. */
static stella_status add_library(search *s, stella_sv prefix, const char *lib, stella_error *err) {
    stella_arena *arena = s->hop->view->arena;
    const stella_sv directory =
        stella_arena_printf(arena, "%.*s%s%s", STELLA_SV_FMT(prefix), prefix.len ? "/" : "", lib);
    files versions;
    if (!directory.ptr)
        return hop_nomem(err);
    stella_status status = files_matching(s->hop, directory, STELLA_SV("p*y*[0-9]"), &versions, err);
    static const char *const parts[] = {"", "/lib-dynload", "/site-packages", "/dist-packages"};
    for (uint32_t i = 0; i < versions.count && status == STELLA_OK; i++) {
        status = learn_extension(s, versions.paths[i], err);
        for (uint32_t k = 0; k < STELLA_COUNT(parts) && status == STELLA_OK; k++) {
            const stella_sv path = stella_arena_printf(arena, "/%.*s%s", STELLA_SV_FMT(versions.paths[i]), parts[k]);
            status = path.ptr ? search_add(s, path, err) : hop_nomem(err);
        }
    }
    return status;
}

static stella_status add_prefix(search *s, stella_sv prefix, stella_error *err) {
    const stella_status status = add_library(s, prefix, "lib", err);
    return status == STELLA_OK ? add_library(s, prefix, "lib64", err) : status;
}

stella_status search_add_interpreter(search *s, stella_error *err) {
    stella_hop *hop = s->hop;
    stella_file file = STELLA_FILE_INIT;
    stella_sv spelled = {0};
    stella_status status = STELLA_OK;
    /* "/opt/venv/bin/python" is a link out of the environment; what it is called says which environment it is. */
    if (stella_launch_find(hop->view, hop->launch, &file, &spelled, NULL) == STELLA_OK) {
        const stella_sv path = launch_path(hop->view->arena, hop->launch->directory, spelled);
        status = path.ptr ? add_prefix(s, text_directory(text_directory(path)), err) : STELLA_OK;
    }
    const stella_sv venv = launch_text(hop->launch, "VIRTUAL_ENV"),
                    home = text_directory(text_directory(hop->file->path));
    if (status == STELLA_OK && venv.len > 1 && venv.ptr[0] == '/')
        status = add_prefix(s, stella_sv_skip(venv, 1), err);
    if (status == STELLA_OK)
        status = add_prefix(s, home, err);
    if (status == STELLA_OK && stella_sv_eq(home, STELLA_SV("usr")))
        status = add_prefix(s, STELLA_SV("usr/local"), err); /* Debian's interpreter looks there too */
    return status;
}

int search_is_module(stella_sv text) {
    stella_sv name;
    if (!text.len)
        return 0;
    while (stella_sv_split(&text, '.', &name))
        if (!text_is_name(name))
            return 0;
    return 1;
}

/* DIRECTORY/a/b and what is behind. */
static int try_path(const search *s, stella_sv directory, stella_sv module, stella_sv behind, stella_file *out) {
    char path[SEARCH_PATH_MAX];
    const size_t tail = behind.len;
    if (directory.len + module.len + tail + 1 > sizeof path)
        return 0;
    memcpy(path, directory.ptr, directory.len);
    path[directory.len] = '/';
    for (size_t i = 0; i < module.len; i++)
        path[directory.len + 1 + i] = (char)(module.ptr[i] == '.' ? '/' : module.ptr[i]);
    memcpy(path + directory.len + 1 + module.len, behind.ptr, tail);
    return hop_is_file(s->hop, stella_sv_of(path, directory.len + 1 + module.len + tail), out);
}

int search_find(const search *s, stella_sv module, const char *entry, stella_file *out) {
    char package[32] = "/";
    strncat(package, entry, sizeof package - 2);
    const int is_imported = strcmp(entry, "__main__.py") != 0;
    const stella_sv endings[] = {stella_sv_cstr(package), STELLA_SV(".py"), s->extension, STELLA_SV(".abi3.so"),
                                 STELLA_SV(".so")};
    for (uint32_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < (is_imported ? STELLA_COUNT(endings) : 2); k++)
            if (endings[k].len && try_path(s, s->directories[i], module, endings[k], out))
                return 1;
    return 0;
}

stella_status search_use_startup(stella_hop *hop, stella_error *err) {
    static const char *const modules[] = {"encodings", "os", "site"};
    search library = {.hop = hop};
    stella_status status = search_add_interpreter(&library, err);
    for (size_t i = 0; i < STELLA_COUNT(modules) && status == STELLA_OK; i++) {
        stella_file file;
        if (search_find(&library, stella_sv_cstr(modules[i]), "__init__.py", &file))
            status = stella_hop_uses(hop, file.path, STELLA_SV("python-module"), hop->file->path, err);
    }
    return status;
}
