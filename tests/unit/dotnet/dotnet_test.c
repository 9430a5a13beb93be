/* .NET: what applications were published with, packages folders, sources, assemblies and single-file applications. */
#include "lang_run.h"

#include <isa-l/igzip_lib.h>

#define DATA STELLA_SOURCE_DIR "/tests/data/dotnet"

static void finds_what_applications_were_published_with(void **state) {
    (void)state;
    matches_golden("dotnet", "published", 13, 11);
}

static void finds_packages_that_lie_unpacked(void **state) {
    (void)state;
    matches_golden("dotnet", "packages", 2, 2);
}

static void finds_what_sources_declare(void **state) {
    (void)state;
    matches_golden("dotnet", "sources", 12, 4);
}

static void takes_assemblies_of_one_runtime_for_one_component(void **state) {
    (void)state;
    matches_golden("dotnet", "bare", 2, 0);
}

static void names_what_published_data_names(void **state) {
    (void)state;
    finds_expected("lang/deps-json/happy", "nuget");
    finds_expected("lang/deps-json/ambiguous-root", "nuget");
    finds_expected("lang/deps-json/multi-project", "nuget");
    finds_expected("lang/deps-json/without-runtime", "nuget");
    finds_expected("lang/nuget-lock/legacy", "nuget");
    finds_expected("lang/nuget-lock/multi", "nuget");
    finds_expected("lang/nuget-lock/simple", "nuget");
    finds_expected("lang/nuget-lock/subdependencies", "nuget");
}

/* The description of a self-contained application names packages of the runtime as NuGet does not: "runtimepack." is
 * the build's own prefix, so this expectation is not the published one. */
static void names_packages_of_the_runtime_as_nuget_does(void **state) {
    (void)state;
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        return;
    }
    char root[512];
    snprintf(root, sizeof root, "%s/scanner/lang/deps-json/self-contained", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root);
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:nuget/"), 4);
    assert_true(has(&text, "\"ref\": \"pkg:nuget/ExampleApp1@1.0.0\""));
    assert_true(has(&text, "\"ref\": \"pkg:nuget/Newtonsoft.Json@13.0.1\""));
    assert_true(has(&text, "\"ref\": \"pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@8.0.0\""));
    assert_true(has(&text, "\"ref\": \"pkg:nuget/Microsoft.AspNetCore.App.Runtime.linux-x64@8.0.0\""));
}

/* ---- single-file applications made here: an ELF file of one writable segment, and a bundle behind it */

typedef struct packed {
    const char *path;
    stella_sv bytes;
    int is_deflated;
} packed;

typedef struct image {
    char *bytes;
    size_t len;
} image;

static const unsigned char mark[] = {0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93,
                                     0x02, 0x14, 0xd7, 0xa0, 0x32, 0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae,
                                     0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae};

#define IMAGE_BYTES  (1u << 20)
#define DATA_AT      128
#define DATA_BYTES   64
#define OFFSET_BYTES 8

static void put(char *out, size_t at, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++)
        out[at + (size_t)i] = (char)(value >> 8 * i);
}

static void add_number(image *to, uint64_t value, int bytes) {
    put(to->bytes, to->len, value, bytes);
    to->len += (size_t)bytes;
}

static void add_text(image *to, const char *text) {
    add_number(to, strlen(text), 1);
    memcpy(to->bytes + to->len, text, strlen(text));
    to->len += strlen(text);
}

static image program_create(stella_arena *arena) {
    image to = {.bytes = stella_arena_alloc(arena, IMAGE_BYTES, 1), .len = DATA_AT + DATA_BYTES};
    assert_non_null(to.bytes);
    memcpy(to.bytes,
           "\177"
           "ELF\2\1\1",
           7);
    put(to.bytes, 16, 2 | 62 << 16, 4);
    put(to.bytes, 32, 64, 8); /* program headers: one of them, loaded, to be read and written */
    put(to.bytes, 54, 56, 2);
    put(to.bytes, 56, 1, 2);
    put(to.bytes, 64, 1, 4);
    put(to.bytes, 68, 6, 4);
    put(to.bytes, 72, DATA_AT, 8);
    put(to.bytes, 96, DATA_BYTES, 8);
    put(to.bytes, 104, DATA_BYTES, 8);
    memcpy(to.bytes + DATA_AT + OFFSET_BYTES, mark, sizeof mark);
    return to;
}

static size_t add_data(image *to, const packed *file) {
    if (!file->is_deflated) {
        memcpy(to->bytes + to->len, file->bytes.ptr, file->bytes.len);
        to->len += file->bytes.len;
        return file->bytes.len;
    }
    struct isal_zstream z;
    isal_deflate_stateless_init(&z);
    z.end_of_stream = 1;
    z.next_in = (uint8_t *)(uintptr_t)file->bytes.ptr;
    z.avail_in = (uint32_t)file->bytes.len;
    z.next_out = (uint8_t *)to->bytes + to->len;
    z.avail_out = (uint32_t)(IMAGE_BYTES - to->len);
    assert_int_equal(isal_deflate_stateless(&z), COMP_OK);
    to->len += z.total_out;
    return z.total_out;
}

