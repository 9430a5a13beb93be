#include "needs.h"

#include "package.h"

/* DIRECTORY/NAME; directory is relative to the root and may be it. */
static stella_sv join(stella_hop *hop, stella_sv directory, const char *between, stella_sv name, const char *behind) {
    return stella_arena_printf(hop->view->arena, "/%.*s%s%s%.*s%s", STELLA_SV_FMT(directory), directory.len ? "/" : "",
                               between, STELLA_SV_FMT(name), behind);
}

/* The package.json of the directory or of one above it. Returns 0 when there is none. */
static int find_own(stella_hop *hop, stella_sv directory, stella_sv *above, stella_file *out) {
    for (;;) {
        const stella_sv path = join(hop, directory, "", STELLA_SV("package.json"), "");
        if (path.ptr && hop_is_file(hop, path, out)) {
            *above = directory;
            return 1;
        }
        if (!path.ptr || !directory.len)
            return 0;
        directory = text_directory(directory);
    }
}

/* NODE_PATH, then where Debian's node looks at last. What is nowhere cannot be loaded. */
static stella_status use_shared(stella_hop *hop, stella_sv name, stella_sv via, stella_error *err) {
    stella_sv paths = launch_text(hop->launch, "NODE_PATH"), debian = STELLA_SV("/usr/lib/nodejs /usr/share/nodejs"),
              one;
    while (stella_sv_split(&paths, ':', &one) || text_word(&debian, &one)) {
        const stella_sv path =
            stella_arena_printf(hop->view->arena, "%.*s/%.*s/package.json", STELLA_SV_FMT(one), STELLA_SV_FMT(name));
        stella_file file;
        if (!path.ptr)
            return hop_nomem(err);
        if (stella_sv_starts(one, STELLA_SV("/")) && hop_is_file(hop, path, &file))
            return stella_hop_uses(hop, file.path, STELLA_SV("node-module"), via, err);
    }
    return STELLA_OK;
}

static stella_status use_named(stella_hop *hop, stella_sv directory, stella_sv name, stella_sv via, stella_error *err) {
    for (;;) {
        const stella_sv path = join(hop, directory, "node_modules/", name, "/package.json");
        stella_file file;
        if (!path.ptr)
            return hop_nomem(err);
        if (hop_is_file(hop, path, &file))
            return stella_hop_uses(hop, file.path, STELLA_SV("node-module"), via, err);
        if (!directory.len)
            return use_shared(hop, name, via, err);
        directory = text_directory(directory);
    }
}

stella_status needs_use(stella_hop *hop, stella_sv main, stella_error *err) {
    stella_file file;
    package p;
    stella_sv directory;
    if (!find_own(hop, text_directory(main), &directory, &file))
        return STELLA_OK;
    const stella_sv own = stella_arena_dup(hop->view->arena, file.path);
    if (!own.ptr)
        return hop_nomem(err);
    stella_status status = stella_hop_uses(hop, own, STELLA_SV("node-package"), main, err);
    const stella_sv absolute = stella_arena_printf(hop->view->arena, "/%.*s", STELLA_SV_FMT(own));
    if (status != STELLA_OK || !absolute.ptr)
        return status != STELLA_OK ? status : hop_nomem(err);
    status = hop_read(hop, absolute, PACKAGE_BYTES_MAX, &file, err);
    if (status != STELLA_OK)
        return status == STELLA_E_PENDING || !hop_survives(status) ? status : STELLA_OK;
    if (package_parse(file.bytes, hop->view->arena, &p, NULL) != STELLA_OK)
        return STELLA_OK;
    for (uint32_t i = 0; i < p.need_count && status == STELLA_OK; i++)
        status = use_named(hop, directory, p.needs[i], own, err);
    return status;
}
