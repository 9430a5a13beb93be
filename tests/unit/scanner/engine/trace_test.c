/* What an image runs, over a tree of packs and one tracer that the tests script by the words it is called with. */
#include "check.h"
#include "job_kit.h"

/* "next A B" runs A and B and goes on as B; "helper X..." runs X and is itself what runs; "loop N" becomes itself with
 * one more word; "fail" fails; "reads F" includes it and goes on from there; "perhaps X" may become X. */
static stella_status step(stella_hop *hop, uint32_t first, uint32_t count, uint32_t kind, uint32_t possible,
                          stella_sv place, stella_error *err) {
    stella_launch next = *hop->launch;
    next.args += first;
    next.arg_count = count;
    next.program = (stella_sv){0};
    const stella_step how = {
        .kind = kind, .is_possible = possible, .relation = STELLA_SV("test"), .span = {.path = place, .first_line = 7}};
    return stella_hop_step(hop, &next, &how, err);
}

static stella_status loop(stella_hop *hop, stella_error *err) {
    stella_word words[128];
    const uint32_t count = hop->launch->arg_count;
    for (uint32_t i = 0; i < count; i++)
        words[i] = hop->launch->args[i];
    words[count] = (stella_word){.text = STELLA_SV("x")};
    stella_launch next = *hop->launch;
    next.args = words;
    next.arg_count = count + 1;
    return stella_hop_step(hop, &next, &(stella_step){.kind = STELLA_STEP_MAIN, .relation = STELLA_SV("test")}, err);
}

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    const stella_launch *l = hop->launch;
    const stella_sv what = l->arg_count > 1 ? l->args[1].text : STELLA_SV("");
    if (stella_sv_eq(what, STELLA_SV("next"))) {
        const stella_status status = step(hop, 2, 1, STELLA_STEP_RUN, 0, (stella_sv){0}, err);
        return status ? status : step(hop, 3, l->arg_count - 3, STELLA_STEP_MAIN, 0, (stella_sv){0}, err);
    }
    if (stella_sv_eq(what, STELLA_SV("perhaps")))
        return step(hop, 2, l->arg_count - 2, STELLA_STEP_MAIN, 1, (stella_sv){0}, err);
    if (stella_sv_eq(what, STELLA_SV("loop")))
        return loop(hop, err);
    if (stella_sv_eq(what, STELLA_SV("fail")))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "cannot go on");
    if (stella_sv_eq(what, STELLA_SV("lie")))
        return stella_hop_unknown(hop, 77, NULL, STELLA_SV("no reason"), err);
    if (stella_sv_eq(what, STELLA_SV("reads"))) {
        const stella_step how = {.relation = STELLA_SV("source"), .span = {.first_line = 2}};
        const stella_status status = stella_hop_include(hop, STELLA_SV("lib.sh"), &how, err);
        return status ? status : step(hop, 2, l->arg_count - 2, STELLA_STEP_MAIN, 0, STELLA_SV("lib.sh"), err);
    }
    return stella_hop_terminal(
        hop, &(stella_terminal){.type = STELLA_SV("test"), .main = STELLA_SV("app.test"), .confidence = 80}, err);
}

static const char *const programs[] = {"tracer*", NULL};
static const stella_entrytrace table = {
    .head = STELLA_HEAD(stella_entrytrace), .programs = programs, .resolve = resolve};

/* Owns usr/bin/server and usr/bin/helper. */
static stella_status packages(void *self, stella_analysis *job, stella_error *err) {
    static const char *const names[] = {"server", "helper", "unused"};
    (void)self, (void)err;
    for (size_t i = 0; i < 3; i++) {
        stella_component *c = stella_component_add(job, STELLA_SV("deb"), stella_sv_cstr(names[i]), STELLA_SV("1"), 0);
        const stella_file file = {.struct_size = sizeof file, .path = STELLA_SV("var/db")};
        stella_component_evidence(c, &file, 1, STELLA_SV("package-database"));
        char path[64];
        snprintf(path, sizeof path, "usr/bin/%s", names[i]);
        stella_component_owns(c, &(stella_owned){.struct_size = sizeof(stella_owned), .path = stella_sv_cstr(path)});
    }
    return STELLA_OK;
}

