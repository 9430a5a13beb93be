#include "subject.h"

/* Each breaks the contract in one way. */

static stella_component *proven(stella_analysis *job) {
    const stella_file file = {.struct_size = sizeof file, .path = STELLA_SV("a.txt")};
    return subject_add(job, STELLA_SV("name"), &file);
}

#define BREACH(name, ...)                                                                                              \
    static stella_status name(void *self, stella_analysis *job, stella_error *err) {                                   \
        (void)self, (void)err;                                                                                         \
        __VA_ARGS__;                                                                                                   \
        return STELLA_OK;                                                                                              \
    }

BREACH(no_evidence, stella_component_add(job, STELLA_SV("generic"), STELLA_SV("name"), STELLA_SV("1"), 0))
BREACH(no_name, stella_component_add(job, STELLA_SV("generic"), STELLA_SV(""), STELLA_SV("1"), 0))
BREACH(no_type, stella_component_add(job, STELLA_SV(""), STELLA_SV("name"), STELLA_SV("1"), 0))
BREACH(relation_to_nothing, stella_relate(job, proven(job), NULL, STELLA_RELATION_DEPENDS_ON, 0))
BREACH(unknown_relation, stella_component *c = proven(job); stella_relate(job, c, c, 99, 0))
BREACH(unknown_field, stella_component_set(proven(job), 99, STELLA_SV("x")))
BREACH(nameless_property, stella_component_property(proven(job), STELLA_SV(""), STELLA_SV("x")))
BREACH(empty_license, stella_component_license(proven(job), STELLA_LICENSE_NAME, STELLA_SV("")))
BREACH(unknown_license, stella_component_license(proven(job), 99, STELLA_SV("MIT")))
BREACH(no_method, const stella_file f = {.struct_size = sizeof f, .path = STELLA_SV("a")};
       stella_component_evidence(proven(job), &f, 1, STELLA_SV("")))
BREACH(absolute_path, const stella_owned f = {.struct_size = sizeof f, .path = STELLA_SV("/bin/x")};
       stella_component_owns(proven(job), &f))
BREACH(unsized_file, const stella_owned f = {.path = STELLA_SV("bin/x")}; stella_component_owns(proven(job), &f))
BREACH(bare_digest,
       const stella_owned f = {.struct_size = sizeof f, .path = STELLA_SV("bin/x"), .digest = STELLA_SV("00")};
       stella_component_owns(proven(job), &f))
BREACH(unversioned_kind, stella_record r = STELLA_RECORD_INIT; r.kind = STELLA_SV("mine"); stella_publish(job, &r, err))
BREACH(silent_failure, if (job) return STELLA_E_FORMAT)
BREACH(nothing, (void)job)

static stella_status kindless_record(void *self, stella_probe *probe, stella_error *err) {
    (void)self;
    const stella_record record = STELLA_RECORD_INIT;
    return stella_probe_record(probe, &record, err);
}

static stella_status endless_key(void *self, stella_probe *probe, stella_error *err) {
    (void)self;
    static const char key[4097] = "";
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV("kind");
    record.key = stella_sv_of(key, sizeof key);
    return stella_probe_record(probe, &record, err);
}

static void each_breach_of_the_contract_is_named(void **state) {
    (void)state;
    static const struct {
        subject_probe probe;
        subject_analyze analyze;
        const char *said;
    } breaches[] = {
        {subject_no_probe, no_evidence, "without evidence"},
        {subject_no_probe, no_name, "without type or name"},
        {subject_no_probe, no_type, "without type or name"},
        {subject_no_probe, relation_to_nothing, "relation"},
        {subject_no_probe, unknown_relation, "relation"},
        {subject_no_probe, unknown_field, "field 99"},
        {subject_no_probe, nameless_property, "without a name"},
        {subject_no_probe, empty_license, "license"},
        {subject_no_probe, unknown_license, "license"},
        {subject_no_probe, no_method, "without a path or a method"},
        {subject_no_probe, absolute_path, "relative path"},
        {subject_no_probe, unsized_file, "without size"},
        {subject_no_probe, bare_digest, "no algorithm"},
        {subject_no_probe, unversioned_kind, "no version"},
        {subject_no_probe, silent_failure, "filled no error"},
        {kindless_record, nothing, "has no kind"},
        {endless_key, nothing, "too large"},
        {NULL, nothing, "asks for probe"},
        {subject_no_probe, NULL, "no analyzer"},
    };
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "a.db", STELLA_SV("x"));
    const char *const layer = root.path;
    for (uint32_t i = 0; i < STELLA_COUNT(breaches); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
        stella_error err = {0};
        subject_is(breaches[i].probe, breaches[i].analyze);
        if (subject_run(&layer, 1, &text, &err) != STELLA_E_INVALID || !strstr(err.message, breaches[i].said))
            fail_msg("breach %u: expected \"%s\", got \"%s\"", i, breaches[i].said, err.message);
        assert_int_equal(text.len, 0);
    }
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    subject_is(subject_no_probe, nothing);
    assert_int_equal(subject_run(&layer, 1, &text, NULL), STELLA_OK);
}

static stella_status fails(void *self, stella_probe *probe, stella_error *err) {
    (void)self, (void)probe;
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "this file is broken");
}

static void a_probe_that_fails_loses_its_file_and_no_more(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    scratch_write(&root, "a.db", STELLA_SV("x"));
    scratch_write(&root, "a.txt", STELLA_SV("x"));
    const char *const layer = root.path;
    subject_is(fails, subject_lists_files);
    assert_int_equal(subject_run(&layer, 1, &text, NULL), STELLA_OK);
    assert_true(subject_says(&text, "this file is broken"));
    assert_true(subject_says(&text, "\"a.txt\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_breach_of_the_contract_is_named),
        cmocka_unit_test(a_probe_that_fails_loses_its_file_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
