#include "unit/emitter_hostile.h"

static stella_status render(const stella_bom *bom, stella_sv text, stella_buf *out, stella_error *err) {
    const stella_emission how = {.head = STELLA_HEAD(stella_emission), .template_text = text};
    return stella_testing_emit_as(&stella_plugin, bom, &how, out, err);
}

static void assert_renders(const stella_bom *bom, const char *text, const char *expected) {
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    stella_error err = {0};
    if (render(bom, stella_sv_cstr(text), &out, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    assert_string_equal(out.ptr ? out.ptr : "", expected);
}

static void names_are_those_of_the_full_result(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_bom *bom = stella_testing_bom(arena, 0);
    assert_renders(bom, "{{subject.name}} {{subject.kind}} {{distro.id}} {{tool.version}}\n",
                   "registry.example.org:5000/team/app:1.2 image debian 0.1.0\n");
    assert_renders(bom, "{{#components}}\n{{{purl}}}|{{version}}|{{introducedLayer}}\n{{/components}}\n",
                   "|12|0\npkg:deb/debian/openssl@3.0.15-1~deb12u1?arch=amd64&distro=debian-12|3.0.15-1~deb12u1|1\n"
                   "pkg:npm/%40angular/core@17.0.0|17.0.0|1\n||0\n");
    assert_renders(bom, "{{#layers}}{{size}} {{/layers}}{{#relations}}{{^from}}{{kind}} {{to}};{{/from}}{{/relations}}",
                   "31357624 512 contains operating-system:debian@12;dependsOn pkg:npm/%40angular/core@17.0.0;");
}

static void a_member_that_is_left_out_is_not_found_further_out(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_bom *bom = stella_testing_bom(arena, 0);
    assert_renders(bom, "{{#components}}{{#licenses}}[{{expression}}|{{{name}}}]{{/licenses}}{{/components}}",
                   "[Apache-2.0|][GPL-2.0-or-later OR LicenseRef-Artistic|][|Some \"free\" words][MIT|]");
    assert_renders(bom, "{{#components}}{{#evidence}}{{line}}:{{purl}}.{{/evidence}}{{/components}}",
                   ":.:.812:pkg:deb/debian/openssl@3.0.15-1~deb12u1?arch=amd64&amp;distro=debian-12."
                   "812:pkg:npm/%40angular/core@17.0.0.:.:.");
    assert_renders(bom, "{{#components}}{{#dev}}{{name}}{{/dev}}{{/components}}", "core");
}

static void values_bring_no_control_characters(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(16u << 20);
    const stella_sv text = STELLA_SV("{{#components}}{{name}}{{version}}{{#licenses}}{{{name}}}{{/licenses}}"
                                     "{{#evidence}}{{path}}{{/evidence}}{{/components}}");
    assert_int_equal(render(hostile_bom(arena), text, &out, NULL), STELLA_OK);
    assert_true(out.len > HOSTILE_NAME_BYTES);
    for (size_t i = 0; i < out.len; i++)
        assert_true((unsigned char)out.ptr[i] >= 0x20 && out.ptr[i] != 0x7f);
}

static void html_is_escaped_unless_told_otherwise(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom bom = *stella_testing_bom(arena, 0);
    bom.subject_name = STELLA_SV("<b>{{tool.name}}&");
    assert_renders(&bom, "{{subject.name}} {{{subject.name}}} {{&subject.name}}",
                   "&lt;b&gt;{{tool.name}}&amp; <b>{{tool.name}}& <b>{{tool.name}}&");
    assert_renders(&bom, "{{=<% %>=}}<%& subject.name %>{{x}}", "<b>{{tool.name}}&{{x}}");
}

static void assert_refused(const char *text, stella_status code, const char *where, const char *why) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    stella_error err = {0};
    assert_int_equal(render(stella_testing_bom(arena, 0), stella_sv_cstr(text), &out, &err), code);
    assert_string_equal(err.path, where);
    if (!strstr(err.message, why))
        fail_msg("%s", err.message);
    assert_int_equal(out.len, 0);
}

static void a_template_that_is_none_is_refused_with_its_line(void **state) {
    (void)state;
    assert_refused("a\n\n{{#components}}", STELLA_E_INVALID, "line 3", "without an end");
    assert_refused("\n{{name", STELLA_E_INVALID, "line 2", "without an end");
    assert_refused("{{/components}}", STELLA_E_INVALID, "line 1", "not open");
    assert_refused("{{=<%=}}", STELLA_E_INVALID, "line 1", "delimiters");
    assert_refused("{{#components}}{{/layers}}", STELLA_E_INVALID, "", "Unclosed section");
}

/* The library would run a text of the result as a template. */
static void partials_are_refused(void **state) {
    (void)state;
    assert_refused("\n{{> subject.name}}", STELLA_E_INVALID, "line 2", "partial");
    assert_refused("{{=<% %>=}}\n<%>name%>", STELLA_E_INVALID, "line 2", "partial");
}

static void sections_have_a_limit(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    for (int i = 0; i < 33; i++)
        stella_buf_add(&text, STELLA_SV("{{#layers}}"));
    assert_refused(text.ptr, STELLA_E_INVALID, "line 1", "32 sections");
}

/* 2,000^3 steps. */
static void a_run_without_end_is_stopped(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    stella_error err = {0};
    const stella_sv text = STELLA_SV("{{#components}}{{#components}}{{#components}}{{#components}}"
                                     "{{/components}}{{/components}}{{/components}}{{/components}}");
    assert_int_equal(render(stella_testing_bom(arena, 2000), text, &out, &err), STELLA_E_LIMIT);
    assert_non_null(strstr(err.message, "too much"));
}

static void nothing_is_written_without_a_template(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    stella_error err = {0};
    assert_int_equal(render(stella_testing_bom(arena, 0), stella_sv_of(NULL, 0), &out, &err), STELLA_E_INVALID);
    assert_non_null(strstr(err.message, "--template"));
}

static void what_a_sink_says_is_passed_on(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(8);
    stella_error err = {0};
    assert_int_equal(render(stella_testing_bom(arena, 0), STELLA_SV("{{subject.name}}\n"), &out, &err), STELLA_E_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_those_of_the_full_result),
        cmocka_unit_test(a_member_that_is_left_out_is_not_found_further_out),
        cmocka_unit_test(values_bring_no_control_characters),
        cmocka_unit_test(html_is_escaped_unless_told_otherwise),
        cmocka_unit_test(a_template_that_is_none_is_refused_with_its_line),
        cmocka_unit_test(partials_are_refused),
        cmocka_unit_test(sections_have_a_limit),
        cmocka_unit_test(a_run_without_end_is_stopped),
        cmocka_unit_test(nothing_is_written_without_a_template),
        cmocka_unit_test(what_a_sink_says_is_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
