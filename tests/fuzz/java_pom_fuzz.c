/* A pom.xml: what is expanded is within its limit and holds no "${". */
#include "java/pom.h"

#include <stella/auto.h>

#include <assert.h>

static void check(pom_chain *chain, stella_sv text, stella_arena *arena) {
    stella_sv out;
    if (pom_expand(chain, text, arena, &out) != STELLA_OK)
        return;
    assert(out.len <= (text.len > POM_EXPAND_MAX ? text.len : POM_EXPAND_MAX));
    for (size_t i = 0; i + 1 < out.len; i++)
        assert(out.ptr[i] != '$' || out.ptr[i + 1] != '{');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    pom p;
    if (!arena || pom_parse(stella_sv_of((const char *)data, size), arena, &p, NULL) != STELLA_OK)
        return 0;
    pom_chain chain = {.items = {&p, &p}, .count = 2};
    check(&chain, pom_group(&p), arena);
    check(&chain, p.name, arena);
    check(&chain, pom_version(&p), arena);
    for (const xml_node *n = pom_dependencies(p.root); n; n = xml_again(n))
        check(&chain, xml_child_text(n, "version"), arena);
    return 0;
}
