/* Mach-O files that linkers wrote, whole and damaged, and what the three formats have in common. */
#include "common/binary/binary.h"
#include "fixture.h"

#define ARENA_BYTES ((uint64_t)32 << 20)
#define CPU_X86_64  0x01000007
#define CPU_ARM64   0x0100000c

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

static macho_slice slice_of(stella_sv bytes, uint32_t index) {
    macho_slices slices;
    macho_slice slice;
    assert_int_equal(macho_slices_of(bytes, &slices, NULL), STELLA_OK);
    for (uint32_t i = 0; i <= index; i++)
        assert_int_equal(macho_slices_next(&slices, &slice, NULL), STELLA_OK);
    return slice;
}

static stella_sv path_of(const macho_file *file, uint32_t kind, uint32_t *version) {
    macho_command command;
    for (macho_commands it = macho_commands_of(file); macho_commands_next(&it, &command);)
        if (command.kind == kind)
            return macho_path(file, &command, version);
    return (stella_sv){0};
}

static void reads_each_architecture_of_a_universal_file(void **state) {
    (void)state;
    const stella_sv bytes = fixture(arena, "fat.dylib");
    const uint32_t cpus[] = {CPU_X86_64, CPU_ARM64};
    for (uint32_t i = 0; i < 2; i++) {
        const macho_slice slice = slice_of(bytes, i);
        assert_int_equal(slice.cpu, cpus[i]);
        macho_file file;
        uint32_t version = 0;
        stella_sv uuid;
        macho_build build;
        assert_int_equal(macho_open(slice.bytes, &file, NULL), STELLA_OK);
        assert_null(file.damage);
        assert_int_equal(file.cpu, cpus[i]);
        assert_int_equal(file.type, 6);
        assert_true(is(path_of(&file, MACHO_COMMAND_ID_DYLIB, &version), "@rpath/libtiny.1.dylib"));
        assert_int_equal(version, 0x010203);
        assert_true(is(path_of(&file, MACHO_COMMAND_RPATH, NULL), "/opt/tiny"));
        assert_int_equal(path_of(&file, MACHO_COMMAND_UUID, NULL).len, 0); /* it has no path */
        assert_true(macho_uuid(&file, &uuid) && uuid.len == 16);
        assert_true(macho_build_version(&file, &build));
        assert_int_equal(build.platform, 1);
        assert_int_equal(build.minimum, 0x0b0000);
        assert_int_equal(build.sdk, 0x0c0300);
    }
    assert_int_equal(slice_of(bytes, 2).bytes.len, 0);
}

static void reads_an_object_file_of_32_bits(void **state) {
    (void)state;
    const stella_sv bytes = fixture(arena, "macho32.o");
    assert_ptr_equal(slice_of(bytes, 0).bytes.ptr, bytes.ptr);
    assert_int_equal(slice_of(bytes, 1).bytes.len, 0);
    macho_file file;
    macho_build build;
    stella_sv data;
    assert_int_equal(macho_open(bytes, &file, NULL), STELLA_OK);
    assert_true(!file.is_64 && !file.is_big);
    assert_int_equal(file.cpu, 12);
    assert_true(macho_build_version(&file, &build));
    assert_int_equal(build.platform, 2);
    assert_int_equal(build.minimum, 0x060000);
    const binary b = {.format = BINARY_MACHO, .macho = file};
    assert_true(binary_section(&b, STELLA_SV("__data"), &data));
    assert_int_equal(data.len, 4);
    assert_memory_equal(data.ptr, "\7\0\0\0", 4);
    assert_int_equal(macho_uuid(&file, &data), 0);
}

