/* emitter_hostile.h - a result that no format may stumble over. */
#ifndef TESTS_EMITTER_HOSTILE_H
#define TESTS_EMITTER_HOSTILE_H

#include "unit/emitter_run.h"

#include <stella/analyzer.h>

#define HOSTILE_NAME_BYTES (64u << 10)

static const stella_bom_license hostile_licenses[] = {
    {.text = STELLA_SV_INIT("A b"), .how = STELLA_LICENSE_NAME},
    {.text = STELLA_SV_INIT("A/b"), .how = STELLA_LICENSE_NAME}, /* leaves the same LicenseRef- as the one before */
    {.text = STELLA_SV_INIT("MIT AND"), .how = STELLA_LICENSE_EXPRESSION},
    {.text = STELLA_SV_INIT("NOASSERTION"), .how = STELLA_LICENSE_EXPRESSION},
    {.text = STELLA_SV_INIT("DocumentRef-x:LicenseRef-y"), .how = STELLA_LICENSE_EXPRESSION},
    {.text = STELLA_SV_INIT("MIT OR (Apache-2.0 AND LicenseRef-A-b)"), .how = STELLA_LICENSE_EXPRESSION},
    {.text = STELLA_SV_INIT("</text>\nLicenseID: LicenseRef-forged\xff"), .how = STELLA_LICENSE_NAME},
    {.text = STELLA_SV_INIT(""), .how = STELLA_LICENSE_NAME},
};
static const stella_bom_evidence hostile_evidence[] = {
    {.path = STELLA_SV_INIT("a\nstella:dev=true\\"), .method = STELLA_SV_INIT("\x1b[31m"), .layer = 77}};
static const stella_bom_pair hostile_properties[] = {
    {.name = STELLA_SV_INIT("cpe:candidate"), .value = STELLA_SV_INIT("cpe:2.3:a:b:c:1:*:*:*:*:*:*:*")},
    {.name = STELLA_SV_INIT("cpe:candidate"), .value = STELLA_SV_INIT("cpe:2.3:a:b:c:1")},
    {.name = STELLA_SV_INIT("x=y\nz"), .value = STELLA_SV_INIT("\xc3(\n</text>")},
};

static inline stella_bom_component hostile_component(stella_arena *arena, const char *ref, stella_sv name) {
    return (stella_bom_component){
        .ref = stella_arena_printf(arena, "%s", ref),
        .type = STELLA_SV("<text>\xe2\x80\xa8"),
        .name = name,
        .version = STELLA_SV("1\nSPDXID: SPDXRef-forged\n\xc2\x85"),
        .kind = STELLA_SV("library"),
        .maintainer = STELLA_SV("(<a b@c>)\x01"),
        .vendor = STELLA_SV(" \xff) Organization: x ("),
        .description = STELLA_SV("</text>\n<text>\tPackageName: forged\x7f"),
        .homepage = STELLA_SV("https://x\n"),
        .cpe = STELLA_SV("cpe:/a:b"),
        .source_name = STELLA_SV("s\n"),
        .introduced = 99,
        .licenses = {.items = hostile_licenses, STELLA_COUNT(hostile_licenses), sizeof hostile_licenses[0]},
        .evidence = {.items = hostile_evidence, STELLA_COUNT(hostile_evidence), sizeof hostile_evidence[0]},
        .properties = {.items = hostile_properties, STELLA_COUNT(hostile_properties), sizeof hostile_properties[0]}};
}

/* Three components: an awful one, one whose name differs in what ids cannot hold, and one with a very long name. */
static inline const stella_bom *hostile_bom(stella_arena *arena) {
    static const stella_bom_relation relations[] = {
        {.from = 0, .to = 1, .kind = STELLA_RELATION_DEPENDS_ON, .flags = STELLA_RELATION_OPTIONAL},
        {.from = 0,
         .to = 2,
         .kind = STELLA_RELATION_DEPENDS_ON,
         .flags = STELLA_RELATION_DEV | STELLA_RELATION_OPTIONAL | STELLA_RELATION_INFERRED},
        {.from = 1, .to = 1, .kind = STELLA_RELATION_DEPENDS_ON},
        {.from = 1, .to = 2, .kind = STELLA_RELATION_CONTAINS, .flags = STELLA_RELATION_OPTIONAL},
        {.from = STELLA_BOM_ROOT, .to = 0, .kind = STELLA_RELATION_CONTAINS, .flags = STELLA_RELATION_DEV},
    };
    stella_bom *bom = stella_arena_alloc(arena, 1, sizeof *bom);
    stella_bom_component *c = stella_arena_alloc(arena, 3, sizeof *c);
    char *name = stella_arena_alloc(arena, HOSTILE_NAME_BYTES, 1);
    assert_non_null(bom);
    assert_non_null(c);
    assert_non_null(name);
    memset(name, '/', HOSTILE_NAME_BYTES);
    c[0] = hostile_component(arena, "a", STELLA_SV("n\n\x1b/\xff\xfe"));
    c[1] = hostile_component(arena, "b", STELLA_SV("n\n\x1b-\xff\xfe"));
    c[2] = hostile_component(arena, "c", stella_sv_of(name, HOSTILE_NAME_BYTES));
    *bom = *stella_testing_bom(arena, 0);
    bom->subject_name = STELLA_SV("../../\x01#?%\xff");
    bom->subject_digest = STELLA_SV("sha256:zz\n");
    bom->created_ms = INT64_MAX;
    bom->components = (stella_list){.items = c, .count = 3, .stride = sizeof *c};
    bom->relations = (stella_list){.items = relations, STELLA_COUNT(relations), sizeof relations[0]};
    return bom;
}

#endif
