/* Which components of an image are listed: what is declared, what is managed, what several findings come to. */
#include "check.h"
#include "job_kit.h"

#define NONE     0u
#define DECLARED STELLA_COMPONENT_DECLARED
#define DEV      STELLA_COMPONENT_DEV
#define OPTIONAL STELLA_COMPONENT_OPTIONAL
#define VENDOR   STELLA_COMPONENT_VENDOR

typedef struct statement {
    const char *type, *name;
    uint32_t flags;
    const char *proof; /* a file */
    const char *owned[3];
    const char *needs; /* name of an earlier statement of the same analyzer */
} statement;

/* What the analyzers of the phases state, each list ended by an entry without name. */
static struct { const statement *packages, *applications, *binaries; } stated;

static void state(stella_analysis *job, const statement *list) {
    stella_component *made[8] = {0};
    for (uint32_t i = 0; list && list[i].name; i++) {
        const statement *s = &list[i];
        made[i] = stella_component_add(job, stella_sv_cstr(s->type), stella_sv_cstr(s->name), STELLA_SV("1"), s->flags);
        const stella_file file = {.struct_size = sizeof file, .path = stella_sv_cstr(s->proof)};
        stella_component_evidence(made[i], &file, 0, STELLA_SV("metadata"));
        for (size_t k = 0; k < 3 && s->owned[k]; k++) {
            const stella_owned owned = {.struct_size = sizeof owned, .path = stella_sv_cstr(s->owned[k])};
            stella_component_owns(made[i], &owned);
        }
        for (uint32_t k = 0; s->needs && k < i; k++)
            if (strcmp(list[k].name, s->needs) == 0)
                stella_relate(job, made[i], made[k], STELLA_RELATION_DEPENDS_ON, 0);
    }
}

static stella_status packages(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    state(job, stated.packages);
    return STELLA_OK;
}

static stella_status applications(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    state(job, stated.applications);
    return STELLA_OK;
}

static stella_status binaries(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    state(job, stated.binaries);
    return STELLA_OK;
}

/* One layer with these files, and what is said of it. */
static void run(job_kit *k, const char *more) {
    static const char *const files[] = {"usr/lib/a.js", "usr/lib/b.js", "usr/bin/tool",
                                        "app/a.js",     "app/lock",     "opt/x"};
    kit *layer = kit_create();
    for (size_t i = 0; i < STELLA_COUNT(files); i++)
        kit_file(layer, files[i]);
    job_layer(k, layer);
    job_analyzer(k, "org.test.p", STELLA_PHASE_PACKAGES, packages);
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, applications);
    job_analyzer(k, "org.test.b", STELLA_PHASE_BINARIES, binaries);
    k->more = more;
    assert_int_equal(job_run(k, 1), STELLA_OK);
}

static int setup(void **state_) {
    memset(&stated, 0, sizeof stated);
    return job_setup(state_);
}

/* ---- what findings come to ---------------------------------------------------------------------------------------- */

static void one_witness_that_a_component_is_installed_needed_or_not_optional_is_enough(void **state_) {
    static const statement a[] = {
        {.type = "npm", .name = "both", .flags = DECLARED | DEV | OPTIONAL, .proof = "app/lock"},
        {.type = "npm", .name = "both", .flags = NONE, .proof = "app/a.js"},
        {.type = "npm", .name = "prod", .flags = DECLARED | DEV, .proof = "app/lock"},
        {.type = "npm", .name = "prod", .flags = DECLARED | OPTIONAL, .proof = "opt/x"},
        {.type = "npm", .name = "test", .flags = DEV, .proof = "app/lock"},
        {.type = "npm", .name = "test", .flags = DEV | DECLARED, .proof = "opt/x"},
        {0}};
    stated.applications = a;
    run(*state_, ",\"declared\":\"on\",\"dev\":true");
    assert_dumps((job_kit *)*state_, "component pkg:npm/both@1 introduced=0 layers=0 flags=0 ");
    assert_dumps((job_kit *)*state_, "component pkg:npm/prod@1 introduced=0 layers=0 flags=1 ");
    assert_dumps((job_kit *)*state_, "component pkg:npm/test@1 introduced=0 layers=0 flags=2 ");
}

static void one_witness_that_it_is_the_distributions_own_is_enough(void **state_) {
    static const statement p[] = {{.type = "generic", .name = "libc", .flags = NONE, .proof = "opt/x"},
                                  {.type = "generic", .name = "libc", .flags = VENDOR, .proof = "usr/bin/tool"},
                                  {0}};
    stated.packages = p;
    run(*state_, NULL);
    assert_dumps((job_kit *)*state_, "component pkg:generic/libc@1 introduced=0 layers=0 flags=16 ");
}

/* ---- declared ----------------------------------------------------------------------------------------------------- */

