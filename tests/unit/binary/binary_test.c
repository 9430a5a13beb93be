/* What executables say of themselves, and what is made of it when nobody owns them. */
#include "lang_run.h"

#include "binary/describe.h"

#define DATA STELLA_SOURCE_DIR "/tests/data/binary/tree/"

static binary_facts facts_of(const char *file, stella_arena *arena) {
    binary b;
    binary_facts facts;
    assert_int_equal(binary_open(data_read(file, arena), &b, NULL), STELLA_OK);
    assert_int_equal(describe(&b, arena, &facts, NULL), STELLA_OK);
    return facts;
}

static void is(stella_sv text, const char *expected) {
    if (!stella_sv_eq(text, stella_sv_cstr(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", STELLA_SV_FMT(text), expected);
}

/* As "readelf -Wdnl" shows them. */
static void reads_what_a_program_needs_and_how_it_is_hardened(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const binary_facts f = facts_of(DATA "usr/local/bin/tool", arena);
    assert_int_equal(f.type, ELF_TYPE_SHARED);
    assert_int_equal(f.machine, 62);
    assert_int_equal(f.bits, 64);
    is(f.needed, "libx.so.1");
    is(f.runpath, "/opt/lib");
    is(f.rpath, "");
    is(f.interpreter, "/lib64/ld-linux-x86-64.so.2");
    assert_true(stella_sv_starts(f.compiler, STELLA_SV("GCC: (")));
    assert_int_equal(f.build_id.len, 40);
    assert_int_equal(f.hardening, BINARY_HARDENED_PIE | BINARY_HARDENED_RELRO | BINARY_HARDENED_BIND_NOW |
                                      BINARY_HARDENED_NX | BINARY_HARDENED_PROTECTOR | BINARY_HARDENED_FORTIFY);
}

static void reads_the_name_of_a_library(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const binary_facts f = facts_of(DATA "opt/lib/libx.so.1", arena);
    is(f.soname, "libx.so.1");
    is(f.needed, "");
    assert_int_equal(f.hardening & (BINARY_HARDENED_PIE | BINARY_HARDENED_BIND_NOW), 0);
}

static void an_executable_stack_is_seen(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const binary_facts f = facts_of(DATA "usr/local/bin/noted", arena);
    assert_int_equal(f.type, ELF_TYPE_EXECUTABLE);
    assert_int_equal(f.hardening & (BINARY_HARDENED_NX | BINARY_HARDENED_PIE), 0);
    assert_true(stella_sv_starts(f.package, STELLA_SV("{\"type\":\"deb\"")));
}

static void facts_come_back_from_their_record(void **state) {
    (void)state;
    const binary_facts f = {.format = BINARY_ELF,
                            .type = 3,
                            .machine = 183,
                            .bits = 64,
                            .hardening = 41,
                            .soname = STELLA_SV("a"),
                            .interpreter = STELLA_SV("b"),
                            .rpath = STELLA_SV("c"),
                            .runpath = STELLA_SV("d"),
                            .build_id = STELLA_SV("ee"),
                            .compiler = STELLA_SV("f"),
                            .package = STELLA_SV("{}"),
                            .needed = STELLA_SV("x\0y"),
                            .sha256 = STELLA_SV("00")};
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(BINARY_FACTS_MAX);
    binary_facts back;
    assert_int_equal(binary_facts_encode(&f, &out), STELLA_OK);
    assert_int_equal(binary_facts_decode(stella_buf_sv(&out), &back, NULL), STELLA_OK);
    assert_int_equal(back.machine, 183);
    assert_int_equal(back.hardening, 41);
    is(back.soname, "a");
    is(back.runpath, "d");
    assert_int_equal(back.needed.len, 3);
    is(back.sha256, "00");
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(binary_facts_decode(stella_sv_first(stella_buf_sv(&out), len), &back, NULL), STELLA_E_FORMAT);
    out.ptr[0] = 2;
    assert_int_equal(binary_facts_decode(stella_buf_sv(&out), &back, NULL), STELLA_E_FORMAT);
}

static void states_what_nobody_owns(void **state) {
    (void)state;
    matches_golden("binary", "tree", 3, 0);
}

static void the_digest_is_that_of_the_file(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(STELLA_SOURCE_DIR "/tests/data/binary/tree");
    char said[160], command[700], digest[65] = "";
    snprintf(command, sizeof command, "sha256sum '%s'", DATA "usr/local/bin/tool");
    FILE *tool = popen(command, "r");
    assert_non_null(tool);
    assert_non_null(fgets(digest, sizeof digest, tool));
    pclose(tool);
    snprintf(said, sizeof said, "bin:sha256:%s", digest);
    assert_true(has(&text, said));
}

static void objects_and_dumps_are_no_components(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_sv bytes = data_read(DATA "usr/local/bin/tool", arena);
    for (char type = 0; type <= 4; type++) {
        ((char *)(uintptr_t)bytes.ptr)[16] = type;
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("x", bytes);
        assert_int_equal(has(&text, "\"ref\""), type == 2 || type == 3);
    }
}

static void a_note_that_is_none_makes_no_component(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv bytes = data_read(DATA "usr/local/bin/noted", arena);
    char *note = memmem(bytes.ptr, bytes.len, "coreutils", 9);
    assert_non_null(note);
    memcpy(note, "../x/y\\\\z", 9);
    STELLA_AUTO(stella_buf_fini) stella_buf named = run_file("x", bytes);
    assert_false(has(&named, "\"ref\""));
    assert_true(has(&named, "without a valid name"));
    note[-1] = '{';
    STELLA_AUTO(stella_buf_fini) stella_buf broken = run_file("x", bytes);
    assert_false(has(&broken, "\"ref\""));
    assert_true(has(&broken, "\"path\": \"x\""));
}

static void no_broken_file_loses_another(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {.path = "good/noted",
                            .bytes = data_read(DATA "usr/local/bin/noted", arena),
                            .says = "pkg:deb/debian/coreutils@9.1-1?arch=amd64"};
    survives_beside(&good, "bin/tool", data_read(DATA "usr/local/bin/tool", arena));
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/binary/tree", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_a_program_needs_and_how_it_is_hardened),
        cmocka_unit_test(reads_the_name_of_a_library),
        cmocka_unit_test(an_executable_stack_is_seen),
        cmocka_unit_test(facts_come_back_from_their_record),
        cmocka_unit_test(states_what_nobody_owns),
        cmocka_unit_test(the_digest_is_that_of_the_file),
        cmocka_unit_test(objects_and_dumps_are_no_components),
        cmocka_unit_test(a_note_that_is_none_makes_no_component),
        cmocka_unit_test(no_broken_file_loses_another),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
