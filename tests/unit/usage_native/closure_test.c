/* Which libraries a program loads: by the rules of ld.so(8) and musl's loader, and as ldd says of real programs. */
#include "data.h"
#include "kit.h"

#define LOADER "lib64/ld-linux-x86-64.so.2"
#define GLIBC  .interpreter = STELLA_SV("/" LOADER)
#define MUSL   .interpreter = STELLA_SV("/lib/ld-musl-x86_64.so.1")

static const char *const program[] = {"app/bin/x"};

static kit with_loader(void) {
    kit k = kit_create();
    kit_elf(&k, LOADER, (binary_facts){.soname = STELLA_SV("ld-linux-x86-64.so.2")});
    return k;
}

static void follows_what_libraries_need_once_each(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC, .needed = STELLA_SV("liba.so.1\0libb.so.1")});
    kit_elf(&k, "usr/lib/x86_64-linux-gnu/liba.so.1.2",
            (binary_facts){.soname = STELLA_SV("liba.so.1"), .needed = STELLA_SV("libb.so.1\0ld-linux-x86-64.so.2")});
    kit_elf(&k, "usr/lib64/libb.so.1", (binary_facts){.needed = STELLA_SV("liba.so.1\0libb.so.1")});
    scratch_link(&k.root, "usr/lib/x86_64-linux-gnu/liba.so.1", "liba.so.1.2");
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
    assert_true(kit_uses(&text, "usr/lib/x86_64-linux-gnu/liba.so.1.2", "needed", "app/bin/x"));
    assert_true(kit_uses(&text, "usr/lib64/libb.so.1", "needed", "app/bin/x"));
    assert_true(kit_uses(&text, LOADER, "interpreter", "app/bin/x"));
    assert_int_equal(count_of(&text, "\"how\""), 3);
    assert_false(has(&text, "which is not there"));
}

/* ld.so(8): RPATH is inherited from those that load, and is not asked when there is a RUNPATH, which is not inherited. */
static void an_rpath_is_inherited_and_a_runpath_is_not(void **state) {
    (void)state;
    static const struct {
        stella_sv rpath, runpath, runpath_of_a;
        int is_found;
    } cases[] = {{STELLA_SV_INIT("/opt/one"), {0}, {0}, 1},
                 {{0}, STELLA_SV_INIT("/opt/one"), {0}, 0},
                 {STELLA_SV_INIT("/opt/one"), STELLA_SV_INIT("/opt/one"), {0}, 0},
                 {STELLA_SV_INIT("/opt/one"), {0}, STELLA_SV_INIT("/nowhere"), 0}};
    for (size_t i = 0; i < STELLA_COUNT(cases); i++) {
        STELLA_AUTO(kit_destroy) kit k = with_loader();
        kit_elf(&k, "app/bin/x",
                (binary_facts){GLIBC, .rpath = cases[i].rpath, .runpath = cases[i].runpath,
                               .needed = STELLA_SV("liba.so")});
        kit_elf(&k, "opt/one/liba.so",
                (binary_facts){.runpath = cases[i].runpath_of_a, .needed = STELLA_SV("libb.so")});
        kit_elf(&k, "opt/one/libb.so", (binary_facts){0});
        STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
        assert_true(kit_uses(&text, "opt/one/liba.so", "needed", "app/bin/x"));
        assert_int_equal(kit_uses(&text, "opt/one/libb.so", "needed", "opt/one/liba.so"), cases[i].is_found);
        assert_int_equal(has(&text, "needs libb.so, which is not there"), !cases[i].is_found);
    }
}

static void origin_and_lib_stand_for_directories(void **state) {
    (void)state;
    static const char *const paths[] = {"$ORIGIN/../lib", "${ORIGIN}/../lib", "/none:/app/$PLATFORM", "/app/$LIB",
                                        "$ORIGIN/../lib/../lib/"};
    static const char *const places[] = {"app/lib/liba.so", "app/lib/liba.so", "app/x86_64/liba.so",
                                         "app/lib/x86_64-linux-gnu/liba.so", "app/lib/liba.so"};
    for (size_t i = 0; i < STELLA_COUNT(paths); i++) {
        STELLA_AUTO(kit_destroy) kit k = with_loader();
        kit_elf(&k, "app/bin/x",
                (binary_facts){GLIBC, .runpath = stella_sv_cstr(paths[i]), .needed = STELLA_SV("liba.so")});
        kit_elf(&k, places[i], (binary_facts){0});
        STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
        if (!kit_uses(&text, places[i], "needed", NULL))
            fail_msg("%s does not lead to %s: %s", paths[i], places[i], text.ptr);
    }
}

