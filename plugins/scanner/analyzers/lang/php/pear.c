#include "pear.h"

#include "serialized.h"

#include "common/entry.h"

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static int is_text(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return 0;
    return text.len && stella_sv_utf8_prefix(text) == text.len;
}

static int is_md5(stella_sv digest) {
    for (size_t i = 0; i < digest.len; i++)
        if (!memchr("0123456789abcdef", digest.ptr[i], 16))
            return 0;
    return digest.len == 32;
}

/* filelist: NAME => {installed_as: "/usr/share/php/x.php", md5sum: ...} */
static void add_files(stella_component *c, const stella_json *files) {
    for (uint32_t i = 0; stella_json_is(files, STELLA_JSON_OBJECT) && i < files->count; i++) {
        stella_sv path = text_of(&files->members[i].value, "installed_as");
        const stella_sv digest = text_of(&files->members[i].value, "md5sum");
        if (!is_text(path) || path.ptr[0] != '/')
            continue;
        while (path.len && path.ptr[0] == '/')
            path = stella_sv_skip(path, 1);
        if (!entry_is_path(path))
            continue;
        stella_owned owned = {.struct_size = sizeof owned, .path = path};
        if (is_md5(digest)) {
            owned.digest_alg = STELLA_SV("md5");
            owned.digest = digest;
        }
        stella_component_owns(c, &owned);
    }
}

static stella_status add_need(graph *g, stella_component *c, const stella_json *package, uint32_t flags,
                              stella_error *err) {
    const stella_sv name = text_of(package, "name");
    return name.len ? graph_needs(g, c, text_of(package, "channel"), name, flags, err) : STELLA_OK;
}

/* One package, or a list of them. */
static stella_status add_needs(graph *g, stella_component *c, const stella_json *packages, uint32_t flags,
                               stella_error *err) {
    if (stella_json_is(stella_json_get(packages, "name"), STELLA_JSON_STRING))
        return add_need(g, c, packages, flags, err);
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && stella_json_is(packages, STELLA_JSON_OBJECT) && i < packages->count;
         i++)
        status = add_need(g, c, &packages->members[i].value, flags, err);
    return status;
}

static stella_status describe(graph *g, stella_component *c, const stella_json *reg, stella_error *err) {
    const stella_json *needs = stella_json_get(reg, "dependencies"), *license = stella_json_get(reg, "license");
    const stella_sv summary = text_of(reg, "summary");
    if (is_text(summary))
        stella_component_set(c, STELLA_FIELD_DESCRIPTION, summary);
    add_files(c, stella_json_get(reg, "filelist"));
    const stella_sv name =
        stella_json_is(license, STELLA_JSON_OBJECT) ? text_of(license, "_content") : stella_json_str(license);
    stella_status status = is_text(name) ? entry_license(c, name, err) : STELLA_OK;
    if (status == STELLA_OK)
        status = add_needs(g, c, stella_json_get(stella_json_get(needs, "required"), "package"), 0, err);
    if (status == STELLA_OK)
        status = add_needs(g, c, stella_json_get(stella_json_get(needs, "optional"), "package"),
                           STELLA_RELATION_OPTIONAL, err);
    return status;
}

stella_status pear_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *reg;
    stella_status status = walk_tree(file, serialized_parse, scratch, &reg, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *version = stella_json_get(reg, "version");
    const stella_sv channel = text_of(reg, "channel");
    const entry e = {.type = STELLA_SV("pear"),
                     .namespace_ = channel.len ? channel : STELLA_SV("pear.php.net"),
                     .name = text_of(reg, "name"),
                     .version = stella_json_is(version, STELLA_JSON_OBJECT) ? text_of(version, "release")
                                                                            : stella_json_str(version),
                     .method = "metadata"};
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    status = graph_name(g, e.namespace_, e.name, c, err);
    return status == STELLA_OK ? describe(g, c, reg, err) : status;
}