/* No compiler at hand writes them any more: one segment with one section, all numbers most significant byte first. */
static stella_sv big_endian_file(char *out) {
    const uint32_t words[] = {0xfeedface, 18, 0, 2, 1, 124, 0, /* the command: */ 1, 124};
    const uint32_t segment[] = {0x1000, 0x1000, 0, 160, 7, 3, 1, 0};
    const uint32_t section[] = {0x1098, 8, 152, 0, 0, 0, 0, 0, 0};
    size_t len = 0;
    const struct {
        const uint32_t *words;
        size_t count;
        const char *names[2];
    } parts[] = {{words, 9, {"__DATA"}}, {segment, 8, {"__go_buildinfo", "__DATA"}}, {section, 9, {NULL}}};
    memset(out, 0, 160);
    for (int p = 0; p < 3; p++) {
        for (size_t i = 0; i < parts[p].count; i++)
            for (int shift = 24; shift >= 0; shift -= 8)
                out[len++] = (char)(parts[p].words[i] >> shift);
        for (int n = 0; n < 2 && parts[p].names[n]; n++, len += 16)
            memcpy(out + len, parts[p].names[n], strlen(parts[p].names[n]));
    }
    assert_int_equal(len, 152);
    memcpy(out + len, "contents", 8);
    return stella_sv_of(out, len + 8);
}

static void reads_a_file_with_the_most_significant_byte_first(void **state) {
    (void)state;
    char bytes[160];
    binary b;
    stella_sv section;
    assert_int_equal(binary_open(big_endian_file(bytes), &b, NULL), STELLA_OK);
    assert_true(binary_is_big_endian(&b) && !binary_is_64(&b));
    assert_true(binary_section(&b, STELLA_SV(".go.buildinfo"), &section));
    assert_true(is(section, "contents"));
    assert_true(is(binary_at(&b, 0x1098), "contents"));
    assert_int_equal(binary_at(&b, 0x10a0).len, 0);
    binary_segment segment;
    binary_segments it = binary_segments_of(&b);
    assert_true(binary_segments_next(&it, &segment));
    assert_true(segment.is_writable && !segment.is_executable);
    assert_false(binary_segments_next(&it, &segment));
}

static void goes_on_behind_architectures_that_overlap_or_leave_the_file(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "fat.dylib");
    const size_t lies[] = {8 + 8, 8 + 12}; /* offset and size of the first */
    for (int i = 0; i < 2; i++) {
        macho_slices slices;
        macho_slice slice;
        stella_error err = {0};
        assert_int_equal(macho_slices_of(damaged(arena, sound, lies[i], 0xffffffff, 4), &slices, NULL), STELLA_OK);
        assert_int_equal(macho_slices_next(&slices, &slice, &err), STELLA_E_FORMAT);
        assert_string_equal(err.message, "architecture 0 is not inside the file");
        if (i == 0) {
            assert_int_equal(macho_slices_next(&slices, &slice, &err), STELLA_OK);
            assert_int_equal(slice.cpu, CPU_ARM64);
        }
    }
    macho_slices slices;
    macho_slice slice;
    stella_error err = {0};
    const stella_sv twice = damaged(arena, sound, 28 + 8, 0x00100000, 4); /* both begin at 4096 */
    assert_int_equal(macho_slices_of(twice, &slices, NULL), STELLA_OK);
    assert_int_equal(macho_slices_next(&slices, &slice, NULL), STELLA_OK);
    assert_int_equal(macho_slices_next(&slices, &slice, &err), STELLA_E_FORMAT);
    assert_string_equal(err.message, "architecture 1 overlaps an earlier one");
}

static void refuses_no_and_too_many_architectures(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "fat.dylib");
    macho_slices slices = {.count = 77};
    stella_error err = {0};
    assert_int_equal(macho_slices_of(damaged(arena, sound, 4, 0, 4), &slices, &err), STELLA_E_FORMAT);
    assert_int_equal(macho_slices_of(damaged(arena, sound, 4, 0xffffffff, 4), &slices, &err), STELLA_E_FORMAT);
    assert_string_equal(err.message, "a universal file of 4294967295 architectures, at most 32");
    assert_int_equal(slices.count, 77);
}