static void paths_that_depend_on_where_a_program_is_started_are_left_out(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x",
            (binary_facts){GLIBC, .rpath = STELLA_SV(".::opt:$ORIGINAL"), .needed = STELLA_SV("liba.so\0./libb.so")});
    kit_elf(&k, "opt/liba.so", (binary_facts){0});
    kit_elf(&k, "libb.so", (binary_facts){0});
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
    assert_int_equal(count_of(&text, "\"how\""), 1); /* the loader */
    assert_int_equal(count_of(&text, "which is not there"), 2);
}

static void the_configuration_comes_before_what_is_built_in(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC, .needed = STELLA_SV("liba.so\0libb.so\0libc.so.6")});
    scratch_write(&k.root, "etc/ld.so.conf", STELLA_SV("# ours\ninclude ld.so.conf.d/*.conf\n/opt/last\n"));
    scratch_write(&k.root, "etc/ld.so.conf.d/20.conf",
                  STELLA_SV("  /opt/two # and none else\n/opt/../opt/three=libc6"));
    scratch_write(&k.root, "etc/ld.so.conf.d/10.conf", STELLA_SV("hwcap 1 nosegneg\n/opt/one/\n"));
    scratch_write(&k.root, "etc/ld.so.conf.d/30.off", STELLA_SV("/opt/off\n"));
    static const char *const files[] = {"opt/one/liba.so",   "opt/two/liba.so",  "usr/lib/liba.so",
                                        "opt/three/libb.so", "opt/last/libb.so", "opt/off/libc.so.6",
                                        "usr/lib/libc.so.6"};
    for (size_t i = 0; i < STELLA_COUNT(files); i++)
        kit_elf(&k, files[i], (binary_facts){0});
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
    assert_true(kit_uses(&text, "opt/one/liba.so", "needed", NULL));
    assert_true(kit_uses(&text, "opt/three/libb.so", "needed", NULL));
    assert_true(kit_uses(&text, "usr/lib/libc.so.6", "needed", NULL));
    assert_int_equal(count_of(&text, "\"how\""), 4);
}

static stella_variable variable(const char *name, const char *value, uint32_t flags) {
    return (stella_variable){.name = stella_sv_cstr(name), .value = {.text = stella_sv_cstr(value), .flags = flags}};
}

static void the_environments_path_comes_before_a_runpath_and_behind_an_rpath(void **state) {
    (void)state;
    for (int is_runpath = 0; is_runpath < 2; is_runpath++) {
        STELLA_AUTO(kit_destroy) kit k = with_loader();
        binary_facts facts = {GLIBC, .needed = STELLA_SV("liba.so\0libb.so")};
        *(is_runpath ? &facts.runpath : &facts.rpath) = STELLA_SV("/own");
        kit_elf(&k, "app/bin/x", facts);
        static const char *const files[] = {"own/liba.so", "env/liba.so", "env/libb.so", "usr/lib/libb.so"};
        for (size_t i = 0; i < STELLA_COUNT(files); i++)
            kit_elf(&k, files[i], (binary_facts){0});
        const stella_variable env[] = {variable("LD_LIBRARY_PATH", ":none;/none:/env/", 0)};
        STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run_in(&k, "app/bin/x", env, 1, NULL, 0);
        assert_true(kit_uses(&text, is_runpath ? "env/liba.so" : "own/liba.so", "needed", NULL));
        assert_true(kit_uses(&text, "env/libb.so", "needed", NULL));
        assert_int_equal(count_of(&text, "\"how\""), 3);
    }
}

static void musl_asks_the_environment_first(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = kit_create();
    kit_elf(&k, "lib/ld-musl-x86_64.so.1", (binary_facts){.soname = STELLA_SV("libc.musl-x86_64.so.1")});
    kit_elf(&k, "app/bin/x", (binary_facts){MUSL, .rpath = STELLA_SV("/own"), .needed = STELLA_SV("liba.so")});
    kit_elf(&k, "own/liba.so", (binary_facts){0});
    kit_elf(&k, "env/liba.so", (binary_facts){0});
    kit_elf(&k, "env/libp.so", (binary_facts){0});
    const stella_variable env[] = {variable("LD_LIBRARY_PATH", "/env", 0), variable("LD_PRELOAD", "libp.so", 0)};
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run_in(&k, "app/bin/x", env, 2, NULL, 0);
    assert_true(kit_uses(&text, "env/liba.so", "needed", NULL));
    assert_true(kit_uses(&text, "env/libp.so", "preload", NULL));
}

