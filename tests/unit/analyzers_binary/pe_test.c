/* PE files that a linker wrote, whole and damaged. */
#include "common/binary/pe.h"
#include "fixture.h"

#define ARENA_BYTES  ((uint64_t)16 << 20)
#define TREE_ENTRIES 14 /* offset of the counts in a directory of resources: named 12, with ids 14 */

static stella_arena *arena;

static int make_arena(void **state) {
    (void)state;
    arena = stella_arena_create(ARENA_BYTES);
    return arena ? 0 : -1;
}

static int drop_arena(void **state) {
    (void)state;
    stella_arena_destroy(arena);
    return 0;
}

static pe_file open_fixture(stella_sv bytes) {
    pe_file file;
    assert_int_equal(pe_open(bytes, &file, NULL), STELLA_OK);
    return file;
}

static size_t second_header(stella_sv bytes) {
    return (unsigned char)bytes.ptr[60] | (size_t)(unsigned char)bytes.ptr[61] << 8;
}

static void reads_a_library_of_64_bits(void **state) {
    (void)state;
    const pe_file file = open_fixture(fixture(arena, "pe64.dll"));
    assert_null(file.damage);
    assert_true(file.is_64);
    assert_int_equal(file.machine, 0x8664);
    assert_int_equal(file.image_base, 0x36e5c0000);
    assert_int_equal(file.entry, 0x1006);
    assert_int_equal(file.subsystem, 3);
    assert_int_equal(file.dll_characteristics, 0x160);
    assert_int_equal(file.section_count, 8);
    pe_section section;
    assert_true(pe_section_named(&file, STELLA_SV(".edata"), &section));
    assert_int_equal(section.address, 0x6000);
    assert_int_equal(section.bytes.len, 0x47); /* without what fills it up */
    assert_false(pe_section_named(&file, STELLA_SV(".absent"), &section));
}

static void knows_sections_by_names_longer_than_their_field(void **state) {
    (void)state;
    const pe_file file = open_fixture(fixture(arena, "pe64.dll"));
    pe_section section;
    assert_true(pe_section_named(&file, STELLA_SV(".longer_than_8"), &section));
    assert_int_equal(section.bytes.len, 4);
    assert_memory_equal(section.bytes.ptr, "\7\0\0\0", 4);
    assert_true(section.flags & PE_SECTION_WRITE);
}

static void maps_addresses_to_bytes_of_the_file(void **state) {
    (void)state;
    const pe_file file = open_fixture(fixture(arena, "pe64.dll"));
    assert_memory_equal(pe_at(&file, 0x2000).ptr, "\7\0\0\0", 4);
    assert_int_equal(pe_at(&file, 0x2000).len, 4);
    assert_int_equal(pe_at(&file, 0x2004).len, 0);
    assert_int_equal(pe_at(&file, UINT32_MAX).len, 0);
    assert_int_equal(pe_directory(&file, PE_DIRECTORY_EXPORT).len, 0x47);
    assert_int_equal(pe_directory(&file, PE_DIRECTORY_CERTIFICATE).len, 0);
    assert_int_equal(pe_directory(&file, 99).len, 0);
}

static void reads_versions_with_letters_beyond_ascii(void **state) {
    (void)state;
    const pe_file file = open_fixture(fixture(arena, "pe64.dll"));
    stella_sv resource;
    pe_version version;
    assert_int_equal(pe_resource(&file, PE_RESOURCE_VERSION, &resource, NULL), STELLA_OK);
    assert_int_equal(pe_version_read(resource, arena, &version, NULL), STELLA_OK);
    assert_true(version.is_fixed);
    const uint16_t file_version[] = {1, 2, 3, 4}, product_version[] = {5, 6, 7, 8};
    assert_memory_equal(version.file, file_version, sizeof file_version);
    assert_memory_equal(version.product, product_version, sizeof product_version);
    assert_int_equal(version.string_count, 6);
    assert_true(is(pe_version_get(&version, STELLA_SV("ProductVersion")), "5.6.7-beta"));
    assert_true(is(pe_version_get(&version, STELLA_SV("productname")), "Tiny"));
    assert_true(is(pe_version_get(&version, STELLA_SV("CompanyName")), "Caf\xc3\xa9 GmbH"));
    assert_true(is(pe_version_get(&version, STELLA_SV("FileDescription")), "Tiny \xf0\x9f\x98\x80 library"));
    assert_int_equal(pe_version_get(&version, STELLA_SV("Absent")).len, 0);
    assert_int_equal(pe_resource(&file, 6, &resource, NULL), STELLA_E_NOTFOUND);
}

static void gives_the_strings_before_a_version_resource_is_cut(void **state) {
    (void)state;
    const pe_file file = open_fixture(fixture(arena, "pe64.dll"));
    stella_sv resource;
    pe_version version = {.string_count = 77};
    assert_int_equal(pe_resource(&file, PE_RESOURCE_VERSION, &resource, NULL), STELLA_OK);
    for (size_t len = 0; len < resource.len - 4; len++) /* its own length is then a lie */
        assert_int_equal(pe_version_read(stella_sv_first(resource, len), arena, &version, NULL), STELLA_E_FORMAT);
    assert_int_equal(version.string_count, 77);
    /* the length of the second string: the first one stands */
    size_t at = 0;
    while (memcmp(resource.ptr + at, "F\0i\0l\0e\0D\0e\0s\0", 14) != 0)
        at++;
    assert_int_equal(pe_version_read(damaged(arena, resource, at - 6, 0xffff, 2), arena, &version, NULL), STELLA_OK);
    assert_int_equal(version.string_count, 1);
    assert_true(is(version.strings[0].key, "CompanyName"));
}