/* Of the layout of that version: 1, 2 or 6. */
static stella_sv bundle_of(stella_arena *arena, uint32_t version, const packed *files, uint32_t count) {
    image to = program_create(arena);
    size_t at[8], deflated[8];
    for (uint32_t i = 0; i < count; i++) {
        at[i] = to.len;
        deflated[i] = add_data(&to, &files[i]);
    }
    put(to.bytes, DATA_AT, to.len, OFFSET_BYTES);
    add_number(&to, version, 4);
    add_number(&to, 0, 4);
    add_number(&to, count, 4);
    add_text(&to, "b1f6cbdeAAAA");
    if (version >= 2)
        to.len += 40;
    for (uint32_t i = 0; i < count; i++) {
        add_number(&to, at[i], 8);
        add_number(&to, files[i].bytes.len, 8);
        if (version >= 6)
            add_number(&to, files[i].is_deflated ? deflated[i] : 0, 8);
        add_number(&to, 1, 1);
        add_text(&to, files[i].path);
    }
    return stella_sv_of(to.bytes, to.len);
}

static const packed *descriptions(stella_arena *arena, int is_deflated, packed out[2]) {
    out[0] = (packed){"Own.runtimeconfig.json", data_read(DATA "/published/srv/own/Own.runtimeconfig.json", arena), 0};
    out[1] = (packed){"Own.deps.json", data_read(DATA "/published/srv/own/Own.deps.json", arena), is_deflated};
    return out;
}

static void reads_descriptions_within_programs(void **state) {
    (void)state;
    static const uint32_t versions[] = {1, 2, 6};
    for (uint32_t i = 0; i < 3; i++) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
        packed files[2];
        const stella_sv program = bundle_of(arena, versions[i], descriptions(arena, versions[i] == 6, files), 2);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("opt/own", program);
        assert_int_equal(count_of(&text, "\"ref\": \"pkg:nuget/"), 3);
        assert_int_equal(count_of(&text, "\"from\":"), 2);
        assert_true(has(&text, "\"ref\": \"pkg:nuget/Own@1.2.0\""));
        assert_true(has(&text, "\"path\": \"opt/own\""));
        assert_true(has(&text, "dotnet:single-file"));
        assert_true(has(&text, "self-contained"));
        assert_true(has(&text, "\"introduced\": 0"));
    }
}

static void names_assemblies_within_programs_that_are_not_described(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const packed files[] = {
        {"System.IO.Pipes.dll", data_read(DATA "/bare/srv/app/System.IO.Pipes.dll", arena), 1},
        {"System.Private.CoreLib.dll", data_read(DATA "/bare/srv/app/System.Private.CoreLib.dll", arena), 0},
        {"Vendor.Plugin.dll", data_read(DATA "/bare/srv/app/Vendor.Plugin.dll", arena), 1},
        {"notes.txt", STELLA_SV("no assembly"), 0}};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("opt/own", bundle_of(arena, 6, files, 4));
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:nuget/"), 2);
    assert_true(has(&text, "\"ref\": \"pkg:nuget/Microsoft.NETCore.App@8.0.1\""));
    assert_true(has(&text, "\"ref\": \"pkg:nuget/Vendor.Plugin@3.2.0.0\""));
}

/* A file of a bundle whose numbers are changed. */
static void tells_of_bundles_that_cannot_be_read(void **state) {
    (void)state;
    static const struct {
        size_t before_end; /* of the program: where eight bytes are changed */
        uint64_t value;
    } cases[] = {
        {13 + 2 + 24, UINT64_MAX}, {13 + 2 + 16, UINT64_MAX}, {13 + 2 + 8, UINT64_MAX}, {13 + 2 + 16, 1u << 27}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
        packed files[2];
        const stella_sv program = bundle_of(arena, 6, descriptions(arena, 1, files), 2);
        put((char *)(uintptr_t)program.ptr, program.len - cases[i].before_end, cases[i].value, 8);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("opt/own", program);
        if (has(&text, "\"ref\"") || !has(&text, "bundle"))
            fail_msg("case %zu: %s", i, text.ptr);
    }
}

static void refuses_bundles_of_too_many_files(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_sv program = bundle_of(arena, 6, NULL, 0);
    const size_t header = DATA_AT + DATA_BYTES;
    put((char *)(uintptr_t)program.ptr, header + 8, UINT32_MAX, 4);
    STELLA_AUTO(stella_buf_fini) stella_buf many = run_file("opt/own", program);
    assert_true(has(&many, "a bundle of more than 100000 files"));
    put((char *)(uintptr_t)program.ptr, DATA_AT, UINT64_MAX, 8);
    STELLA_AUTO(stella_buf_fini) stella_buf outside = run_file("opt/own", program);
    assert_true(has(&outside, "is damaged"));
    put((char *)(uintptr_t)program.ptr, DATA_AT, 0, 8);
    STELLA_AUTO(stella_buf_fini) stella_buf none = run_file("opt/own", program);
    assert_false(has(&none, "\"message\""));
}

