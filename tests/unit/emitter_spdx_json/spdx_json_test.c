#include "unit/spdx_schema.h"

#include <stella/json.h>
#include <stella/spdx.h>

static const stella_json *parse(const stella_buf *text, stella_arena *arena) {
    const stella_json *root = NULL;
    stella_error err = {0};
    if (stella_json_parse(stella_buf_sv(text), arena, &root, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return root;
}

static stella_sv member(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

/* The element of a list whose member has that value, or NULL. */
static const stella_json *find(const stella_json *list, const char *key, stella_sv value) {
    for (uint32_t i = 0; list && i < list->count; i++)
        if (stella_sv_eq(member(stella_json_at(list, i), key), value))
            return stella_json_at(list, i);
    return NULL;
}

static void assert_is_id(stella_sv id) {
    assert_true(stella_sv_starts(id, STELLA_SV("SPDXRef-")));
    assert_true(id.len > 8 && id.len < 256);
    for (size_t i = 0; i < id.len; i++)
        assert_non_null(memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", id.ptr[i], 64));
}

/* Valid, and each LicenseRef- in it explained. */
static void assert_is_expression(const stella_json *root, stella_sv text, stella_arena *arena) {
    if (stella_sv_eq(text, STELLA_SV("NOASSERTION")))
        return;
    const stella_sv normal = stella_spdx_expression(text, arena);
    assert_non_null(normal.ptr);
    assert_true(stella_sv_eq(normal, text));
    for (stella_sv word, rest = text; stella_sv_split(&rest, ' ', &word);) {
        while (word.len && (word.ptr[0] == '(' || word.ptr[word.len - 1] == ')'))
            word = word.ptr[0] == '(' ? stella_sv_skip(word, 1) : stella_sv_first(word, word.len - 1);
        if (stella_sv_starts(word, STELLA_SV("LicenseRef-")))
            assert_non_null(find(stella_json_get(root, "hasExtractedLicensingInfos"), "licenseId", word));
    }
}

static void check_packages(const stella_json *root, stella_arena *arena) {
    const stella_json *packages = stella_json_get(root, "packages");
    for (uint32_t i = 0; i < packages->count; i++) {
        const stella_json *package = stella_json_at(packages, i);
        assert_is_id(member(package, "SPDXID"));
        assert_ptr_equal(find(packages, "SPDXID", member(package, "SPDXID")), package); /* there is no earlier one */
        assert_true(member(package, "name").len > 0);
        assert_is_expression(root, member(package, "licenseDeclared"), arena);
        assert_string_equal(stella_arena_cstr(arena, member(package, "downloadLocation")), "NOASSERTION");
    }
}

static void check_relations(const stella_json *root) {
    const stella_json *relations = stella_json_get(root, "relationships");
    const stella_json *packages = stella_json_get(root, "packages");
    for (uint32_t i = 0; i < relations->count; i++) {
        const stella_json *relation = stella_json_at(relations, i);
        const stella_sv from = member(relation, "spdxElementId");
        assert_true(stella_sv_eq(from, STELLA_SV("SPDXRef-DOCUMENT")) || find(packages, "SPDXID", from));
        assert_non_null(find(packages, "SPDXID", member(relation, "relatedSpdxElement")));
    }
}

/* What must hold whatever the result says. */
static void check_document(const stella_json *root, stella_arena *arena) {
    const stella_json *refs = stella_json_get(root, "hasExtractedLicensingInfos");
    check_packages(root, arena);
    check_relations(root);
    for (uint32_t i = 0; refs && i < refs->count; i++) {
        const stella_sv id = member(stella_json_at(refs, i), "licenseId");
        assert_ptr_equal(find(refs, "licenseId", id), stella_json_at(refs, i));
        assert_true(stella_sv_eq(stella_spdx_expression(id, arena), id));
    }
    const stella_sv name = member(root, "documentNamespace");
    assert_true(stella_sv_starts(name, STELLA_SV("https://stella-ops.org/spdx/image/")));
    for (size_t i = 0; i < name.len; i++)
        assert_true(name.ptr[i] > 0x20 && name.ptr[i] < 0x7f && !memchr("#?%\"<>", name.ptr[i], 6));
}

static void writes_the_sample_as_it_did(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    assert_true(stella_testing_golden(GOLDEN "spdx.json", stella_buf_sv(&text)));
}

static void ids_resolve_and_expressions_are_valid(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf hostile = emit_bom(hostile_bom(arena), 0, 0);
    check_document(parse(&text, arena), arena);
    check_document(parse(&hostile, arena), arena);
}

static void every_component_is_a_package_below_the_subject(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_bom *bom = stella_testing_bom(arena, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(bom, 0, 0);
    const stella_json *root = parse(&text, arena);
    const stella_json *relations = stella_json_get(root, "relationships");
    assert_int_equal(stella_json_get(root, "packages")->count, bom->components.count + 1);
    assert_int_equal(relations->count, bom->relations.count + 1);
    const stella_json *describes = stella_json_at(relations, 0);
    assert_string_equal(stella_arena_cstr(arena, member(describes, "relationshipType")), "DESCRIBES");
    assert_string_equal(stella_arena_cstr(arena, member(describes, "relatedSpdxElement")), "SPDXRef-Subject");
}

/* The type and comment of the relationship between two hostile packages, given by their place in the result. */
static const char *relation_between(const stella_json *root, uint32_t from, uint32_t to, stella_arena *arena) {
    const stella_json *relations = stella_json_get(root, "relationships");
    const stella_json *packages = stella_json_get(root, "packages");
    for (uint32_t i = 0; i < relations->count; i++) {
        const stella_json *r = stella_json_at(relations, i);
        if (find(packages, "SPDXID", member(r, "spdxElementId")) == stella_json_at(packages, from + 1) &&
            find(packages, "SPDXID", member(r, "relatedSpdxElement")) == stella_json_at(packages, to + 1))
            return stella_arena_printf(arena, "%.*s/%.*s", STELLA_SV_FMT(member(r, "relationshipType")),
                                       STELLA_SV_FMT(member(r, "comment")))
                .ptr;
    }
    return "none";
}

static void optional_and_dev_have_types_of_their_own(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(hostile_bom(arena), 0, 0);
    const stella_json *root = parse(&text, arena);
    assert_string_equal(relation_between(root, 1, 0, arena), "OPTIONAL_DEPENDENCY_OF/");
    assert_string_equal(relation_between(root, 2, 0, arena), "DEV_DEPENDENCY_OF/inferred, optional");
    assert_string_equal(relation_between(root, 1, 1, arena), "DEPENDS_ON/");
    assert_string_equal(relation_between(root, 2, 1, arena), "OPTIONAL_COMPONENT_OF/");
    assert_string_equal(relation_between(root, UINT32_MAX, 0, arena), "CONTAINS/dev");
}

static void licenses_are_joined_and_free_names_explained(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf hostile = emit_bom(hostile_bom(arena), 0, 0);
    const stella_json *root = parse(&text, arena);
    const stella_json *openssl = find(stella_json_get(root, "packages"), "name", STELLA_SV("openssl"));
    assert_string_equal(stella_arena_cstr(arena, member(openssl, "licenseDeclared")),
                        "Apache-2.0 AND (GPL-2.0-or-later OR LicenseRef-Artistic) AND LicenseRef-Some-free-words");
    const stella_json *refs = stella_json_get(root, "hasExtractedLicensingInfos");
    const stella_json *free_name = find(refs, "licenseId", STELLA_SV("LicenseRef-Some-free-words"));
    assert_string_equal(stella_arena_cstr(arena, member(free_name, "extractedText")), "Some \"free\" words");
    refs = stella_json_get(parse(&hostile, arena), "hasExtractedLicensingInfos");
    assert_true(
        stella_sv_eq(member(find(refs, "licenseId", STELLA_SV("LicenseRef-A-b-other")), "name"), STELLA_SV("A b")));
    assert_true(
        stella_sv_eq(member(find(refs, "licenseId", STELLA_SV("LicenseRef-A-b-other-2")), "name"), STELLA_SV("A/b")));
}

static const char *package_member(const stella_json *root, const char *name, const char *key, stella_arena *arena) {
    const stella_json *package = find(stella_json_get(root, "packages"), "name", stella_sv_cstr(name));
    assert_non_null(package);
    return stella_arena_cstr(arena, member(package, key));
}

static void a_package_says_who_made_it_and_where_it_came_from(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    const stella_json *root = parse(&text, arena);
    assert_string_equal(package_member(root, "openssl", "supplier", arena), "Organization: Debian");
    assert_string_equal(package_member(root, "openssl", "originator", arena),
                        "Organization: Debian OpenSSL Team (pkg-openssl-devel@alioth-lists.debian.net)");
    assert_string_equal(package_member(root, "openssl", "sourceInfo", arena),
                        "built package from: openssl 3.0.15-1~deb12u1");
    assert_string_equal(package_member(root, "core", "supplier", arena), "NOASSERTION");
    assert_string_equal(package_member(root, "debian", "primaryPackagePurpose", arena), "OPERATING_SYSTEM");
    assert_string_equal(package_member(root, "core", "primaryPackagePurpose", arena), "FRAMEWORK");
    const char *comment = package_member(root, "openssl", "comment", arena);
    assert_non_null(strstr(comment, "stella:introduced:digest=sha256:2222"));
    assert_non_null(strstr(comment, "\nstella:evidence=var/lib/dpkg/status:812 package-database "
                                    "org.stella-ops.analyzer.dpkg\n"));
    assert_non_null(strstr(comment, "\nstella:dpkg:section=utils"));
}

static void the_namespace_follows_the_content(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom bom = *stella_testing_bom(arena, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf first = emit_bom(&bom, 0, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf again = emit_bom(&bom, 0, 0);
    bom.tool_version = STELLA_SV("0.1.1");
    STELLA_AUTO(stella_buf_fini) stella_buf other = emit_bom(&bom, 0, 0);
    assert_string_equal(first.ptr, again.ptr);
    assert_false(stella_sv_eq(member(parse(&first, arena), "documentNamespace"),
                              member(parse(&other, arena), "documentNamespace")));
}

static void a_result_without_a_time_is_of_1970(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom bom = *stella_testing_bom(arena, 0);
    const stella_json *info;
    STELLA_AUTO(stella_buf_fini) stella_buf dated = emit_bom(&bom, 0, 0);
    info = stella_json_get(parse(&dated, arena), "creationInfo");
    assert_string_equal(stella_arena_cstr(arena, member(info, "created")), "2023-11-14T22:13:20Z");
    bom.created_ms = -1;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(&bom, 0, 0);
    info = stella_json_get(parse(&text, arena), "creationInfo");
    assert_string_equal(stella_arena_cstr(arena, member(info, "created")), "1970-01-01T00:00:00Z");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_sample_as_it_did),
        cmocka_unit_test(ids_resolve_and_expressions_are_valid),
        cmocka_unit_test(every_component_is_a_package_below_the_subject),
        cmocka_unit_test(optional_and_dev_have_types_of_their_own),
        cmocka_unit_test(licenses_are_joined_and_free_names_explained),
        cmocka_unit_test(a_package_says_who_made_it_and_where_it_came_from),
        cmocka_unit_test(the_namespace_follows_the_content),
        cmocka_unit_test(a_result_without_a_time_is_of_1970),
        cmocka_unit_test(holds_to_the_official_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