static const statement locked[] = {
    {.type = "npm", .name = "installed", .flags = NONE, .proof = "app/a.js"},
    {.type = "npm", .name = "tester", .flags = DEV | OPTIONAL, .proof = "app/a.js"},
    {.type = "npm", .name = "locked", .flags = DECLARED, .proof = "app/lock"},
    {.type = "npm", .name = "mocha", .flags = DECLARED | DEV, .proof = "app/lock"},
    {.type = "npm", .name = "fsevents", .flags = DECLARED | OPTIONAL, .proof = "app/lock"},
    {0}};

#define LISTED(k, name)     assert_dumps((job_kit *)(k), "component pkg:npm/" name "@1 ")
#define NOT_LISTED(k, name) assert_does_not_dump((job_kit *)(k), "component pkg:npm/" name "@1 ")

static void a_tree_without_os_has_what_lock_files_name_but_not_for_development(void **state_) {
    stated.applications = locked;
    run(*state_, NULL);
    LISTED(*state_, "installed");
    LISTED(*state_, "tester"); /* it is there, whatever for */
    LISTED(*state_, "locked");
    NOT_LISTED(*state_, "mocha");
    NOT_LISTED(*state_, "fsevents");
}

static void with_dev_what_is_for_development_and_optional_is_there_too(void **state_) {
    stated.applications = locked;
    run(*state_, ",\"dev\":true");
    LISTED(*state_, "mocha");
    LISTED(*state_, "fsevents");
}

static void a_system_has_what_is_installed_alone(void **state_) {
    static const statement p[] = {{.type = "generic", .name = "libc", .flags = NONE, .proof = "opt/x"}, {0}};
    stated.packages = p;
    stated.applications = locked;
    run(*state_, ",\"dev\":true");
    LISTED(*state_, "installed");
    LISTED(*state_, "tester");
    NOT_LISTED(*state_, "locked");
    NOT_LISTED(*state_, "mocha");
}

static void a_system_has_what_is_declared_when_it_is_asked_for(void **state_) {
    static const statement p[] = {{.type = "generic", .name = "libc", .flags = NONE, .proof = "opt/x"}, {0}};
    stated.packages = p;
    stated.applications = locked;
    run(*state_, ",\"declared\":\"on\"");
    LISTED(*state_, "locked");
    NOT_LISTED(*state_, "mocha");
}

static void a_tree_has_nothing_declared_when_that_is_switched_off(void **state_) {
    stated.applications = locked;
    run(*state_, ",\"declared\":\"off\",\"dev\":true");
    LISTED(*state_, "installed");
    NOT_LISTED(*state_, "locked");
}

static void the_format_with_everything_has_no_more_of_what_is_declared(void **state_) {
    ((job_kit *)*state_)->format = "dump-all";
    stated.applications = locked;
    run(*state_, ",\"declared\":\"off\"");
    LISTED(*state_, "installed");
    NOT_LISTED(*state_, "locked");
}

static void a_word_that_is_none_is_refused(void **state_) {
    job_kit *k = *state_;
    job_layer(k, kit_create());
    k->more = ",\"declared\":\"maybe\"";
    assert_int_equal(job_run(k, 1), STELLA_E_FORMAT);
    assert_string_equal(k->error.path, "declared");
}

/* ---- managed ------------------------------------------------------------------------------------------------------ */

static const statement of_distribution[] = {
    {.type = "generic", .name = "nodejs", .flags = VENDOR, .proof = "opt/x", .owned = {"usr/lib/a.js", "usr/lib/b.js"}},
    {.type = "generic", .name = "thirdly", .flags = NONE, .proof = "opt/x", .owned = {"usr/bin/tool"}},
    {0}};

static void what_the_distribution_owns_is_left_out_and_its_neighbours_stand(void **state_) {
    static const statement a[] = {
        {.type = "npm", .name = "within", .flags = NONE, .proof = "usr/lib/a.js"},
        {.type = "npm",
         .name = "owning",
         .flags = NONE,
         .proof = "app/a.js",
         .owned = {"usr/lib/a.js", "usr/lib/b.js"}},
        {.type = "npm",
         .name = "partly",
         .flags = NONE,
         .proof = "usr/lib/a.js",
         .owned = {"usr/lib/a.js", "app/a.js"}},
        {.type = "npm", .name = "outside", .flags = NONE, .proof = "app/a.js"},
        {.type = "npm", .name = "third", .flags = NONE, .proof = "usr/bin/tool"},
        {.type = "npm", .name = "gone", .flags = NONE, .proof = "usr/lib/a.js", .owned = {"usr/lib/not-there.js"}},
        {.type = "npm", .name = "inner", .flags = NONE, .proof = "usr/lib/a.js!/lib/inner.js!/x"},
        {.type = "npm", .name = "unowned", .flags = NONE, .proof = "app/a.js!/usr/lib/a.js"},
        {0}};
    stated.packages = of_distribution;
    stated.applications = a;
    run(*state_, NULL);
    NOT_LISTED(*state_, "inner"); /* in an archive of the distribution's */
    LISTED(*state_, "unowned");
    NOT_LISTED(*state_, "within");
    NOT_LISTED(*state_, "owning"); /* its files decide, not what proves it */
    LISTED(*state_, "partly");
    LISTED(*state_, "outside");
    LISTED(*state_, "third");    /* a package of somebody else's owns it */
    NOT_LISTED(*state_, "gone"); /* none of its files is there: its proof decides */
    assert_dumps((job_kit *)*state_, "component pkg:generic/nodejs@1 ");
}

