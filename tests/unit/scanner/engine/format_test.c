#include "check.h"

#include "plugins/scanner/engine/format.h"

#include <stella/analyzer.h>
#include <stella/auto.h>

static stella_status write_nothing(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self, (void)bom, (void)out, (void)err;
    return STELLA_OK;
}

static const char *const versions[] = {"1.7", "1.6", NULL};
static const stella_emitter emitters[] = {
    {.head = STELLA_HEAD(stella_emitter), .format = "plain", .emit = write_nothing},
    {.head = STELLA_HEAD(stella_emitter), .format = "many", .emit = write_nothing, .versions = versions},
    {.head = STELLA_HEAD(stella_emitter), .format = "filled", .emit = write_nothing, .flags = STELLA_EMITTER_TEMPLATE},
    /* built with the headers of before there were versions */
    {.head = {.struct_size = offsetof(stella_emitter, versions)}, .format = "old", .emit = write_nothing},
};

static int32_t peer(stella_job *job, const char *interface_id, uint32_t position, stella_peer *out) {
    (void)job;
    assert_string_equal(interface_id, STELLA_EMITTER_INTERFACE);
    if (position >= STELLA_COUNT(emitters))
        return 0;
    *out = (stella_peer){.struct_size = sizeof *out, .index = position, .interface = &emitters[position]};
    return 1;
}

static const stella_job_ops ops = {.head = STELLA_HEAD(stella_job_ops), .peer = peer};
static stella_job job = {.head = STELLA_HEAD(stella_job), .ops = &ops};

static void takes_the_first_version_unless_one_is_named(void **state) {
    (void)state;
    format_choice choice;
    assert_int_equal(format_choose(&job, STELLA_SV("many"), &choice, NULL), STELLA_OK);
    assert_int_equal(choice.peer.index, 1);
    assert_string_equal(choice.version.ptr, "1.7");
    assert_int_equal(format_choose(&job, STELLA_SV("many@1.6"), &choice, NULL), STELLA_OK);
    assert_string_equal(choice.version.ptr, "1.6");
    assert_int_equal(format_choose(&job, STELLA_SV("old"), &choice, NULL), STELLA_OK);
    assert_int_equal(choice.version.len, 0);
    assert_false(choice.wants_template);
}

static void assert_refused(const char *wanted, const char *message) {
    stella_error err = {0};
    format_choice choice = {.wants_template = 77};
    assert_int_equal(format_choose(&job, stella_sv_cstr(wanted), &choice, &err), STELLA_E_INVALID);
    assert_string_equal(err.message, message);
    assert_int_equal(choice.wants_template, 77);
}

static void lists_what_there_is_when_it_is_asked_for_something_else(void **state) {
    (void)state;
    assert_refused("none", "unknown format \"none\"; known are plain, many, filled, old");
    assert_refused("none@1.6", "unknown format \"none\"; known are plain, many, filled, old");
    assert_refused("many@2", "many has no version \"2\"; it has 1.7, 1.6");
    assert_refused("many@", "many has no version \"\"; it has 1.7, 1.6");
    assert_refused("plain@1", "the format plain has no versions");
    assert_refused("old@1", "the format old has no versions");
}

static stella_status check(const char *request, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_json *root;
    assert_int_equal(stella_json_parse(stella_sv_cstr(request), arena, &root, NULL), STELLA_OK);
    return formats_check(&job, root, err);
}

static void a_template_and_an_output_that_takes_it_come_together(void **state) {
    (void)state;
    stella_error err = {0};
    assert_int_equal(check("{\"formats\":[\"plain\",\"filled\"],\"template\":true}", NULL), STELLA_OK);
    assert_int_equal(check("{\"formats\":[\"plain\",\"many@1.6\"],\"template\":false}", NULL), STELLA_OK);
    assert_int_equal(check("{\"formats\":[\"filled\"]}", &err), STELLA_E_INVALID);
    assert_string_equal(err.message, "the format filled wants --template FILE");
    assert_int_equal(check("{\"formats\":[\"plain\"],\"template\":true}", &err), STELLA_E_INVALID);
    assert_string_equal(err.message, "no output takes a template");
    assert_int_equal(check("{\"formats\":[\"plain\",\"other\"]}", &err), STELLA_E_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_first_version_unless_one_is_named),
        cmocka_unit_test(lists_what_there_is_when_it_is_asked_for_something_else),
        cmocka_unit_test(a_template_and_an_output_that_takes_it_come_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
