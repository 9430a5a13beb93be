/* What executables say of themselves, and what is made of it when nobody owns them. */
#include "lang_run.h"

#include "binary/describe.h"

#include <dlfcn.h>

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

/* Of what readelf prints, the text between the brackets of each line with that word, a NUL between two. */
static stella_sv readelf(const char *file, const char *word, char *room, size_t size) {
    char command[700], line[1024];
    size_t len = 0;
    snprintf(command, sizeof command, "readelf -Wdl '%s'", file);
    FILE *tool = popen(command, "r");
    assert_non_null(tool);
    while (fgets(line, sizeof line, tool)) {
        char *open = strchr(line, '['), *close = strrchr(line, ']');
        if (!strstr(line, word) || !open || !close)
            continue;
        *close = '\0';
        len += len ? 1 : 0;
        len += (size_t)snprintf(room + len, size - len, "%s", open + 1);
    }
    assert_int_equal(pclose(tool), 0);
    return stella_sv_of(room, len);
}

static void agrees_with_readelf(void **state) {
    (void)state;
    static const char *const files[] = {DATA "usr/local/bin/tool", DATA "opt/lib/libx.so.1", "/bin/sh", "/bin/tar"};
    for (size_t i = 0; i < STELLA_COUNT(files); i++) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(256u << 20);
        char room[4096];
        const binary_facts f = facts_of(files[i], arena);
        const struct {
            const char *word;
            stella_sv text;
        } said[] = {{"(NEEDED)", f.needed}, {"(SONAME)", f.soname}, {"(RUNPATH)", f.runpath}, {"(RPATH)", f.rpath}};
        for (size_t j = 0; j < STELLA_COUNT(said); j++)
            if (!stella_sv_eq(readelf(files[i], said[j].word, room, sizeof room), said[j].text))
                fail_msg("%s: %s of readelf is \"%s\" ..., not \"%.*s\"", files[i], said[j].word, room,
                         STELLA_SV_FMT(said[j].text));
        const stella_sv interpreter = readelf(files[i], "program interpreter", room, sizeof room);
        assert_true(stella_sv_ends(interpreter, f.interpreter));
    }
}

static int mentions(const binary_facts *f, const char *name) {
    stella_sv rest = f->mentions, mentioned;
    while (rest.len && stella_sv_split(&rest, '\0', &mentioned))
        if (stella_sv_eq(mentioned, stella_sv_cstr(name)))
            return 1;
    return 0;
}

static void finds_the_libraries_that_this_program_may_load_by_name(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(256u << 20);
    static const char *const names[] = {
        "libstella-is-not-there.so.3.1", "/nowhere/libstella-nor.so", "libstella-nor.so.",
        "libstella-nor.so.3a",           "libstella nor.so.4",        "stella-nor.so"};
    for (size_t i = 0; i < STELLA_COUNT(names); i++)
        assert_null(dlopen(names[i], RTLD_LAZY));
    char exe[512] = "";
    assert_true(readlink("/proc/self/exe", exe, sizeof exe - 1) > 0);
    const binary_facts f = facts_of(exe, arena);
    for (size_t i = 0; i < STELLA_COUNT(names); i++)
        assert_int_equal(mentions(&f, names[i]), i < 2);
    assert_false(mentions(&f, "nor.so.4"));
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
                            .is_nameless = 1,
                            .needed = STELLA_SV("x\0y"),
                            .mentions = STELLA_SV("libz.so"),
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
    assert_int_equal(back.is_nameless, 1);
    is(back.mentions, "libz.so");
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
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    static const char *const paths[] = {"opt/x", "usr/bin/x",
                                        "lib64/x"}; /* the latter are read once nobody owns them */
    char said[160], command[700], digest[65] = "";
    snprintf(command, sizeof command, "sha256sum '%s'", DATA "usr/local/bin/tool");
    FILE *tool = popen(command, "r");
    assert_non_null(tool);
    assert_non_null(fgets(digest, sizeof digest, tool));
    pclose(tool);
    snprintf(said, sizeof said, "\"bin:sha256@%s\"", digest); /* the engine writes bin:sha256:HEX */
    for (size_t i = 0; i < STELLA_COUNT(paths); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(paths[i], data_read(DATA "usr/local/bin/tool", arena));
        if (!has(&text, said))
            fail_msg("%s: no %s in %s", paths[i], said, text.ptr);
    }
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
        cmocka_unit_test(agrees_with_readelf),
        cmocka_unit_test(finds_the_libraries_that_this_program_may_load_by_name),
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