static void of_a_path_that_is_not_known_what_stands_there_counts(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC, .needed = STELLA_SV("liba.so\0libb.so")});
    kit_elf(&k, "env/liba.so", (binary_facts){0});
    kit_elf(&k, "LIB/libb.so", (binary_facts){0});
    const stella_variable env[] = {variable("LD_LIBRARY_PATH", "/env:$LIB:/LIB", STELLA_WORD_UNKNOWN),
                                   variable("LD_PRELOAD", "$MALLOC", STELLA_WORD_UNKNOWN)};
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run_in(&k, "app/bin/x", env, 2, NULL, 0);
    assert_true(kit_uses(&text, "env/liba.so", "needed", NULL));
    assert_false(has(&text, "LIB/libb.so"));
    assert_false(has(&text, "MALLOC"));
}

static void what_the_environment_preloads_comes_first(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC, .needed = STELLA_SV("liba.so")});
    kit_elf(&k, "usr/lib/liba.so", (binary_facts){0});
    kit_elf(&k, "opt/libm.so", (binary_facts){.soname = STELLA_SV("liba.so"), .needed = STELLA_SV("libd.so")});
    kit_elf(&k, "usr/lib/libd.so", (binary_facts){0});
    kit_elf(&k, "usr/lib/libe.so", (binary_facts){0});
    const stella_variable env[] = {variable("LD_PRELOAD", "/opt/libm.so:libe.so /none/libf.so", 0)};
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run_in(&k, "app/bin/x", env, 1, NULL, 0);
    assert_true(kit_uses(&text, "opt/libm.so", "preload", "app/bin/x"));
    assert_true(kit_uses(&text, "usr/lib/libe.so", "preload", NULL));
    assert_true(kit_uses(&text, "usr/lib/libd.so", "needed", "opt/libm.so"));
    assert_false(has(&text, "usr/lib/liba.so")); /* its name is taken */
}

static stella_trace_use use_of(uint32_t node, const char *path) {
    return (stella_trace_use){.node = node, .path = stella_sv_cstr(path), .how = STELLA_SV("module")};
}

static void modules_that_a_program_is_known_to_load_bring_what_they_need(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC, .needed = STELLA_SV("liba.so")});
    kit_elf(&k, "usr/lib/liba.so", (binary_facts){0});
    kit_elf(&k, "usr/lib/x/mod.so",
            (binary_facts){.runpath = STELLA_SV("$ORIGIN"), .needed = STELLA_SV("liba.so\0libd.so\0libgone.so")});
    kit_elf(&k, "usr/lib/x/libd.so", (binary_facts){0});
    kit_elf(&k, "usr/lib/x/other.so", (binary_facts){.machine = 183, .needed = STELLA_SV("libe.so")});
    kit_elf(&k, "usr/lib/libe.so", (binary_facts){0});
    const stella_trace_use uses[] = {use_of(0, "etc/x.conf"), use_of(0, "usr/lib/x/mod.so"),
                                     use_of(0, "usr/lib/x/other.so"), use_of(1, "usr/lib/libe.so")};
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run_in(&k, "app/bin/x", NULL, 0, uses, STELLA_COUNT(uses));
    assert_true(kit_uses(&text, "usr/lib/x/libd.so", "needed", "usr/lib/x/mod.so"));
    assert_true(kit_uses(&text, "usr/lib/liba.so", "needed", "app/bin/x"));
    assert_false(has(&text, "\"path\": \"usr/lib/x/mod.so\",\n   \"how\"")); /* the trace says it already */
    assert_false(has(&text, "libe.so"));
    assert_int_equal(count_of(&text, "needs libgone.so, which is not there"), 1);
}