static void what_is_managed_is_listed_when_it_is_asked_for_and_marked(void **state_) {
    static const statement a[] = {{.type = "npm", .name = "within", .flags = NONE, .proof = "usr/lib/a.js"}, {0}};
    static const statement b[] = {{.type = "bin", .name = "tool", .flags = NONE, .proof = "usr/lib/b.js"}, {0}};
    stated.packages = of_distribution;
    stated.applications = a;
    stated.binaries = b;
    run(*state_, ",\"managed\":true");
    assert_dumps((job_kit *)*state_, "component pkg:npm/within@1 introduced=0 layers=0 flags=32 ");
    assert_dumps((job_kit *)*state_, "tool@1 introduced=0 layers=0 flags=32 ");
}

static void the_format_with_everything_has_what_is_managed(void **state_) {
    static const statement a[] = {{.type = "npm", .name = "within", .flags = NONE, .proof = "usr/lib/a.js"}, {0}};
    ((job_kit *)*state_)->format = "dump-all";
    stated.packages = of_distribution;
    stated.applications = a;
    run(*state_, NULL);
    assert_dumps((job_kit *)*state_, "component pkg:npm/within@1 introduced=0 layers=0 flags=32 ");
}

static void a_second_place_outside_the_distribution_makes_it_stand(void **state_) {
    static const statement a[] = {
        {.type = "npm", .name = "twice", .flags = NONE, .proof = "usr/lib/a.js", .owned = {"usr/lib/a.js"}},
        {.type = "npm", .name = "twice", .flags = NONE, .proof = "app/a.js"},
        {0}};
    stated.packages = of_distribution;
    stated.applications = a;
    run(*state_, NULL);
    LISTED(*state_, "twice");
}

static void a_mention_in_a_lock_file_does_not_make_it_stand_and_one_within_is_managed_itself(void **state_) {
    static const statement a[] = {{.type = "npm", .name = "both", .flags = NONE, .proof = "usr/lib/a.js"},
                                  {.type = "npm", .name = "both", .flags = DECLARED, .proof = "app/lock"},
                                  {.type = "npm", .name = "named", .flags = DECLARED, .proof = "usr/lib/b.js"},
                                  {.type = "npm", .name = "wanted", .flags = DECLARED, .proof = "usr/lib/b.js"},
                                  {.type = "npm", .name = "wanted", .flags = DECLARED, .proof = "app/lock"},
                                  {0}};
    stated.packages = of_distribution;
    stated.applications = a;
    run(*state_, ",\"declared\":\"on\"");
    NOT_LISTED(*state_, "both");
    NOT_LISTED(*state_, "named");
    LISTED(*state_, "wanted");
}

static void a_package_is_not_managed_by_itself_nor_an_application_that_owns_its_own_files(void **state_) {
    static const statement p[] = {
        {.type = "generic", .name = "nodejs", .flags = VENDOR, .proof = "usr/lib/a.js", .owned = {"usr/lib/a.js"}},
        {.type = "generic", .name = "doc", .flags = VENDOR, .proof = "usr/lib/a.js"},
        {0}};
    static const statement a[] = {
        {.type = "npm", .name = "vendors", .flags = VENDOR, .proof = "opt/x", .owned = {"opt/x"}}, {0}};
    stated.packages = p;
    stated.applications = a;
    run(*state_, NULL);
    assert_dumps((job_kit *)*state_, "component pkg:generic/nodejs@1 introduced=0 layers=0 flags=16 ");
    assert_dumps((job_kit *)*state_, "component pkg:generic/doc@1 introduced=0 layers=0 flags=16 ");
    LISTED(*state_, "vendors");
}

