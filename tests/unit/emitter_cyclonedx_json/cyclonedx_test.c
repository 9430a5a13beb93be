#define CDX_SUFFIX ".json"
#include "unit/cyclonedx_kit.h"

#include "common/text.h"

#include <stella/json.h>

static const stella_json *parse(const stella_buf *text, stella_arena *arena) {
    const stella_json *root = NULL;
    stella_error err = {0};
    if (stella_json_parse(stella_buf_sv(text), arena, &root, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return root;
}

static void writes_the_sample_as_it_did(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    assert_true(stella_testing_golden(GOLDEN "cyclonedx.json", stella_buf_sv(&text)));
}

static void every_component_hangs_below_the_root(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    const stella_json *root = parse(&text, arena);
    const stella_json *dependencies = stella_json_get(root, "dependencies");
    const stella_json *components = stella_json_get(root, "components");
    assert_int_equal(dependencies->count, components->count + 1);
    for (uint32_t i = 0; i < components->count; i++) {
        const stella_sv ref = stella_json_str(stella_json_get(stella_json_at(components, i), "bom-ref"));
        uint32_t found = 0;
        for (uint32_t d = 0; d < dependencies->count; d++) {
            const stella_json *on = stella_json_get(stella_json_at(dependencies, d), "dependsOn");
            for (uint32_t k = 0; on && k < on->count; k++)
                found += stella_sv_eq(stella_json_str(stella_json_at(on, k)), ref) ? 1 : 0;
        }
        assert_true(found > 0);
    }
}

static void the_serial_number_follows_the_content(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom bom = *stella_testing_bom(arena, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf first = emit_bom(&bom, 0, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf again = emit_bom(&bom, 0, 0);
    bom.tool_version = STELLA_SV("0.1.1");
    STELLA_AUTO(stella_buf_fini) stella_buf other = emit_bom(&bom, 0, 0);
    const stella_sv a = stella_json_str(stella_json_get(parse(&first, arena), "serialNumber"));
    const stella_sv b = stella_json_str(stella_json_get(parse(&other, arena), "serialNumber"));
    assert_string_equal(first.ptr, again.ptr);
    assert_false(stella_sv_eq(a, b));
    assert_int_equal(a.len, 45);
    assert_int_equal(a.ptr[23], '5');
}

static void has_no_time_when_the_result_has_none(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom bom = *stella_testing_bom(arena, 0);
    bom.created_ms = -1;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(&bom, 0, 0);
    assert_null(stella_json_get(stella_json_get(parse(&text, arena), "metadata"), "timestamp"));
}

static stella_sv root_member(const stella_bom *bom, stella_arena *arena, const char *key) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(bom, 0, 0);
    const stella_json *root = stella_json_get(stella_json_get(parse(&text, arena), "metadata"), "component");
    return stella_arena_dup(arena, stella_json_str(stella_json_get(root, key)));
}

static void the_root_says_what_was_scanned(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom bom = *stella_testing_bom(arena, 0);
    assert_string_equal(root_member(&bom, arena, "type").ptr, "container");
    assert_non_null(strstr(root_member(&bom, arena, "purl").ptr, "pkg:oci/app@sha256:1111"));
    assert_non_null(
        strstr(root_member(&bom, arena, "purl").ptr, "repository_url=registry.example.org:5000%2Fteam%2Fapp"));
    assert_non_null(strstr(root_member(&bom, arena, "purl").ptr, "&tag=1.2"));
    bom.subject_kind = STELLA_SV("directory");
    bom.subject_name = STELLA_SV("rootfs");
    bom.subject_digest = bom.subject_config_digest = STELLA_SV("");
    assert_string_equal(root_member(&bom, arena, "type").ptr, "operating-system");
    assert_int_equal(root_member(&bom, arena, "purl").len, 0);
    bom.distro_id = STELLA_SV("");
    assert_string_equal(root_member(&bom, arena, "type").ptr, "application");
}

static void only_a_manifest_makes_a_package_url_of_an_image(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom bom = *stella_testing_bom(arena, 0);
    bom.subject_name = STELLA_SV("demo"); /* of a layout: a tag, which names no repository */
    assert_int_equal(root_member(&bom, arena, "purl").len, 0);
    bom.subject_name = STELLA_SV("app:1.2");
    assert_non_null(strstr(root_member(&bom, arena, "purl").ptr, "pkg:oci/app@sha256:1111"));
    bom.subject_digest = STELLA_SV("");
    assert_int_equal(root_member(&bom, arena, "purl").len, 0);
    assert_non_null(strstr(root_member(&bom, arena, "version").ptr, "sha256:2222"));
}

static void knows_cpes_and_web_addresses(void **state) {
    (void)state;
    assert_true(text_is_cpe(STELLA_SV("cpe:2.3:a:openssl:openssl:3.0.15:*:*:*:*:*:*:*")));
    assert_true(text_is_cpe(STELLA_SV("cpe:2.3:o:a\\:b:c:1:*:*:*:*:*:*:*")));
    assert_false(text_is_cpe(STELLA_SV("cpe:/o:debian:debian_linux:12")));
    assert_false(text_is_cpe(STELLA_SV("cpe:2.3:a:openssl:openssl:3.0.15")));
    assert_false(text_is_cpe(STELLA_SV("cpe:2.3:a::openssl:3.0.15:*:*:*:*:*:*:*")));
    assert_false(text_is_cpe(STELLA_SV("cpe:2.3:")));
    assert_true(text_is_web_address(STELLA_SV("https://www.openssl.org/")));
    assert_false(text_is_web_address(STELLA_SV("javascript:alert(1)")));
    assert_false(text_is_web_address(STELLA_SV("https://a b")));
}

static const stella_json *component_named(const stella_json *root, const char *name) {
    const stella_json *components = stella_json_get(root, "components");
    for (uint32_t i = 0; i < components->count; i++)
        if (stella_sv_eq(stella_json_str(stella_json_get(stella_json_at(components, i), "name")), stella_sv_cstr(name)))
            return stella_json_at(components, i);
    fail_msg("no component %s", name);
    return NULL;
}

static void an_older_version_says_what_it_can(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = cdx_emit(stella_testing_bom(arena, 0), "1.5");
    const stella_json *root = parse(&text, arena);
    assert_true(stella_sv_eq(stella_json_str(stella_json_get(root, "specVersion")), STELLA_SV("1.5")));
    const stella_json *evidence = stella_json_get(component_named(root, "openssl"), "evidence");
    assert_true(stella_json_is(stella_json_get(evidence, "identity"), STELLA_JSON_OBJECT));
    assert_null(stella_json_get(stella_json_get(evidence, "identity"), "concludedValue"));
    const stella_json *where = stella_json_at(stella_json_get(evidence, "occurrences"), 0);
    assert_non_null(stella_json_get(where, "location"));
    assert_null(stella_json_get(where, "line"));
    assert_null(stella_json_get(where, "additionalContext"));
}

static const stella_json *licenses_of(const stella_bom_license *licenses, uint32_t count, const char *version,
                                      stella_arena *arena) {
    stella_bom bom = *stella_testing_bom(arena, 1);
    stella_bom_component c = *STELLA_AT(bom.components, stella_bom_component, 0);
    c.licenses = (stella_list){.items = licenses, .count = count, .stride = sizeof *licenses};
    bom.components.items = &c;
    STELLA_AUTO(stella_buf_fini) stella_buf text = cdx_emit(&bom, version);
    stella_buf kept = {.ptr = stella_arena_cstr(arena, stella_buf_sv(&text)), .len = text.len};
    return stella_json_get(stella_json_at(stella_json_get(parse(&kept, arena), "components"), 0), "licenses");
}

static void before_1_7_expressions_are_joined_or_stand_as_names(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_bom_license all[] = {{.text = STELLA_SV("MIT"), .how = STELLA_LICENSE_EXPRESSION},
                                      {.text = STELLA_SV("Zlib OR ISC"), .how = STELLA_LICENSE_EXPRESSION},
                                      {.text = STELLA_SV("free words"), .how = STELLA_LICENSE_NAME}};
    assert_int_equal(licenses_of(all, 3, "1.7", arena)->count, 3);
    const stella_json *joined = licenses_of(all, 2, "1.6", arena);
    assert_int_equal(joined->count, 1);
    assert_true(stella_sv_eq(stella_json_str(stella_json_get(stella_json_at(joined, 0), "expression")),
                             STELLA_SV("MIT AND (Zlib OR ISC)")));
    const stella_json *mixed = licenses_of(all, 3, "1.6", arena);
    assert_int_equal(mixed->count, 3);
    const stella_json *second = stella_json_get(stella_json_at(mixed, 1), "license");
    assert_true(stella_sv_eq(stella_json_str(stella_json_get(second, "name")), STELLA_SV("Zlib OR ISC")));
    assert_non_null(stella_json_get(stella_json_get(stella_json_at(mixed, 0), "license"), "id"));
}

static void another_version_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    const stella_emission how = {.head = STELLA_HEAD(stella_emission), .version = STELLA_SV("1.4")};
    assert_int_equal(stella_testing_emit_as(&stella_plugin, stella_testing_bom(arena, 0), &how, &text, NULL),
                     STELLA_E_INVALID);
    assert_int_equal(text.len, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_sample_as_it_did),
        cmocka_unit_test(every_component_hangs_below_the_root),
        cmocka_unit_test(the_serial_number_follows_the_content),
        cmocka_unit_test(has_no_time_when_the_result_has_none),
        cmocka_unit_test(the_root_says_what_was_scanned),
        cmocka_unit_test(only_a_manifest_makes_a_package_url_of_an_image),
        cmocka_unit_test(knows_cpes_and_web_addresses),
        cmocka_unit_test(an_older_version_says_what_it_can),
        cmocka_unit_test(before_1_7_expressions_are_joined_or_stand_as_names),
        cmocka_unit_test(another_version_is_refused),
        CDX_TESTS,
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