/* ---- bad input */

#define GOOD_LOCK "{\"version\":1,\"dependencies\":{\"net8.0\":{\"Good\":{\"resolved\":\"1.0.0\"}}}}"

static void loses_no_other_package_beside_a_broken_file(void **state) {
    (void)state;
    static const char *const paths[] = {"published/app/Shop.deps.json",
                                        "published/app/Shop.runtimeconfig.json",
                                        "sources/packages.lock.json",
                                        "sources/obj/project.assets.json",
                                        "sources/packages.config",
                                        "sources/Directory.Packages.props",
                                        "packages/root/.nuget/packages/example.text/2.1.4/example.text.nuspec",
                                        "bare/srv/app/Vendor.Plugin.dll"};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const lang_good good = {
        .path = "good/packages.lock.json", .bytes = STELLA_SV(GOOD_LOCK), .says = "\"ref\": \"pkg:nuget/Good@1.0.0\""};
    packed files[2];
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char from[512];
        snprintf(from, sizeof from, DATA "/%s", paths[i]);
        survives_beside(&good, paths[i], data_read(from, arena));
    }
    survives_beside(&good, "opt/own", bundle_of(arena, 6, descriptions(arena, 1, files), 2));
}

static void skips_packages_without_name_or_with_one_that_is_none(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(
        "a/X.deps.json", STELLA_SV("\xef\xbb\xbf{\"targets\":{},\"libraries\":{\"Good/1.0.0\":{\"type\":\"package\"},"
                                   "\"/1.0.0\":{\"type\":\"package\"},\"..\":{\"type\":\"package\"},"
                                   "\"b\\u0007/1\":{\"type\":\"package\"},\"c/1\\u0000\":{\"type\":\"package\"},"
                                   "\"NoType/1.0\":7,\"Odd/1.0\":{\"type\":[]}}}"));
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:nuget/"), 1);
    assert_int_equal(count_of(&text, "is skipped"), 4);
}

static void takes_no_file_outside_of_the_application_for_its_own(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "etc/passwd", STELLA_SV("x"));
    scratch_write(&root, "app/X.deps.json",
                  STELLA_SV("{\"targets\":{\"t\":{\"A/1.0\":{\"runtimeTargets\":{\"../etc/passwd\":{}},"
                            "\"resources\":{\"a/passwd\":{\"locale\":\"../etc\"}}}}},"
                            "\"libraries\":{\"A/1.0\":{\"type\":\"package\"}}}"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "pkg:nuget/A@1.0"));
    assert_false(has(&text, "etc/passwd"));
}

static void refuses_entities(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("packages.config", STELLA_SV("<!DOCTYPE p [<!ENTITY a \"aaaa\">]><packages>"
                                                            "<package id=\"&a;\" version=\"1\"/></packages>"));
    assert_false(has(&text, "\"ref\""));
    assert_true(has(&text, "\"path\": \"packages.config\""));
}

static void states_a_package_of_a_lock_file_once(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("packages.lock.json",
                 STELLA_SV("{\"dependencies\":{\"net6.0\":{\"A\":{\"resolved\":\"1.0\",\"dependencies\":{\"b\":\"1\"}},"
                           "\"B\":{\"resolved\":\"1.0\"}},\"net8.0\":{\"A\":{\"resolved\":\"1.0\",\"dependencies\":"
                           "{\"b\":\"2\"}},\"B\":{\"resolved\":\"2.0\"}}}}"));
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:nuget/"), 3);
    assert_int_equal(count_of(&text, "\"to\": \"pkg:nuget/B@1.0\""), 1);
    assert_int_equal(count_of(&text, "\"to\": \"pkg:nuget/B@2.0\""), 1);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    fail_each_allocation(DATA "/published", 20);
    fail_each_allocation(DATA "/packages", 10);
    fail_each_allocation(DATA "/sources", 10);
    fail_each_allocation(DATA "/bare", 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_applications_were_published_with),
        cmocka_unit_test(finds_packages_that_lie_unpacked),
        cmocka_unit_test(finds_what_sources_declare),
        cmocka_unit_test(takes_assemblies_of_one_runtime_for_one_component),
        cmocka_unit_test(names_what_published_data_names),
        cmocka_unit_test(names_packages_of_the_runtime_as_nuget_does),
        cmocka_unit_test(reads_descriptions_within_programs),
        cmocka_unit_test(names_assemblies_within_programs_that_are_not_described),
        cmocka_unit_test(tells_of_bundles_that_cannot_be_read),
        cmocka_unit_test(refuses_bundles_of_too_many_files),
        cmocka_unit_test(loses_no_other_package_beside_a_broken_file),
        cmocka_unit_test(skips_packages_without_name_or_with_one_that_is_none),
        cmocka_unit_test(takes_no_file_outside_of_the_application_for_its_own),
        cmocka_unit_test(refuses_entities),
        cmocka_unit_test(states_a_package_of_a_lock_file_once),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