static void stops_at_load_commands_that_lie(void **state) {
    (void)state;
    const stella_sv thin = slice_of(fixture(arena, "fat.dylib"), 0).bytes;
    macho_file file;
    macho_command command;
    assert_int_equal(macho_open(damaged(arena, thin, 20, 0xffffffff, 4), &file, NULL), STELLA_OK); /* sizeofcmds */
    assert_string_equal(file.damage, "the load commands are not inside the file");
    const uint32_t sizes[] = {0, 7, 0x7fffffff};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(macho_open(damaged(arena, thin, 36, sizes[i], 4), &file, NULL), STELLA_OK);
        macho_commands it = macho_commands_of(&file);
        assert_false(macho_commands_next(&it, &command));
    }
    macho_section section;
    assert_int_equal(macho_open(damaged(arena, thin, 32 + 64, 0xffffffff, 4), &file, NULL), STELLA_OK); /* nsects */
    uint32_t met = 0;
    for (macho_sections it = macho_sections_of(&file); macho_sections_next(&it, &section);)
        met++;
    assert_true(met >= 4 && met < 16);
}

static void refuses_what_is_none_of_the_formats(void **state) {
    (void)state;
    binary b = {.format = 77};
    binary_slices slices;
    assert_int_equal(binary_open(STELLA_SV("#!/bin/sh\n"), &b, NULL), STELLA_E_FORMAT);
    assert_int_equal(binary_open(STELLA_SV(""), &b, NULL), STELLA_E_FORMAT);
    assert_int_equal(binary_open(stella_sv_first(fixture(arena, "macho32.o"), 27), &b, NULL), STELLA_E_FORMAT);
    assert_int_equal(binary_slices_of(STELLA_SV("\xca\xfe\xba\xbe\0\0\0\x34 a class"), &slices, NULL), STELLA_E_FORMAT);
    assert_int_equal(b.format, 77);
}

static void finds_a_section_in_each_format_by_one_name(void **state) {
    (void)state;
    const char *const names[] = {"elf64.so", "elf32be.o", "pe64.dll", "fat.dylib", "macho32.o"};
    const uint32_t formats[] = {BINARY_ELF, BINARY_ELF, BINARY_PE, BINARY_MACHO, BINARY_MACHO};
    for (int i = 0; i < 5; i++) {
        binary_slices slices;
        binary b;
        stella_sv text;
        uint32_t met = 0;
        assert_int_equal(binary_slices_of(fixture(arena, names[i]), &slices, NULL), STELLA_OK);
        while (binary_slices_next(&slices, &b, NULL) == STELLA_OK && b.format) {
            assert_int_equal(b.format, formats[i]);
            assert_null(b.damage);
            assert_true(binary_section(&b, STELLA_SV(".text"), &text) && text.len);
            assert_false(binary_section(&b, STELLA_SV(".absent"), &text));
            met++;
        }
        assert_int_equal(met, i == 3 ? 2 : 1);
    }
}

static void maps_absolute_addresses_of_pe_files(void **state) {
    (void)state;
    binary b;
    assert_int_equal(binary_open(fixture(arena, "pe64.dll"), &b, NULL), STELLA_OK);
    assert_int_equal(binary_at(&b, 0x2000).len, 0);
    assert_memory_equal(binary_at(&b, 0x36e5c2000).ptr, "\7\0\0\0", 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_architecture_of_a_universal_file),
        cmocka_unit_test(reads_an_object_file_of_32_bits),
        cmocka_unit_test(reads_a_file_with_the_most_significant_byte_first),
        cmocka_unit_test(goes_on_behind_architectures_that_overlap_or_leave_the_file),
        cmocka_unit_test(refuses_no_and_too_many_architectures),
        cmocka_unit_test(stops_at_load_commands_that_lie),
        cmocka_unit_test(refuses_what_is_none_of_the_formats),
        cmocka_unit_test(finds_a_section_in_each_format_by_one_name),
        cmocka_unit_test(maps_absolute_addresses_of_pe_files),
    };
    return cmocka_run_group_tests(tests, make_arena, drop_arena);
}
