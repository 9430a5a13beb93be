/* Any bytes as XML: refused with a reason, or a tree within its limits whose texts are UTF-8. */
#include "common/xml/xml.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_utf8(stella_sv text) {
    return stella_sv_utf8_prefix(text) == text.len;
}

static void check(const xml_node *node, uint32_t depth) {
    for (; node; node = node->next) {
        assert(depth <= XML_DEPTH_MAX && node->attribute_count <= XML_ATTRIBUTES_MAX && node->line);
        assert(is_utf8(node->name) && is_utf8(node->namespace_) && is_utf8(node->text));
        for (uint32_t i = 0; i < node->attribute_count; i++)
            assert(is_utf8(node->attributes[i].name) && is_utf8(node->attributes[i].value));
        check(node->children, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_sv text = stella_sv_of((const char *)data, size);
    const xml_node *root = NULL;
    stella_error err = {0};
    if (!arena)
        return 0;
    const stella_status status = xml_parse(text, arena, &root, &err);
    assert(status == STELLA_OK ? root != NULL : err.message[0] && err.path[0]);
    check(root, 1);
    const int is_well_formed = status == STELLA_OK;
    root = NULL;
    assert(xml_parse_lenient(text, arena, &root, &err) == STELLA_OK || !is_well_formed || err.code == STELLA_E_NOMEM);
    check(root, 1);
    return 0;
}
