/* A path, then, behind a newline, a keyfile that may be XML too: what is found lies in what was given. */
#include "plugins/scanner/analyzers/native/flatpak/deployment.h"

#include "common/keyfile.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    stella_sv rest = stella_sv_of((const char *)data, size), path, id, architecture, branch;
    const xml_node *root;
    deployment at;
    appstream says;
    keyfile_entry entry;
    (void)stella_sv_split(&rest, '\n', &path);
    if (deployment_of(path, &at)) {
        assert(at.id.len && at.commit.len && at.rest.len);
        assert(at.folder.len + 1 + at.rest.len == path.len);
    }
    if (deployment_parse_ref(path, &id, &architecture, &branch))
        assert(id.len + architecture.len + branch.len + 2 <= path.len);
    for (keyfile reader = keyfile_of(rest); keyfile_next(&reader, &entry);)
        assert(entry.key.len && entry.key.len + entry.value.len < rest.len && entry.line >= 1);
    if (arena && rest.ptr && xml_parse(rest, arena, &root, NULL) == STELLA_OK && appstream_read(root, &says))
        assert(says.version.len <= rest.len * 3);
    return 0;
}
