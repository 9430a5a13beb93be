/* Lock files, the first byte says which format: reading ends well, every component has a name, a valid version, evidence
 * in the file, and nobody depends on what is no component. */
#include "python/lock.h"
#include "python/name.h"

#include "common/toml/toml.h"

#include <stella/auto.h>

#include <assert.h>

typedef struct host {
    stella_analysis base;
    uint64_t components;
} host;

static void on_evidence(stella_component *c, const stella_file *file, uint32_t line, stella_sv method) {
    (void)c;
    assert(file->path.len && line && method.len);
}

static const stella_component_ops component_ops = {.head = STELLA_HEAD(stella_component_ops), .evidence = on_evidence};
static stella_component the_component = {.head = STELLA_HEAD(stella_component), .ops = &component_ops};

static stella_component *on_add(stella_analysis *job, stella_sv type, stella_sv name, stella_sv version,
                                uint32_t flags) {
    assert(type.len && name_is_valid(name) && version_is_valid(version) && flags & STELLA_COMPONENT_DECLARED);
    ((host *)job)->components++;
    return &the_component;
}

static void on_relate(stella_analysis *job, stella_component *from, stella_component *to, uint32_t kind,
                      uint32_t flags) {
    (void)job;
    (void)kind;
    (void)flags;
    assert(from && to);
}

static void on_note(stella_analysis *job, uint32_t severity, stella_sv path, uint32_t line, stella_sv message) {
    (void)job;
    (void)line;
    assert(severity && path.len && message.len);
}

static stella_status on_read(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    (void)job;
    (void)out;
    assert(path.len);
    return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "there is nothing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const stella_analysis_ops ops = {.head = STELLA_HEAD(stella_analysis_ops),
                                            .component_add = on_add,
                                            .relate = on_relate,
                                            .note = on_note,
                                            .view_read = on_read};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)64 << 20);
    if (size == 0 || !arena)
        return 0;
    const stella_file file = {.struct_size = sizeof file,
                              .path = STELLA_SV("app/lock"),
                              .bytes = stella_sv_of((const char *)data + 1, size - 1)};
    host h = {.base = {.head = STELLA_HEAD(stella_analysis), .ops = &ops, .arena = arena}};
    uint32_t includes = 4;
    const stella_json *tree;
    stella_status status = STELLA_OK;
    if (data[0] % 6 == 0)
        status = requirements_read(&h.base, &file, NULL, &includes, NULL);
    else if (data[0] % 6 == 1 && stella_json_parse(file.bytes, arena, &tree, NULL) == STELLA_OK)
        status = pipfile_read(&h.base, &file, tree, NULL);
    else if (data[0] % 6 > 1 && toml_parse(file.bytes, arena, &tree, NULL) == STELLA_OK)
        status = (data[0] % 6 == 2   ? poetry_read
                  : data[0] % 6 == 3 ? uv_read
                  : data[0] % 6 == 4 ? pdm_read
                                     : pylock_read)(&h.base, &file, tree, NULL);
    assert(status == STELLA_OK || status == STELLA_E_NOMEM);
    assert(h.components <= size);
    return 0;
}