/* The directory of resources refers to itself. */
static void refuses_resources_that_contain_themselves(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "pe64.dll");
    const size_t tree = 0x1200; /* .rsrc in the file */
    pe_file file = open_fixture(damaged(arena, sound, tree + 20, 0x80000000u, 4));
    stella_sv resource = STELLA_SV("untouched");
    stella_error err = {0};
    assert_int_equal(pe_resource(&file, PE_RESOURCE_VERSION, &resource, &err), STELLA_E_FORMAT);
    assert_string_equal(err.message, "resources that have more levels than three, or no end");
    assert_true(is(resource, "untouched"));
    file = open_fixture(damaged(arena, sound, tree + TREE_ENTRIES, 0xffff, 2));
    assert_int_equal(pe_resource(&file, PE_RESOURCE_VERSION, &resource, &err), STELLA_E_FORMAT);
    file = open_fixture(damaged(arena, sound, tree + 20, 0xfffffff0u, 4));
    assert_int_equal(pe_resource(&file, PE_RESOURCE_VERSION, &resource, &err), STELLA_E_FORMAT);
    assert_string_equal(err.message, "a directory of resources is not inside its section");
}

static void tells_of_sections_beyond_the_end_and_keeps_the_headers(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "pe64.dll");
    const size_t coff = second_header(sound) + 4;
    pe_file file = open_fixture(damaged(arena, sound, coff + 2, 0xffff, 2)); /* number of sections */
    assert_string_equal(file.damage, "the table of sections is not inside the file");
    assert_int_equal(file.section_count, 0);
    assert_int_equal(file.machine, 0x8664);
    file = open_fixture(damaged(arena, sound, coff + 16, 0xffff, 2)); /* size of the optional header */
    assert_non_null(file.damage);
}

static void cuts_a_section_that_leaves_the_file_and_says_so(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "pe64.dll");
    const size_t first = open_fixture(sound).sections_at;
    stella_sv bytes = damaged(arena, sound, first + 8, 0, 4); /* size in memory */
    bytes = damaged(arena, bytes, first + 16, 0x7fffffff, 4); /* size in the file */
    const pe_file file = open_fixture(bytes);
    pe_section section;
    assert_true(pe_section_at(&file, 0, &section));
    assert_true(section.is_cut);
    assert_int_equal(section.bytes.len, bytes.len - 0x400);
}

static void is_no_assembly_without_a_whole_clr_header(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "pe64.dll");
    pe_file file = open_fixture(sound);
    pe_clr clr;
    assert_false(pe_clr_header(&file, &clr));
    const size_t directory = second_header(sound) + 24 + 112 + 8 * PE_DIRECTORY_CLR;
    stella_sv bytes = damaged(arena, sound, directory, 0x3000, 4); /* the 32 bytes of .rdata */
    bytes = damaged(arena, bytes, directory + 4, 72, 4);
    file = open_fixture(bytes);
    assert_false(pe_clr_header(&file, &clr));
    bytes = damaged(arena, bytes, directory, 0x8000, 4);      /* .rsrc is long enough */
    bytes = damaged(arena, bytes, 0x1200 + 4, 0x00050002, 4); /* runtime 2.5 */
    bytes = damaged(arena, bytes, 0x1200 + 8, 0x4000, 4);     /* metadata: .pdata */
    bytes = damaged(arena, bytes, 0x1200 + 12, 0x10, 4);
    bytes = damaged(arena, bytes, 0x1200 + 16, 1, 4);
    file = open_fixture(bytes);
    assert_true(pe_clr_header(&file, &clr));
    assert_int_equal(clr.major, 2);
    assert_int_equal(clr.minor, 5);
    assert_int_equal(clr.metadata.len, 0x10);
    assert_ptr_equal(clr.metadata.ptr, bytes.ptr + 0xa00);
    assert_int_equal(clr.flags, 1);
}

static void refuses_what_is_no_pe_file(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "pe64.dll");
    const size_t second = second_header(sound);
    pe_file file = {.machine = 77};
    stella_error err = {0};
    for (size_t len = 0; len < second + 4 + 20 + 112; len++)
        assert_int_equal(pe_open(stella_sv_first(sound, len), &file, &err), STELLA_E_FORMAT);
    assert_int_equal(pe_open(damaged(arena, sound, 60, 0xffffffff, 4), &file, &err), STELLA_E_FORMAT);
    assert_string_equal(err.message, "not a PE file");
    assert_int_equal(pe_open(damaged(arena, sound, second + 24, 0x107, 2), &file, &err), STELLA_E_FORMAT);
    assert_int_equal(file.machine, 77);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_library_of_64_bits),
        cmocka_unit_test(knows_sections_by_names_longer_than_their_field),
        cmocka_unit_test(maps_addresses_to_bytes_of_the_file),
        cmocka_unit_test(reads_versions_with_letters_beyond_ascii),
        cmocka_unit_test(gives_the_strings_before_a_version_resource_is_cut),
        cmocka_unit_test(refuses_resources_that_contain_themselves),
        cmocka_unit_test(tells_of_sections_beyond_the_end_and_keeps_the_headers),
        cmocka_unit_test(cuts_a_section_that_leaves_the_file_and_says_so),
        cmocka_unit_test(is_no_assembly_without_a_whole_clr_header),
        cmocka_unit_test(refuses_what_is_no_pe_file),
    };
    return cmocka_run_group_tests(tests, make_arena, drop_arena);
}
