/* What Portage's database is made of: names, atoms, licenses, CONTENTS. An expression made of a license is one. */
#include "plugins/scanner/analyzers/os/portage/contents.h"
#include "plugins/scanner/analyzers/os/portage/license.h"
#include "plugins/scanner/analyzers/os/portage/name.h"

#include <stella/auto.h>
#include <stella/spdx.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    const stella_sv text = stella_sv_of((const char *)data, size);
    portage_name name;
    contents_entry entry;
    stella_sv out, rest = text;
    assert(arena);
    if (portage_name_parse(text, &name))
        assert(name.category.len && name.name.len && name.version.len && name.folder.len < size);
    if (portage_atom_parse(text, &out))
        assert(out.len && out.len <= size);
    if (license_expression(text, arena, &out) == STELLA_OK && out.len <= STELLA_SPDX_EXPRESSION_MAX)
        assert(stella_spdx_expression(out, arena).ptr);
    while (contents_next(&rest, &entry))
        assert(entry.path.len && (entry.md5.len == 0 || entry.md5.len == 32));
    return 0;
}