static void nodes_of_one_program_may_load_different_files(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC});
    kit_elf(&k, "opt/m.so", (binary_facts){.needed = STELLA_SV("liba.so")});
    kit_elf(&k, "usr/lib/liba.so", (binary_facts){0});
    const stella_trace_node nodes[] = {
        {.path = STELLA_SV("app/bin/x")}, {.path = STELLA_SV("app/bin/x")}, {.path = STELLA_SV("app/bin/x")}};
    const stella_trace_use uses[] = {use_of(1, "opt/m.so")};
    const stella_trace trace = {.head = STELLA_HEAD(stella_trace),
                                .nodes = {.items = nodes, .count = STELLA_COUNT(nodes), .stride = sizeof nodes[0]},
                                .uses = {.items = uses, .count = 1, .stride = sizeof uses[0]}};
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run_trace(&k, &trace);
    assert_int_equal(count_of(&text, "\"path\": \"usr/lib/liba.so\""), 1);
    assert_int_equal(count_of(&text, "\"how\": \"interpreter\""), 3);
    assert_true(has(&text, "\"node\": 1,\n   \"path\": \"usr/lib/liba.so\""));
}

static void a_configuration_that_includes_itself_ends(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC, .needed = STELLA_SV("liba.so")});
    kit_elf(&k, "opt/liba.so", (binary_facts){0});
    scratch_write(&k.root, "etc/ld.so.conf", STELLA_SV("include *.conf *.conf\ninclude *\n/opt\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
    assert_true(kit_uses(&text, "opt/liba.so", "needed", NULL));
}

static void musl_looks_where_its_own_file_says(void **state) {
    (void)state;
    for (int has_file = 0; has_file < 2; has_file++) {
        STELLA_AUTO(kit_destroy) kit k = kit_create();
        kit_elf(&k, "lib/ld-musl-x86_64.so.1", (binary_facts){.soname = STELLA_SV("libc.musl-x86_64.so.1")});
        kit_elf(&k, "app/bin/x",
                (binary_facts){MUSL, .needed = STELLA_SV("libc.musl-x86_64.so.1\0libm.so.6\0liba.so\0libb.so")});
        kit_elf(&k, "usr/local/lib/liba.so", (binary_facts){0});
        kit_elf(&k, "opt/one/liba.so",
                (binary_facts){.runpath = STELLA_SV("/opt/two"), .needed = STELLA_SV("libd.so")});
        kit_elf(&k, "opt/two/libd.so", (binary_facts){0});
        kit_elf(&k, "usr/lib/libb.so", (binary_facts){0});
        scratch_write(&k.root, "etc/ld.so.conf", STELLA_SV("/opt/one\n")); /* glibc's */
        if (has_file)
            scratch_write(&k.root, "etc/ld-musl-x86_64.path", STELLA_SV("/opt/one:/none\n/usr/lib\n"));
        STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
        assert_int_equal(kit_uses(&text, "opt/one/liba.so", "needed", NULL), has_file);
        assert_int_equal(kit_uses(&text, "opt/two/libd.so", "needed", NULL), has_file);
        assert_int_equal(kit_uses(&text, "usr/local/lib/liba.so", "needed", NULL), !has_file);
        assert_true(kit_uses(&text, "usr/lib/libb.so", "needed", NULL));
        assert_true(kit_uses(&text, "lib/ld-musl-x86_64.so.1", "interpreter", NULL));
        assert_false(has(&text, "which is not there"));
    }
}

static void what_is_for_better_processors_alone_is_found(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC, .needed = STELLA_SV("liba.so\0libb.so")});
    kit_elf(&k, "usr/lib64/glibc-hwcaps/x86-64-v3/liba.so", (binary_facts){0});
    kit_elf(&k, "usr/lib64/glibc-hwcaps/x86-64-v3/libb.so", (binary_facts){0});
    kit_elf(&k, "usr/lib64/libb.so", (binary_facts){0});
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
    assert_true(kit_uses(&text, "usr/lib64/glibc-hwcaps/x86-64-v3/liba.so", "needed", NULL));
    assert_true(kit_uses(&text, "usr/lib64/libb.so", "needed", NULL));
    assert_int_equal(count_of(&text, "\"how\""), 3);
}

static void libraries_for_another_machine_are_stepped_over(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x",
            (binary_facts){GLIBC, .runpath = STELLA_SV("/one:/two:/three"), .needed = STELLA_SV("liba.so")});
    kit_elf(&k, "one/liba.so", (binary_facts){.machine = 3, .bits = 32});
    scratch_write(&k.root, "two/liba.so", STELLA_SV("INPUT(libb.so)\n"));
    kit_elf(&k, "three/liba.so", (binary_facts){0});
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
    assert_true(kit_uses(&text, "three/liba.so", "needed", NULL));
    assert_int_equal(count_of(&text, "\"how\""), 2);
}

