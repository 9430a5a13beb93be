/* Programs and lock files of Rust, against what cargo says of them. */
#include "lang_run.h"

#include <stella/json.h>

#include <isa-l/igzip_lib.h>

#define DATA STELLA_SOURCE_DIR "/tests/data/rust"

static void golden(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, DATA "/%s", folder);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(path);
    snprintf(path, sizeof path, STELLA_SOURCE_DIR "/tests/golden/rust/%s.json", name);
    assert_true(stella_testing_golden(path, stella_buf_sv(&text)));
}

static void names_crates_of_programs(void **state) {
    (void)state;
    golden("programs", "programs");
}

static void names_crates_of_lock_files_of_each_version(void **state) {
    (void)state;
    golden("lock", "lock");
}

/* cargo-tree.txt is what "cargo tree -e normal,build --prefix none" says: a line "name vN.N.N" for each. */
static void finds_in_a_program_what_cargo_tree_names(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_sv said = data_read(DATA "/cargo-tree.txt", arena), line;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("bin/app", data_read(DATA "/programs/bin/tiny-app", arena));
    uint32_t crates = 0;
    while (stella_sv_split(&said, '\n', &line)) {
        const size_t blank = stella_sv_find(line, ' ');
        if (blank == line.len)
            continue;
        char ref[200];
        const stella_sv version = stella_sv_skip(line, blank + 2);
        snprintf(ref, sizeof ref, "\"ref\": \"pkg:cargo/%.*s@%.*s\"", STELLA_SV_FMT(stella_sv_first(line, blank)),
                 STELLA_SV_FMT(stella_sv_first(version, stella_sv_find(version, ' '))));
        if (!has(&text, ref))
            fail_msg("%s is not found", ref);
        crates++;
    }
    assert_true(crates > 4);
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:cargo/"), crates);
}

/* ---- programs made here: an ELF file with the sections .dep-v0 and .rodata */

static const char section_names[] = "\0.dep-v0\0.rodata\0.shstrtab";

static void put(char *out, size_t at, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        out[at + (size_t)i] = (char)(value >> 8 * i);
}

static void put_section(char *out, size_t index, uint32_t name, size_t at, size_t size) {
    const size_t entry = 64 + 64 * index;
    put(out, entry, name, 4);
    put(out, entry + 4, 1, 4);
    put(out, entry + 24, at, 8);
    put(out, entry + 32, size, 8);
}

static stella_sv program_of(stella_arena *arena, stella_sv audit, stella_sv constants) {
    const size_t names_at = 64 + 64 * 4, audit_at = names_at + sizeof section_names;
    const size_t len = audit_at + audit.len + constants.len;
    char *out = stella_arena_alloc(arena, len, 1);
    assert_non_null(out);
    memcpy(out,
           "\177"
           "ELF\2\1\1",
           7);
    put(out, 16, 2 | 62 << 16, 4);
    put(out, 40, 64, 8);
    put(out, 58, 64, 2);
    put(out, 60, 4, 2);
    put(out, 62, 3, 2);
    put_section(out, 1, audit.len ? 1 : 0, audit_at, audit.len);
    put_section(out, 2, 9, audit_at + audit.len, constants.len);
    put_section(out, 3, 17, names_at, sizeof section_names);
    memcpy(out + names_at, section_names, sizeof section_names);
    if (audit.len)
        memcpy(out + audit_at, audit.ptr, audit.len);
    if (constants.len)
        memcpy(out + audit_at + audit.len, constants.ptr, constants.len);
    return stella_sv_of(out, len);
}

static stella_sv deflated(stella_arena *arena, stella_sv text) {
    struct isal_zstream z;
    isal_deflate_stateless_init(&z);
    z.gzip_flag = IGZIP_ZLIB;
    z.end_of_stream = 1;
    z.next_in = (uint8_t *)(uintptr_t)text.ptr;
    z.avail_in = (uint32_t)text.len;
    z.avail_out = (uint32_t)text.len + 1024;
    z.next_out = stella_arena_alloc(arena, z.avail_out, 1);
    assert_non_null(z.next_out);
    const uint8_t *const start = z.next_out;
    assert_int_equal(isal_deflate_stateless(&z), COMP_OK);
    return stella_sv_of((const char *)start, (size_t)(z.next_out - start));
}

