#include "unit/emitter_hostile.h"

#include <stella/spdx.h>

/* A strict reader of its own: every line is empty, a title, or a tag that may stand there. */
typedef struct reader {
    stella_sv rest;
    stella_sv tag, value; /* of the last line; the value without <text> */
    char ids[16][256];    /* of packages */
    char refs[32][128];
    uint32_t id_count, ref_count, tags;
} reader;

static int is_known_tag(stella_sv tag) {
    static const char *const tags[] = {
        "SPDXVersion",
        "DataLicense",
        "SPDXID",
        "DocumentName",
        "DocumentNamespace",
        "DocumentComment",
        "LicenseListVersion",
        "Creator",
        "Created",
        "PackageName",
        "PackageVersion",
        "PackageSupplier",
        "PackageOriginator",
        "PackageDownloadLocation",
        "PrimaryPackagePurpose",
        "FilesAnalyzed",
        "PackageChecksum",
        "PackageHomePage",
        "PackageSourceInfo",
        "PackageLicenseConcluded",
        "PackageLicenseDeclared",
        "PackageCopyrightText",
        "PackageDescription",
        "PackageComment",
        "ExternalRef",
        "LicenseID",
        "ExtractedText",
        "LicenseName",
        "Relationship",
        "RelationshipComment",
    };
    for (uint32_t i = 0; i < STELLA_COUNT(tags); i++)
        if (stella_sv_eq(tag, stella_sv_cstr(tags[i])))
            return 1;
    return 0;
}

static size_t find(stella_sv text, const char *what) {
    const char *at = text.len ? memmem(text.ptr, text.len, what, strlen(what)) : NULL;
    return at ? (size_t)(at - text.ptr) : text.len;
}

/* No character that a reader takes for the end of a line, and none that a terminal obeys. */
static void assert_is_clean(stella_sv value, int has_lines) {
    while (value.len) {
        const size_t size = stella_sv_utf8(value);
        const unsigned char first = (unsigned char)value.ptr[0];
        assert_true(size > 0);
        assert_true(first >= 0x20 || (has_lines && (first == '\n' || first == '\t')));
        assert_true(first != 0x7f && !(first == 0xc2 && (unsigned char)value.ptr[1] < 0xa0));
        value = stella_sv_skip(value, size);
    }
}

static int next(reader *r) {
    while (r->rest.len && (r->rest.ptr[0] == '\n' || r->rest.ptr[0] == '#'))
        r->rest = stella_sv_skip(r->rest, stella_sv_find(r->rest, '\n') + 1);
    if (r->rest.len == 0)
        return 0;
    r->tag = stella_sv_first(r->rest, find(r->rest, ": "));
    if (!is_known_tag(r->tag))
        fail_msg("tag \"%.60s\"", r->rest.ptr);
    r->rest = stella_sv_skip(r->rest, r->tag.len + 2);
    const int has_lines = stella_sv_starts(r->rest, STELLA_SV("<text>"));
    if (has_lines) {
        r->rest = stella_sv_skip(r->rest, 6);
        r->value = stella_sv_first(r->rest, find(r->rest, "</text>"));
        r->rest = stella_sv_skip(r->rest, r->value.len + 7);
    } else {
        r->value = stella_sv_first(r->rest, stella_sv_find(r->rest, '\n'));
        r->rest = stella_sv_skip(r->rest, r->value.len);
    }
    assert_true(r->rest.len && r->rest.ptr[0] == '\n'); /* nothing behind the value */
    r->rest = stella_sv_skip(r->rest, 1);
    assert_is_clean(r->value, has_lines);
    assert_true(r->value.len > 0 && find(r->value, "<text>") == r->value.len);
    r->tags++;
    return 1;
}

static int is_tag(const reader *r, const char *tag) {
    return stella_sv_eq(r->tag, stella_sv_cstr(tag));
}

static int knows_id(const reader *r, stella_sv id) {
    for (uint32_t i = 0; i < r->id_count; i++)
        if (stella_sv_eq(stella_sv_cstr(r->ids[i]), id))
            return 1;
    return 0;
}

static void check_relationship(const reader *r) {
    stella_sv rest = r->value, from, type, to;
    assert_true(stella_sv_split(&rest, ' ', &from) && stella_sv_split(&rest, ' ', &type) &&
                stella_sv_split(&rest, ' ', &to));
    assert_null(rest.ptr);
    assert_true(knows_id(r, from) && knows_id(r, to));
}

static void take_line(reader *r, stella_arena *arena) {
    if (is_tag(r, "SPDXID")) {
        assert_false(knows_id(r, r->value));
        assert_true(r->id_count < 16 && r->value.len < 256);
        memcpy(r->ids[r->id_count++], r->value.ptr, r->value.len);
    } else if (is_tag(r, "LicenseID")) {
        assert_true(r->ref_count < 32 && r->value.len < 128);
        memcpy(r->refs[r->ref_count++], r->value.ptr, r->value.len);
    } else if (is_tag(r, "Relationship")) {
        check_relationship(r);
    } else if (is_tag(r, "PackageLicenseDeclared") && !stella_sv_eq(r->value, STELLA_SV("NOASSERTION"))) {
        assert_non_null(stella_spdx_expression(r->value, arena).ptr);
    }
}

/* Reads a whole document and checks what must hold whatever the result says. */
static void check_document(const stella_bom *bom, stella_arena *arena) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(bom, 0, 0);
    reader *r = stella_arena_alloc(arena, 1, sizeof *r);
    uint32_t packages = 0, relations = 0;
    assert_non_null(r);
    for (r->rest = stella_buf_sv(&text); next(r);) {
        take_line(r, arena);
        packages += is_tag(r, "PackageName") ? 1 : 0;
        relations += is_tag(r, "Relationship") ? 1 : 0;
    }
    assert_int_equal(packages, bom->components.count + 1);
    assert_int_equal(r->id_count, packages + 1);
    assert_int_equal(relations, bom->relations.count + 1);
    assert_true(r->ref_count > 0);
}

static void writes_the_sample_as_it_did(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    assert_true(stella_testing_golden(GOLDEN "spdx.spdx", stella_buf_sv(&text)));
}

static void every_line_is_a_tag_and_every_id_resolves(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    check_document(stella_testing_bom(arena, 0), arena);
}

static void no_text_of_a_package_can_forge_a_line(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_bom *bom = hostile_bom(arena);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(bom, 0, 0);
    check_document(bom, arena);
    assert_null(strstr(text.ptr, "\nSPDXID: SPDXRef-forged"));
    assert_non_null(strstr(text.ptr, "< /text>"));
}

static void purposes_are_spelt_as_the_format_has_them(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    assert_non_null(strstr(text.ptr, "\nPrimaryPackagePurpose: OPERATING-SYSTEM\n"));
    assert_non_null(strstr(text.ptr, "\nPrimaryPackagePurpose: CONTAINER\n"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_sample_as_it_did),
        cmocka_unit_test(every_line_is_a_tag_and_every_id_resolves),
        cmocka_unit_test(no_text_of_a_package_can_forge_a_line),
        cmocka_unit_test(purposes_are_spelt_as_the_format_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