static void names_among_constants_are_a_guess(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(
        &k, "app/bin/x",
        (binary_facts){GLIBC, .needed = STELLA_SV("liba.so"), .mentions = STELLA_SV("liba.so\0libg.so\0libnot.so")});
    kit_elf(&k, "usr/lib/liba.so", (binary_facts){.mentions = STELLA_SV("/opt/libp.so")});
    kit_elf(&k, "usr/lib/libg.so",
            (binary_facts){.needed = STELLA_SV("libn.so\0libgone.so"), .mentions = STELLA_SV("libfar.so")});
    kit_elf(&k, "usr/lib/libn.so", (binary_facts){0});
    kit_elf(&k, "usr/lib/libfar.so", (binary_facts){0});
    kit_elf(&k, "opt/libp.so", (binary_facts){0});
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
    assert_true(kit_uses(&text, "usr/lib/liba.so", "needed", NULL));
    assert_true(kit_uses(&text, "usr/lib/libg.so", "dlopen-guess", "app/bin/x"));
    assert_true(kit_uses(&text, "usr/lib/libn.so", "dlopen-guess", "usr/lib/libg.so"));
    assert_true(kit_uses(&text, "opt/libp.so", "dlopen-guess", "usr/lib/liba.so"));
    assert_false(has(&text, "libfar.so"));
    assert_false(has(&text, "which is not there"));
}

static void preloaded_libraries_are_used_by_every_program(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC});
    kit_elf(&k, "opt/libp.so", (binary_facts){.needed = STELLA_SV("liba.so")});
    kit_elf(&k, "usr/lib/liba.so", (binary_facts){0});
    kit_elf(&k, "bin/static", (binary_facts){0});
    scratch_write(&k.root, "etc/ld.so.preload", STELLA_SV("/opt/libp.so:libnone.so\n"));
    static const char *const programs[] = {"app/bin/x", "bin/static"};
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, programs, 2);
    assert_true(kit_uses(&text, "opt/libp.so", "preload", NULL));
    assert_true(kit_uses(&text, "usr/lib/liba.so", "needed", "opt/libp.so"));
    assert_false(has(&text, "\"node\": 1")); /* a static program loads nothing */
}

static void what_is_missing_is_told_once_and_the_rest_stands(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = kit_create();
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC, .needed = STELLA_SV("libgone.so\0liba.so")});
    kit_elf(&k, "app/bin/y", (binary_facts){GLIBC, .needed = STELLA_SV("liba.so")});
    kit_elf(&k, "usr/lib/liba.so", (binary_facts){.needed = STELLA_SV("libaway.so")});
    scratch_write(&k.root, "app/run.sh", STELLA_SV("#!/bin/sh\n"));
    static const char *const programs[] = {"app/bin/x", "app/bin/y", "app/bin/x", "app/run.sh", ""};
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, programs, 5);
    assert_int_equal(count_of(&text, "\"path\": \"usr/lib/liba.so\",\n   \"how\": \"needed\""), 3);
    assert_int_equal(count_of(&text, "needs libaway.so, which is not there"), 1);
    assert_int_equal(count_of(&text, "needs libgone.so, which is not there"), 1);
    assert_int_equal(count_of(&text, "needs /" LOADER ", which is not there"), 2);
}

