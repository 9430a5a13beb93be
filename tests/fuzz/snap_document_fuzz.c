/* A manifest of a snap: each package has a name and a version without '='. The first line is a path. */
#include "plugins/scanner/analyzers/native/snap/document.h"

#include "common/yaml/yaml.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    stella_sv rest = stella_sv_of((const char *)data, size), path, name, revision;
    const stella_json *documents;
    snap_package package;
    (void)stella_sv_split(&rest, '\n', &path);
    assert(snap_place_of(path).folder.len <= path.len);
    if (snap_file_parse(path, &name, &revision))
        assert(name.len && revision.len && name.len + revision.len < path.len);
    if (!arena || yaml_parse(stella_sv_of((const char *)data, size), arena, &documents, NULL) != STELLA_OK)
        return 0;
    for (snap_packages it = snap_packages_of(stella_json_at(documents, 0)); snap_packages_next(&it, &package);)
        assert(package.name.len && package.version.len && stella_sv_find(package.name, ':') == package.name.len);
    return 0;
}
