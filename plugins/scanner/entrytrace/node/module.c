#include "module.h"

#include "package.h"

static stella_status as_file(stella_hop *hop, stella_sv path, int *found, stella_file *out, stella_error *err) {
    static const char *const endings[] = {"", ".js", ".json", ".node", ".mjs", ".cjs"};
    for (uint32_t i = 0; i < STELLA_COUNT(endings) && !*found; i++) {
        const stella_sv full = stella_arena_printf(hop->view->arena, "%.*s%s", STELLA_SV_FMT(path), endings[i]);
        if (!full.ptr)
            return hop_nomem(err);
        *found = hop_is_file(hop, full, out);
    }
    return STELLA_OK;
}

/* What package.json of the directory names as its main file. */
static stella_status as_package(stella_hop *hop, stella_sv path, int *found, stella_file *out, stella_error *err) {
    stella_arena *arena = hop->view->arena;
    const stella_sv json = stella_arena_printf(arena, "%.*s/package.json", STELLA_SV_FMT(path));
    stella_file file;
    package p;
    if (!json.ptr)
        return hop_nomem(err);
    if (hop_read(hop, json, PACKAGE_BYTES_MAX, &file, NULL) != STELLA_OK)
        return STELLA_OK;
    const stella_status status = package_parse(file.bytes, arena, &p, NULL);
    if (status != STELLA_OK || !p.main.len)
        return status == STELLA_E_NOMEM ? hop_nomem(err) : STELLA_OK;
    const stella_sv main = stella_arena_printf(arena, "%.*s/%.*s", STELLA_SV_FMT(path), STELLA_SV_FMT(p.main));
    const stella_sv index = stella_arena_printf(arena, "%.*s/index.js", STELLA_SV_FMT(main));
    if (!main.ptr || !index.ptr)
        return hop_nomem(err);
    const stella_status looked = as_file(hop, main, found, out, err);
    if (looked == STELLA_OK && !*found)
        *found = hop_is_file(hop, index, out);
    return looked;
}

stella_status module_at(stella_hop *hop, stella_sv path, int *found, stella_file *out, stella_error *err) {
    *found = 0;
    stella_status status = as_file(hop, path, found, out, err);
    if (status == STELLA_OK && !*found)
        status = as_package(hop, path, found, out, err);
    if (status != STELLA_OK || *found)
        return status;
    const stella_sv index = stella_arena_printf(hop->view->arena, "%.*s/index", STELLA_SV_FMT(path));
    return index.ptr ? as_file(hop, index, found, out, err) : hop_nomem(err);
}

stella_status module_named(stella_hop *hop, stella_sv name, int *found, stella_file *out, stella_error *err) {
    stella_arena *arena = hop->view->arena;
    *found = 0;
    if (stella_sv_starts(name, STELLA_SV("/")) || stella_sv_starts(name, STELLA_SV("./")) ||
        stella_sv_starts(name, STELLA_SV("../")))
        return module_at(hop, name, found, out, err);
    stella_sv directory = hop->launch->directory;
    while (directory.len && !*found) {
        const stella_sv path =
            stella_arena_printf(arena, "%.*s/node_modules/%.*s", STELLA_SV_FMT(directory), STELLA_SV_FMT(name));
        if (!path.ptr)
            return hop_nomem(err);
        const stella_status status = module_at(hop, path, found, out, err);
        if (status != STELLA_OK)
            return status;
        directory = text_directory(directory);
    }
    return STELLA_OK;
}