static void a_hostile_list_is_cut_and_the_result_says_so(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    STELLA_AUTO(stella_buf_fini) stella_buf needed = stella_buf_of((size_t)1 << 20);
    for (uint32_t i = 0; i < 120000; i++)
        assert_int_equal(stella_buf_printf(&needed, "%x%c", i, i == 119999 ? 'x' : '\0'), STELLA_OK);
    kit_elf(&k, "app/bin/x", (binary_facts){GLIBC, .needed = stella_buf_sv(&needed)});
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
    assert_true(has(&text, "need more libraries than are looked up"));
    assert_true(kit_uses(&text, LOADER, "interpreter", NULL));
    assert_int_equal(count_of(&text, "which is not there"), CLOSURE_NOTES_MAX);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x",
            (binary_facts){GLIBC, .runpath = STELLA_SV("$ORIGIN/$LIB:$ORIGIN"), .needed = STELLA_SV("liba.so\0libz.so"),
                           .mentions = STELLA_SV("libb.so")});
    kit_elf(&k, "app/bin/liba.so", (binary_facts){.soname = STELLA_SV("liba.so")});
    kit_elf(&k, "usr/lib/libb.so", (binary_facts){0});
    scratch_write(&k.root, "etc/ld.so.conf", STELLA_SV("include ld.so.conf.d/*\n"));
    scratch_write(&k.root, "etc/ld.so.conf.d/a.conf", STELLA_SV("/opt\n"));
    scratch_write(&k.root, "etc/ld.so.preload", STELLA_SV("/app/bin/liba.so\n"));
    const stella_variable env[] = {variable("LD_LIBRARY_PATH", "/opt:$ORIGIN", 0),
                                   variable("LD_PRELOAD", "libz.so", 0)};
    const stella_trace_node node = {.kind = STELLA_NODE_EXECUTABLE,
                                    .path = STELLA_SV("app/bin/x"),
                                    .env = {.items = env, .count = STELLA_COUNT(env), .stride = sizeof env[0]}};
    const stella_trace_use use = use_of(0, "usr/lib/libb.so");
    const stella_trace trace = {.head = STELLA_HEAD(stella_trace),
                                .nodes = {.items = &node, .count = 1, .stride = sizeof node},
                                .uses = {.items = &use, .count = 1, .stride = sizeof use}};
    const char *const layers[] = {k.root.path};
    const stella_testing_options options = {.struct_size = sizeof options,
                                            .layer_count = 1,
                                            .layers = layers,
                                            .published = k.records,
                                            .published_count = k.count,
                                            .trace = &trace};
    uint64_t runs = 0;
    stella_error err = {0};
    if (stella_testing_fail_each(&stella_plugin, &options, &runs, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    assert_true(runs > 15);
}

/* ---- real programs */

static void copy(kit *k, const char *path) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    const stella_sv bytes = data_read(path, arena);
    assert_non_null(bytes.ptr);
    scratch_write(&k->root, path + 1, bytes);
    elf_file elf;
    if (elf_open(bytes, &elf, NULL) != STELLA_OK)
        return;
    STELLA_AUTO(stella_buf_fini) stella_buf needed = stella_buf_of(65536);
    binary_facts f = {.format = BINARY_ELF, .type = elf.type, .machine = elf.machine, .bits = elf.is_64 ? 64 : 32};
    elf_segment segment;
    for (uint32_t i = 0; elf_segment_at(&elf, i, &segment); i++)
        if (segment.type == ELF_SEGMENT_INTERP)
            f.interpreter = stella_sv_first(segment.bytes, stella_sv_find(segment.bytes, '\0'));
    elf_dynamic_entry entry;
    for (elf_dynamic it = elf_dynamic_of(&elf); elf_dynamic_next(&it, &entry);) {
        stella_sv *const text = entry.tag == ELF_DYNAMIC_SONAME    ? &f.soname
                                : entry.tag == ELF_DYNAMIC_RPATH   ? &f.rpath
                                : entry.tag == ELF_DYNAMIC_RUNPATH ? &f.runpath
                                                                   : NULL;
        if (text)
            *text = entry.text;
        if (entry.tag == ELF_DYNAMIC_NEEDED)
            assert_int_equal(stella_buf_printf(&needed, "%.*s%c", STELLA_SV_FMT(entry.text), '\0'), STELLA_OK);
    }
    f.needed = stella_sv_first(stella_buf_sv(&needed), needed.len ? needed.len - 1 : 0);
    kit_publish(k, path + 1, &f);
}

static void copy_configuration(kit *k) {
    struct dirent **entries = NULL;
    char path[400];
    copy(k, "/etc/ld.so.conf");
    const int count = scandir("/etc/ld.so.conf.d", &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "/etc/ld.so.conf.d/%s", entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            copy(k, path);
        free(entries[i]);
    }
    free(entries);
}

/* The path in a line of ldd: "\tlibc.so.6 => /lib/libc.so.6 (0x...)", "\t/lib64/ld.so (0x...)"; 0 for the vDSO. */
static int path_of(char *line, char **out) {
    char *path = strstr(line, "=> ");
    path = path ? path + 3 : line + strspn(line, "\t ");
    char *end = strstr(path, " (0x");
    if (path[0] != '/' || !end)
        return 0;
    *end = '\0';
    *out = path;
    return 1;
}