/* An application beside the server's file, which needs a library that needs another; a fourth is for development only. */
static stella_status modules(void *self, stella_analysis *job, stella_error *err) {
    static const char *const names[] = {"app", "lib", "deep", "dev"};
    stella_component *made[4];
    (void)self, (void)err;
    for (size_t i = 0; i < 4; i++) {
        char path[64];
        snprintf(path, sizeof path, i ? "node_modules/%s/package.json" : "usr/bin/%s", i ? names[i] : "server");
        made[i] = stella_component_add(job, STELLA_SV("npm"), stella_sv_cstr(names[i]), STELLA_SV("1"), 0);
        const stella_file file = {.struct_size = sizeof file, .path = stella_sv_cstr(path)};
        stella_component_evidence(made[i], &file, 0, STELLA_SV("metadata"));
    }
    stella_relate(job, made[0], made[1], STELLA_RELATION_DEPENDS_ON, 0);
    stella_relate(job, made[1], made[2], STELLA_RELATION_DEPENDS_ON, 0);
    stella_relate(job, made[2], made[0], STELLA_RELATION_DEPENDS_ON, 0);
    stella_relate(job, made[0], made[3], STELLA_RELATION_DEPENDS_ON, STELLA_RELATION_DEV);
    return STELLA_OK;
}

static void tree(job_kit *k) {
    kit *layer = kit_create();
    kit_executable(layer, "usr/bin/helper", STELLA_TYPE_ELF);
    kit_executable(layer, "usr/bin/server", STELLA_TYPE_ELF);
    kit_executable(layer, "usr/bin/tracer9.1", STELLA_TYPE_ELF);
    kit_executable(layer, "usr/bin/unused", STELLA_TYPE_ELF);
    job_layer(k, layer);
    k->tracer = &table;
    job_analyzer(k, "org.test.packages", STELLA_PHASE_PACKAGES, packages);
}

static void run(job_kit *k, const char *config) {
    tree(k);
    k->config = config;
    assert_int_equal(job_run(k, 1), STELLA_OK);
    assert_int_equal(k->depth, 0);
}

#define CONFIG(entrypoint, cmd) "{\\\"config\\\":{\\\"Entrypoint\\\":[" entrypoint "],\\\"Cmd\\\":[" cmd "]}}"
#define W(word)                 "\\\"" word "\\\""

static void a_program_that_nobody_knows_is_where_the_way_ends(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("server"), W("-d")));
    assert_dumps(k, "outcome 1\nnode 0 executable /usr/bin/server layer=0 possible=0 server -d = c/c++\n");
    assert_dumps(k, "entrypoint /usr/bin/server\n");
    assert_dumps(k, "use deb:server@1 by 0: usr/bin/server executable\n");
    assert_does_not_dump(k, "use deb:unused");
}

static void what_is_run_on_the_way_is_used_by_what_runs_in_the_end(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("/usr/bin/tracer9.1") "," W("next"), W("helper") "," W("server")));
    assert_dumps(k, "edge 0->1 run test possible=0\nedge 0->2 main test possible=0\n");
    assert_dumps(k, "node 2 executable /usr/bin/server layer=0 possible=0 server = c/c++\n");
    assert_dumps(k, "use deb:helper@1 by 0: usr/bin/helper executable\n");
    assert_does_not_dump(k, "entrypoint /usr/bin/helper");
}

static void what_may_not_run_is_marked_so(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("tracer9.1"), W("perhaps") "," W("server")));
    assert_dumps(k, "node 1 executable /usr/bin/server layer=0 possible=1 server = c/c++\n");
}

static void a_command_that_is_not_there_is_told_by_its_reason(void **state) {
    job_kit *k = *state;
    run(k, CONFIG("", W("nothing")));
    assert_dumps(k, "outcome 3\n");
    assert_dumps(k, "unknown 0 command-not-found nothing\n");
}

static void a_path_that_is_not_there_is_a_missing_file(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("/opt/nothing"), ""));
    assert_dumps(k, "unknown 0 missing-file /opt/nothing\n");
}