static void every_component_that_is_left_is_reached_from_the_root(void **state_) {
    static const statement a[] = {
        {.type = "npm", .name = "leaf", .flags = NONE, .proof = "app/a.js"},
        {.type = "npm", .name = "middle", .flags = NONE, .proof = "usr/lib/a.js", .needs = "leaf"},
        {.type = "npm", .name = "top", .flags = NONE, .proof = "app/a.js", .needs = "middle"},
        {0}};
    stated.packages = of_distribution;
    stated.applications = a;
    run(*state_, NULL);
    NOT_LISTED(*state_, "middle");
    /* In the order of refs: nodejs, thirdly, leaf, top. */
    assert_dumps((job_kit *)*state_, "relation -1->0 ");
    assert_dumps((job_kit *)*state_, "relation -1->2 ");
    assert_dumps((job_kit *)*state_, "relation -1->3 ");
    assert_does_not_dump((job_kit *)*state_, "->4 ");
}

/* ---- counting ----------------------------------------------------------------------------------------------------- */

static stella_status counts(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_count(job, STELLA_SV("node_scripts"), 3);
    stella_count(job, STELLA_SV("other"), 1);
    stella_count(job, STELLA_SV("node_scripts"), 4);
    return STELLA_OK;
}

static void what_analyzers_count_is_added_up_by_name_in_the_result_and_the_reply(void **state_) {
    job_kit *k = *state_;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, counts);
    job_analyzer(k, "org.test.b", STELLA_PHASE_APPLICATIONS, counts);
    k->more = ",\"counters\":[{\"name\":\"entries\",\"value\":\"9\"}]";
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "counter entries=9\ncounter node_scripts=14\ncounter other=2\n");
    assert_non_null(strstr(k->reply.ptr, "\"counts\":[{\"name\":\"node_scripts\",\"value\":\"14\"},"
                                         "{\"name\":\"other\",\"value\":\"2\"}]"));
}

static stella_status counts_without_end(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    for (unsigned i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%u", i);
        stella_count(job, stella_sv_cstr(name), 1);
    }
    return STELLA_OK;
}

static stella_status counts_under_a_bad_name(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_count(job, STELLA_SV("Node-Scripts"), 1);
    return STELLA_OK;
}

static void counters_without_end_and_bad_names_fail_the_analyzer(void **state_) {
    job_kit *k = *state_;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, counts_without_end);
    job_analyzer(k, "org.test.b", STELLA_PHASE_APPLICATIONS, counts_under_a_bad_name);
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_dumps(k, "error org.test.a limit lost=1 layer=-1 count: more than 64 counters\n");
    assert_dumps(k, "error org.test.b invalid lost=1 layer=-1 count: a counter has lower-case letters");
}

/* ---- options ------------------------------------------------------------------------------------------------------ */

static uint32_t seen_options;

static stella_status sees_options(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    seen_options = job->options;
    return STELLA_OK;
}

static void options_reach_the_analysis(void **state_) {
    job_kit *k = *state_;
    job_layer(k, kit_create());
    job_analyzer(k, "org.test.a", STELLA_PHASE_APPLICATIONS, sees_options);
    k->more = ",\"options\":3";
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_int_equal(seen_options, STELLA_OPTION_HEURISTICS | STELLA_OPTION_LICENSE_TEXTS);
}

#define LISTING_TEST(f) cmocka_unit_test_setup_teardown(f, setup, job_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        LISTING_TEST(one_witness_that_a_component_is_installed_needed_or_not_optional_is_enough),
        LISTING_TEST(one_witness_that_it_is_the_distributions_own_is_enough),
        LISTING_TEST(a_tree_without_os_has_what_lock_files_name_but_not_for_development),
        LISTING_TEST(with_dev_what_is_for_development_and_optional_is_there_too),
        LISTING_TEST(a_system_has_what_is_installed_alone),
        LISTING_TEST(a_system_has_what_is_declared_when_it_is_asked_for),
        LISTING_TEST(a_tree_has_nothing_declared_when_that_is_switched_off),
        LISTING_TEST(the_format_with_everything_has_no_more_of_what_is_declared),
        LISTING_TEST(a_word_that_is_none_is_refused),
        LISTING_TEST(what_the_distribution_owns_is_left_out_and_its_neighbours_stand),
        LISTING_TEST(what_is_managed_is_listed_when_it_is_asked_for_and_marked),
        LISTING_TEST(the_format_with_everything_has_what_is_managed),
        LISTING_TEST(a_second_place_outside_the_distribution_makes_it_stand),
        LISTING_TEST(a_mention_in_a_lock_file_does_not_make_it_stand_and_one_within_is_managed_itself),
        LISTING_TEST(a_package_is_not_managed_by_itself_nor_an_application_that_owns_its_own_files),
        LISTING_TEST(every_component_that_is_left_is_reached_from_the_root),
        LISTING_TEST(what_analyzers_count_is_added_up_by_name_in_the_result_and_the_reply),
        LISTING_TEST(counters_without_end_and_bad_names_fail_the_analyzer),
        LISTING_TEST(options_reach_the_analysis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