/* With nothing in the tree but what ldd lists: each of it is found, in the same place, and nothing is missing. */
static void agrees_with_ldd_on(const char *real) {
    STELLA_AUTO(kit_destroy) kit k = kit_create();
    char command[700], lines[64][512];
    char *path;
    uint32_t count = 0, listed = 0;
    snprintf(command, sizeof command, "env -u LD_LIBRARY_PATH -u LD_PRELOAD ldd '%s'", real);
    FILE *ldd = popen(command, "r");
    assert_non_null(ldd);
    while (count < STELLA_COUNT(lines) && fgets(lines[count], sizeof lines[0], ldd))
        count++;
    assert_int_equal(pclose(ldd), 0);
    copy_configuration(&k);
    copy(&k, real);
    const char *const programs[] = {real + 1};
    for (uint32_t i = 0; i < count; i++)
        if (path_of(lines[i], &path)) {
            copy(&k, path);
            memmove(lines[listed++], path, strlen(path) + 1);
        }
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, programs, 1);
    for (uint32_t i = 0; i < listed; i++)
        if (!kit_uses(&text, lines[i] + 1, NULL, NULL))
            fail_msg("%s: ldd lists %s, which is not found in\n%s", real, lines[i], text.ptr);
    assert_true(listed >= 2);
    assert_int_equal(count_of(&text, "\"how\""), listed);
    assert_false(has(&text, "which is not there"));
}

static void agrees_with_ldd(void **state) {
    (void)state;
    static const char *const programs[] = {"/bin/ls", "/bin/tar", "/usr/bin/perl", "/bin/bash"};
    char self[512] = "";
    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    agrees_with_ldd_on(self);
    for (size_t i = 0; i < STELLA_COUNT(programs); i++)
        agrees_with_ldd_on(programs[i]);
}

static void the_example_is_as_it_was(void **state) {
    (void)state;
    STELLA_AUTO(kit_destroy) kit k = with_loader();
    kit_elf(&k, "app/bin/x",
            (binary_facts){GLIBC, .runpath = STELLA_SV("$ORIGIN/../lib"), .needed = STELLA_SV("liba.so\0libgone.so"),
                           .mentions = STELLA_SV("libg.so.1")});
    kit_elf(&k, "app/lib/liba.so", (binary_facts){.needed = STELLA_SV("libc.so.6")});
    kit_elf(&k, "usr/lib64/libc.so.6", (binary_facts){.needed = STELLA_SV("ld-linux-x86-64.so.2")});
    kit_elf(&k, "usr/lib64/libg.so.1", (binary_facts){0});
    STELLA_AUTO(stella_buf_fini) stella_buf text = kit_run(&k, program, 1);
    assert_true(stella_testing_golden(STELLA_SOURCE_DIR "/tests/golden/native/example.json", stella_buf_sv(&text)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_what_libraries_need_once_each),
        cmocka_unit_test(an_rpath_is_inherited_and_a_runpath_is_not),
        cmocka_unit_test(origin_and_lib_stand_for_directories),
        cmocka_unit_test(paths_that_depend_on_where_a_program_is_started_are_left_out),
        cmocka_unit_test(the_configuration_comes_before_what_is_built_in),
        cmocka_unit_test(the_environments_path_comes_before_a_runpath_and_behind_an_rpath),
        cmocka_unit_test(musl_asks_the_environment_first),
        cmocka_unit_test(of_a_path_that_is_not_known_what_stands_there_counts),
        cmocka_unit_test(what_the_environment_preloads_comes_first),
        cmocka_unit_test(modules_that_a_program_is_known_to_load_bring_what_they_need),
        cmocka_unit_test(nodes_of_one_program_may_load_different_files),
        cmocka_unit_test(a_configuration_that_includes_itself_ends),
        cmocka_unit_test(musl_looks_where_its_own_file_says),
        cmocka_unit_test(what_is_for_better_processors_alone_is_found),
        cmocka_unit_test(libraries_for_another_machine_are_stepped_over),
        cmocka_unit_test(names_among_constants_are_a_guess),
        cmocka_unit_test(preloaded_libraries_are_used_by_every_program),
        cmocka_unit_test(what_is_missing_is_told_once_and_the_rest_stands),
        cmocka_unit_test(a_hostile_list_is_cut_and_the_result_says_so),
        cmocka_unit_test(any_allocation_may_fail),
        cmocka_unit_test(agrees_with_ldd),
        cmocka_unit_test(the_example_is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