static stella_buf run_audit(stella_arena *arena, const char *json) {
    return run_file("bin/x", program_of(arena, deflated(arena, stella_sv_cstr(json)), STELLA_SV("")));
}

static void marks_crates_that_only_the_build_needed(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_audit(arena, "{\"packages\":[{\"name\":\"a\",\"version\":\"1.0.0\",\"source\":\"local\",\"root\":true,"
                         "\"dependencies\":[1,2,7,\"x\"]},{\"name\":\"b\",\"version\":\"2.0.0\",\"kind\":\"build\"},"
                         "{\"name\":\"c\",\"version\":\"3.0.0\",\"kind\":\"runtime\",\"new\":{}}]}");
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:cargo/"), 3);
    assert_int_equal(count_of(&text, "\"flags\": 2"), 1); /* STELLA_COMPONENT_DEV */
    assert_int_equal(count_of(&text, "\"flags\": 4"), 1); /* STELLA_RELATION_DEV */
    assert_int_equal(count_of(&text, "\"from\":"), 2);
}

static void skips_crates_without_name_or_with_one_that_is_none(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_audit(arena, "{\"packages\":[{\"version\":\"1.0.0\"},{\"name\":\"../x\",\"version\":\"1\"},"
                         "{\"name\":\"b\\u0007\",\"version\":\"1\"},3,{\"name\":\"good\",\"version\":\"1.0.0\"}]}");
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:cargo/"), 1);
    assert_int_equal(count_of(&text, "a package without a valid name (binary) is skipped"), 4);
}

static void tells_of_lists_that_cannot_be_read(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    char *zeros = stella_arena_alloc(arena, 9u << 20, 1);
    assert_non_null(zeros);
    const stella_sv sound = deflated(arena, STELLA_SV("{\"packages\":[{\"name\":\"a\",\"version\":\"1.0.0\"}]}"));
    stella_sv checksum = stella_arena_dup(arena, sound);
    ((char *)(uintptr_t)checksum.ptr)[checksum.len - 1] ^= 1;
    const struct {
        stella_sv section;
        const char *says;
    } cases[] = {{stella_sv_first(sound, sound.len - 9), "is not sound zlib data"},
                 {checksum, "is not sound zlib data"},
                 {STELLA_SV("no zlib at all"), "is not sound zlib data"},
                 {deflated(arena, stella_sv_of(zeros, 9u << 20)), "more than 8 MiB"},
                 {deflated(arena, STELLA_SV("{\"packages\":7}")), "has no packages"},
                 {deflated(arena, STELLA_SV("{\"packages\":")), "\"path\": \"bin/x\""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        STELLA_AUTO(stella_buf_fini)
        stella_buf text = run_file("bin/x", program_of(arena, cases[i].section, STELLA_SV("")));
        if (!has(&text, cases[i].says) || has(&text, "\"ref\""))
            fail_msg("case %zu: %s", i, text.ptr);
    }
}

static stella_buf run_with(const char *root, uint32_t asked) {
    const stella_testing_options options = {
        .struct_size = sizeof options, .layers = &root, .layer_count = 1, .options = asked};
    stella_buf text = stella_buf_of(1u << 24);
    assert_int_equal(stella_testing_run(&stella_plugin, &options, &text, NULL), STELLA_OK);
    return text;
}

static void guesses_crates_from_paths_only_when_asked(void **state) {
    (void)state;
    static const char constants[] =
        "/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/serde-1.0.1/src/lib.rs"
        "C:\\u\\registry\\src\\github.com-1ecc6299db9ec823\\windows-sys-0.48.0-rc.1\\src\\x.rs"
        "/registry/src/index/serde-1.0.1/src/de.rs/registry/src/index/noversion/src/a.rs"
        "/registry/src/index/bad name-1.0.0/x /registry/src/";
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "bin/x", program_of(arena, STELLA_SV(""), stella_sv_of(constants, sizeof constants)));
    STELLA_AUTO(stella_buf_fini) stella_buf plain = run_with(root.path, 0);
    assert_false(has(&plain, "\"ref\""));
    STELLA_AUTO(stella_buf_fini) stella_buf guessed = run_with(root.path, STELLA_OPTION_HEURISTICS);
    assert_int_equal(count_of(&guessed, "\"ref\": \"pkg:cargo/"), 2);
    assert_int_equal(count_of(&guessed, "\"method\": \"panic-path-guess\""), 2);
    assert_true(has(&guessed, "pkg:cargo/serde@1.0.1"));
    assert_true(has(&guessed, "pkg:cargo/windows-sys@0.48.0-rc.1"));
}