static void an_image_without_entrypoint_says_so(void **state) {
    job_kit *k = *state;
    run(k, "{\\\"config\\\":{}}");
    assert_dumps(k, "outcome 3\n");
    assert_dumps(k, "unknown 0 no-entrypoint ");
}

static void a_program_that_calls_itself_for_ever_is_given_up(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("tracer9.1") "," W("loop"), ""));
    assert_dumps(k, "unknown 64 recursion-limit tracer9.1\n");
    assert_dumps(k, "outcome 3\n");
}

static void the_same_launch_is_followed_once(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("tracer9.1") "," W("next"), W("server") "," W("server")));
    assert_dumps(k, "edge 0->1 run test possible=0\nedge 0->1 main test possible=0\n");
    assert_does_not_dump(k, "node 2 ");
}

static void steps_of_an_included_script_start_from_it(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("tracer9.1") "," W("reads"), W("server")));
    assert_dumps(k, "edge 0->1 include source possible=0\nedge 1->2 main test possible=0\n");
    assert_dumps(k, "outcome 1\n");
    assert_dumps(k, "node 2 executable /usr/bin/server layer=0 possible=0 server = c/c++\n");
}

static void a_tracer_that_fails_loses_its_hop_alone(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("tracer9.1") "," W("fail"), ""));
    assert_dumps(k, "error org.test.tracer format lost=0 layer=-1 usr/bin/tracer9.1: cannot go on\n");
    assert_dumps(k, "outcome 3\n");
    assert_dumps(k, "component deb:server@1");
}

static void a_tracer_that_breaks_the_contract_is_named(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("tracer9.1") "," W("lie"), ""));
    assert_dumps(k, "error org.test.tracer invalid ");
}

static void a_terminal_is_named_by_what_it_runs(void **state) {
    job_kit *k = *state;
    run(k, CONFIG(W("tracer9.1"), ""));
    assert_dumps(k, "entrypoint /app.test\n");
    assert_dumps(k, "= test\n");
}

static void what_used_packages_need_is_used(void **state) {
    job_kit *k = *state;
    job_analyzer(k, "org.test.modules", STELLA_PHASE_APPLICATIONS, modules);
    run(k, CONFIG(W("server"), ""));
    assert_dumps(k, "use pkg:npm/app@1 by 0: usr/bin/server executable\n");
    assert_dumps(k, "use pkg:npm/lib@1 by 0: node_modules/lib/package.json required\n");
    assert_dumps(k, "use pkg:npm/deep@1 by 0: node_modules/deep/package.json required\n");
    assert_does_not_dump(k, "use pkg:npm/dev@1");
}

static void without_a_configuration_nothing_is_said_of_what_runs(void **state) {
    job_kit *k = *state;
    run(k, NULL);
    assert_does_not_dump(k, "outcome");
}

static void the_user_may_have_something_else_run(void **state) {
    job_kit *k = *state;
    k->more = ",\"process\":\"{\\\"entrypoint\\\":[\\\"helper\\\"]}\"";
    run(k, CONFIG(W("server"), W("x")));
    assert_dumps(k, "node 0 executable /usr/bin/helper layer=0 possible=0 helper = c/c++\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        JOB_TEST(a_program_that_nobody_knows_is_where_the_way_ends),
        JOB_TEST(what_is_run_on_the_way_is_used_by_what_runs_in_the_end),
        JOB_TEST(what_may_not_run_is_marked_so),
        JOB_TEST(a_command_that_is_not_there_is_told_by_its_reason),
        JOB_TEST(a_path_that_is_not_there_is_a_missing_file),
        JOB_TEST(an_image_without_entrypoint_says_so),
        JOB_TEST(a_program_that_calls_itself_for_ever_is_given_up),
        JOB_TEST(the_same_launch_is_followed_once),
        JOB_TEST(steps_of_an_included_script_start_from_it),
        JOB_TEST(a_tracer_that_fails_loses_its_hop_alone),
        JOB_TEST(a_tracer_that_breaks_the_contract_is_named),
        JOB_TEST(a_terminal_is_named_by_what_it_runs),
        JOB_TEST(what_used_packages_need_is_used),
        JOB_TEST(without_a_configuration_nothing_is_said_of_what_runs),
        JOB_TEST(the_user_may_have_something_else_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
