/* Which plugins a scan of the command line loads. */
#include "check.h"

#include "cli/scan_needs.h"

static plugin_manifest manifest(const char *id, const char *provides) {
    plugin_manifest m = {.id = id, .role = PLUGIN_ROLE_SCAN, .provides_count = 1};
    m.provides[0] = provides;
    return m;
}

static int needs(const scan_plan *plan, const char *id, const char *provides) {
    const plugin_manifest m = manifest(id, provides);
    return scan_needs(plan, &m);
}

static int needs_emitter(const scan_plan *plan, const char *id) {
    return needs(plan, id, "stella.emitter/1");
}

static void formats_that_nobody_asked_for_are_not_needed(void **state) {
    (void)state;
    const scan_plan plan = {
        .scan.target = "app.tar", .output_count = 2, .outputs = {{.format = "table"}, {.format = "cyclonedx-xml@1.6"}}};
    assert_true(needs_emitter(&plan, "org.stella-ops.emitter.table"));
    assert_true(needs_emitter(&plan, "org.stella-ops.emitter.cyclonedx-xml"));
    assert_false(needs_emitter(&plan, "org.stella-ops.emitter.cyclonedx-json"));
    assert_true(needs_emitter(&plan, "org.example.emitter.json"));
    assert_true(needs_emitter(&plan, "org.stella-ops.emitter.not-known-here"));
}

static void whoever_asks_for_an_unknown_format_gets_them_all(void **state) {
    (void)state;
    const scan_plan plan = {.scan.target = "app.tar", .output_count = 1, .outputs = {{.format = "tabel"}}};
    assert_true(needs_emitter(&plan, "org.stella-ops.emitter.table"));
    assert_true(needs_emitter(&plan, "org.stella-ops.emitter.json"));
}

static void a_named_source_needs_no_other(void **state) {
    (void)state;
    const scan_plan dir = {.scan.target = "dir:/"}, plain = {.scan.target = "/srv"}, odd = {.scan.target = "dri:/srv"};
    assert_true(needs(&dir, "org.stella-ops.source.dir", "stella.source/1"));
    assert_false(needs(&dir, "org.stella-ops.source.tar", "stella.source/1"));
    assert_true(needs(&dir, "org.example.source.tar", "stella.source/1"));
    assert_true(needs(&plain, "org.stella-ops.source.tar", "stella.source/1"));
    assert_true(needs(&odd, "org.stella-ops.source.tar", "stella.source/1"));
}

static void readers_are_for_documents(void **state) {
    (void)state;
    const scan_plan one = {.scan.target = "sbom:a.json"}, many = {.scan.target = "sboms:a.tar"},
                    image = {.scan.target = "alpine:3.20"};
    assert_true(needs(&one, "org.example.reader", "stella.reader/1"));
    assert_true(needs(&many, "org.example.reader", "stella.reader/1"));
    assert_false(needs(&image, "org.example.reader", "stella.reader/1"));
}

static void tracers_are_for_images_and_for_what_is_asked_for(void **state) {
    (void)state;
    const scan_plan dir = {.scan.target = "dir:/"}, image = {.scan.target = "alpine:3.20"};
    scan_plan asked = {.scan.target = "dir:/", .process = stella_buf_of(64)};
    assert_int_equal(stella_buf_add(&asked.process, STELLA_SV("{}")), STELLA_OK);
    assert_false(needs(&dir, "org.example.tracer", "stella.entrytrace/1"));
    assert_true(needs(&image, "org.example.tracer", "stella.entrytrace/1"));
    assert_true(needs(&asked, "org.example.tracer", "stella.entrytrace/1"));
    stella_buf_fini(&asked.process);
}

static void what_provides_something_else_too_is_needed(void **state) {
    (void)state;
    const scan_plan dir = {.scan.target = "dir:/"};
    plugin_manifest m = manifest("org.example.reader", "stella.reader/1");
    m.provides[m.provides_count++] = "stella.analyzer/1";
    assert_true(scan_needs(&dir, &m));
    assert_true(needs(&dir, "org.stella-ops.scanner.engine", "stella.job/1"));
}

static void a_scan_has_no_host_for_other_roles(void **state) {
    (void)state;
    const scan_plan dir = {.scan.target = "dir:/"};
    plugin_manifest m = manifest("org.example.service", "stella.service/1");
    m.role = PLUGIN_ROLE_KERNEL;
    assert_false(scan_needs(&dir, &m));
    m.role = PLUGIN_ROLE_CONNECT;
    assert_true(scan_needs(&dir, &m));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_that_nobody_asked_for_are_not_needed),
        cmocka_unit_test(whoever_asks_for_an_unknown_format_gets_them_all),
        cmocka_unit_test(a_named_source_needs_no_other),
        cmocka_unit_test(readers_are_for_documents),
        cmocka_unit_test(tracers_are_for_images_and_for_what_is_asked_for),
        cmocka_unit_test(what_provides_something_else_too_is_needed),
        cmocka_unit_test(a_scan_has_no_host_for_other_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