static void loses_no_other_crate_beside_a_broken_file(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {.path = "good/Cargo.lock",
                            .bytes = STELLA_SV("[[package]]\nname = \"good\"\nversion = \"1.0.0\"\n"),
                            .says = "\"ref\": \"pkg:cargo/good@1.0.0\""};
    survives_beside(&good, "Cargo.lock", data_read(DATA "/lock/v3/Cargo.lock", arena));
    survives_beside(&good, "bin/app", data_read(DATA "/programs/bin/tiny-app", arena));
}

static void relates_the_version_that_is_meant(void **state) {
    (void)state;
    static const char text[] =
        "version = 3\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"b 2.0.0\",\n]\n"
        "[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"registry+https://x\"\n"
        "[[package]]\nname = \"b\"\nversion = \"2.0.0\"\nsource = \"registry+https://x\"\n"
        "[[package]]\nname = \"c\"\n";
    STELLA_AUTO(stella_buf_fini) stella_buf found = run_file("Cargo.lock", stella_sv_cstr(text));
    assert_int_equal(count_of(&found, "\"ref\": \"pkg:cargo/"), 3);
    assert_int_equal(count_of(&found, "\"from\":"), 1);
    assert_true(has(&found, "\"to\": \"pkg:cargo/b@2.0.0\""));
    assert_true(has(&found, "a crate without a version is skipped"));
}

static void leaves_lock_files_of_others_alone(void **state) {
    (void)state;
    const char *const paths[] = {"root/.cargo/registry/src/index/x-1.0.0/Cargo.lock", "app/vendor/x/Cargo.lock",
                                 "root/.cargo/git/checkouts/x/1/Cargo.lock"};
    for (int i = 0; i < 3; i++) {
        STELLA_AUTO(stella_buf_fini)
        stella_buf found = run_file(paths[i], STELLA_SV("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n"));
        assert_false(has(&found, "\"ref\""));
    }
}

static void names_what_published_data_names(void **state) {
    (void)state;
    finds_expected("lang/cargo/normal", "cargo");
    finds_expected("lang/cargo/mixed", "cargo");
    finds_expected("lang/cargo/v3", "cargo");
}

static void names_crates_of_published_programs(void **state) {
    (void)state;
    static const char *const files[] = {"auditable-elf/test.elf.zst", "auditable-macho/test.macho.zst",
                                        "auditable-pe/test.exe.zst"};
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        return;
    }
    for (int i = 0; i < 3; i++) {
        STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
        char command[700];
        snprintf(command, sizeof command, "zstd -dqf '%.300s/scanner/bin-rust/%s' -o %s/program", data_root(), files[i],
                 root.path);
        assert_int_equal(system(command), 0);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
        assert_true(has(&text, "\"ref\": \"pkg:cargo/crate_with_features@0.1.0\""));
        assert_true(has(&text, "\"ref\": \"pkg:cargo/library_crate@0.1.0\""));
        assert_int_equal(count_of(&text, "\"ref\": \"pkg:cargo/"), 2);
        assert_int_equal(count_of(&text, "\"from\":"), 1);
    }
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    fail_each_allocation(DATA "/programs", 2);
    fail_each_allocation(DATA "/lock", 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_crates_of_programs),
        cmocka_unit_test(names_crates_of_lock_files_of_each_version),
        cmocka_unit_test(finds_in_a_program_what_cargo_tree_names),
        cmocka_unit_test(marks_crates_that_only_the_build_needed),
        cmocka_unit_test(skips_crates_without_name_or_with_one_that_is_none),
        cmocka_unit_test(tells_of_lists_that_cannot_be_read),
        cmocka_unit_test(guesses_crates_from_paths_only_when_asked),
        cmocka_unit_test(loses_no_other_crate_beside_a_broken_file),
        cmocka_unit_test(relates_the_version_that_is_meant),
        cmocka_unit_test(leaves_lock_files_of_others_alone),
        cmocka_unit_test(names_what_published_data_names),
        cmocka_unit_test(names_crates_of_published_programs),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
