#include "spdx/package.h"

#include <stella/analyzer.h>

/* Flags by their bits, as they stand in a comment. */
static stella_sv words_of(uint32_t flags) {
    static const stella_sv words[] = {
        STELLA_SV_INIT(""),
        STELLA_SV_INIT("inferred"),
        STELLA_SV_INIT("optional"),
        STELLA_SV_INIT("inferred, optional"),
        STELLA_SV_INIT("dev"),
        STELLA_SV_INIT("inferred, dev"),
        STELLA_SV_INIT("optional, dev"),
        STELLA_SV_INIT("inferred, optional, dev"),
    };
    _Static_assert(STELLA_RELATION_INFERRED == 1 && STELLA_RELATION_OPTIONAL == 2 && STELLA_RELATION_DEV == 4,
                   "words are by these bits");
    return words[flags & 7];
}

/* A relationship type that tells one flag and points the other way. */
static spdx_relation turned(const stella_bom_relation *r, stella_sv type, uint32_t told) {
    return (spdx_relation){.from = r->to, .to = r->from, .type = type, .comment = words_of(r->flags & ~told)};
}

spdx_relation spdx_relation_of(const stella_bom_relation *r) {
    const int is_contains = r->kind == STELLA_RELATION_CONTAINS;
    if (r->flags & STELLA_RELATION_DEV && !is_contains)
        return turned(r, STELLA_SV("DEV_DEPENDENCY_OF"), STELLA_RELATION_DEV);
    if (r->flags & STELLA_RELATION_OPTIONAL)
        return turned(r, is_contains ? STELLA_SV("OPTIONAL_COMPONENT_OF") : STELLA_SV("OPTIONAL_DEPENDENCY_OF"),
                      STELLA_RELATION_OPTIONAL);
    return (spdx_relation){.from = r->from,
                           .to = r->to,
                           .type = is_contains ? STELLA_SV("CONTAINS") : STELLA_SV("DEPENDS_ON"),
                           .comment = words_of(r->flags)};
}
