/* ELF files that compilers and linkers wrote, whole and damaged. */
#include "common/binary/elf.h"
#include "fixture.h"

#define ARENA_BYTES ((uint64_t)4 << 20)

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

static elf_file open_fixture(const char *name) {
    elf_file file;
    assert_int_equal(elf_open(fixture(arena, name), &file, NULL), STELLA_OK);
    assert_null(file.damage);
    return file;
}

static stella_sv dynamic_text(const elf_file *file, uint64_t tag) {
    elf_dynamic_entry entry;
    for (elf_dynamic it = elf_dynamic_of(file); elf_dynamic_next(&it, &entry);)
        if (entry.tag == tag)
            return entry.text;
    return (stella_sv){0};
}

static uint64_t dynamic_value(const elf_file *file, uint64_t tag) {
    elf_dynamic_entry entry;
    for (elf_dynamic it = elf_dynamic_of(file); elf_dynamic_next(&it, &entry);)
        if (entry.tag == tag)
            return entry.value;
    return 0;
}

static int find_symbol(const elf_file *file, uint32_t table, const char *name, elf_symbol *out) {
    for (elf_symbols it = elf_symbols_of(file, table); elf_symbols_next(&it, out);)
        if (is(out->name, name))
            return 1;
    return 0;
}

static void reads_a_shared_object_of_64_bits(void **state) {
    (void)state;
    const elf_file file = open_fixture("elf64.so");
    assert_true(file.is_64 && !file.is_big);
    assert_int_equal(file.type, ELF_TYPE_SHARED);
    assert_int_equal(file.machine, 62);
    assert_true(is(dynamic_text(&file, ELF_DYNAMIC_SONAME), "libtiny.so.1"));
    assert_true(is(dynamic_text(&file, ELF_DYNAMIC_NEEDED), "libc.so.6"));
    assert_true(is(dynamic_text(&file, ELF_DYNAMIC_RUNPATH), "/opt/tiny"));
    assert_int_equal(dynamic_value(&file, ELF_DYNAMIC_FLAGS), ELF_DYNAMIC_FLAG_NOW);
    assert_int_equal(dynamic_value(&file, ELF_DYNAMIC_FLAGS_1), ELF_DYNAMIC_FLAG1_NOW);
    elf_section comment;
    assert_true(elf_section_named(&file, STELLA_SV(".comment"), &comment));
    assert_true(stella_sv_starts(comment.bytes, STELLA_SV("GCC: (Debian 12")));
    assert_false(elf_section_named(&file, STELLA_SV(".absent"), &comment));
}

static void reads_a_shared_object_of_32_bits(void **state) {
    (void)state;
    const elf_file file = open_fixture("elf32.so");
    assert_true(!file.is_64 && !file.is_big);
    assert_int_equal(file.machine, 3);
    assert_true(is(dynamic_text(&file, ELF_DYNAMIC_SONAME), "libtiny.so.1"));
    elf_symbol symbol;
    assert_true(find_symbol(&file, ELF_SECTION_DYNSYM, "tiny_answer", &symbol));
    assert_int_equal(symbol.type, 2);
    assert_int_not_equal(symbol.section, 0);
}

static void reads_object_files_with_the_most_significant_byte_first(void **state) {
    (void)state;
    const char *const names[] = {"elf64be.o", "elf32be.o"};
    const uint32_t machines[] = {22, 20};
    for (int i = 0; i < 2; i++) {
        const elf_file file = open_fixture(names[i]);
        assert_true(file.is_big && file.is_64 == !i);
        assert_int_equal(file.type, ELF_TYPE_RELOCATABLE);
        assert_int_equal(file.machine, machines[i]);
        elf_symbol symbol;
        assert_true(find_symbol(&file, ELF_SECTION_SYMTAB, "puts", &symbol));
        assert_int_equal(symbol.section, 0);
        assert_true(find_symbol(&file, ELF_SECTION_SYMTAB, "tiny_say", &symbol));
        assert_int_not_equal(symbol.section, 0);
        assert_int_equal(elf_at(&file, 0).len, 0);
        assert_int_equal(dynamic_text(&file, ELF_DYNAMIC_SONAME).len, 0);
    }
}

static void finds_notes_by_owner_and_type(void **state) {
    (void)state;
    const char *const names[] = {"elf64.so", "elf32.so"};
    for (int i = 0; i < 2; i++) {
        const elf_file file = open_fixture(names[i]);
        elf_note note;
        assert_true(elf_note_find(&file, STELLA_SV("FDO"), 0xcafe1a7e, &note));
        assert_true(is(note.bytes, "{\"type\":\"deb\",\"name\":\"tiny\",\"v\":\"1\"}"));
        assert_true(elf_note_find(&file, STELLA_SV("GNU"), 3, &note));
        assert_int_equal(note.bytes.len, 8);
        assert_memory_equal(note.bytes.ptr, "\1\2\3\4\5\6\7\10", 8);
        assert_false(elf_note_find(&file, STELLA_SV("GNU"), 0xcafe1a7e, &note));
    }
}

static void maps_addresses_to_bytes_of_the_file(void **state) {
    (void)state;
    const elf_file file = open_fixture("elf64.so");
    elf_symbol symbol;
    assert_true(find_symbol(&file, ELF_SECTION_DYNSYM, "tiny_answer", &symbol));
    assert_int_equal(symbol.size, 6);
    const stella_sv code = elf_at(&file, symbol.value);
    assert_true(code.len >= 6);
    assert_memory_equal(code.ptr, "\xb8\x2a\0\0\0\xc3", 6); /* mov eax, 42; ret */
    assert_int_equal(elf_at(&file, UINT64_MAX).len, 0);
    assert_int_equal(elf_at(&file, 1u << 30).len, 0);
}

static void keeps_segments_when_the_sections_lie_beyond_the_end(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "elf64.so");
    const uint64_t places[] = {sound.len - 64, sound.len + 1, UINT64_MAX, UINT64_MAX - 63};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        elf_file file;
        assert_int_equal(elf_open(damaged(arena, sound, 0x28, places[i], 8), &file, NULL), STELLA_OK);
        assert_string_equal(file.damage, "the table of sections is not inside the file");
        assert_int_equal(file.sections.count, 0);
        assert_true(is(dynamic_text(&file, ELF_DYNAMIC_SONAME), "libtiny.so.1"));
        elf_note note;
        assert_true(elf_note_find(&file, STELLA_SV("FDO"), 0xcafe1a7e, &note));
    }
}

static void keeps_sections_when_the_segments_lie_beyond_the_end(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "elf64.so");
    elf_file file;
    assert_int_equal(elf_open(damaged(arena, sound, 0x20, UINT64_MAX - 1, 8), &file, NULL), STELLA_OK);
    assert_string_equal(file.damage, "the table of segments is not inside the file");
    elf_section section;
    assert_true(elf_section_named(&file, STELLA_SV(".comment"), &section));
    elf_note note;
    assert_true(elf_note_find(&file, STELLA_SV("FDO"), 0xcafe1a7e, &note));
}

static void refuses_tables_with_entries_too_small_or_too_many(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "elf64.so");
    elf_file file;
    assert_int_equal(elf_open(damaged(arena, sound, 0x3a, 1, 2), &file, NULL), STELLA_OK); /* e_shentsize */
    assert_int_equal(file.sections.count, 0);
    assert_non_null(file.damage);
    assert_int_equal(elf_open(damaged(arena, sound, 0x38, 0xfffe, 2), &file, NULL), STELLA_OK); /* e_phnum */
    assert_int_equal(file.segments.count, 0);
    assert_non_null(file.damage);
}

static void takes_huge_counts_from_section_0_and_does_not_believe_them(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "elf64.so");
    elf_file file;
    assert_int_equal(elf_open(sound, &file, NULL), STELLA_OK);
    const uint32_t count = file.sections.count;
    const size_t first = file.sections.offset;
    const stella_sv elsewhere = damaged(arena, sound, 0x3c, 0, 2); /* e_shnum */
    assert_int_equal(elf_open(damaged(arena, elsewhere, first + 32, count, 8), &file, NULL), STELLA_OK);
    assert_int_equal(file.sections.count, count);
    assert_null(file.damage);
    assert_int_equal(elf_open(damaged(arena, elsewhere, first + 32, UINT64_MAX, 8), &file, NULL), STELLA_OK);
    assert_int_equal(file.sections.count, 0);
    assert_non_null(file.damage);
}

static void cuts_a_section_that_leaves_the_file_and_says_so(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "elf64.so");
    elf_file file;
    assert_int_equal(elf_open(sound, &file, NULL), STELLA_OK);
    uint32_t comment = 0;
    elf_section section;
    while (elf_section_at(&file, comment, &section) && !is(section.name, ".comment"))
        comment++;
    const size_t entry = file.sections.offset + (size_t)comment * file.sections.entry_bytes;
    assert_int_equal(elf_open(damaged(arena, sound, entry + 32, UINT64_MAX, 8), &file, NULL), STELLA_OK);
    assert_true(elf_section_named(&file, STELLA_SV(".comment"), &section));
    assert_true(section.is_cut);
    assert_int_equal(section.bytes.ptr + section.bytes.len - file.bytes.ptr, file.bytes.len);
}

static void refuses_what_is_no_elf_file(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "elf64.so");
    elf_file file = {.machine = 77};
    stella_error err = {0};
    for (size_t len = 0; len < 64; len++)
        assert_int_equal(elf_open(stella_sv_first(sound, len), &file, &err), STELLA_E_FORMAT);
    assert_string_equal(err.message, "the file ends inside its ELF header");
    assert_int_equal(elf_open(damaged(arena, sound, 4, 3, 1), &file, &err), STELLA_E_FORMAT);
    assert_int_equal(elf_open(damaged(arena, sound, 5, 0, 1), &file, &err), STELLA_E_FORMAT);
    assert_string_equal(err.message, "an ELF file of class 2 and data encoding 0");
    assert_int_equal(file.machine, 77);
}

/* Every answer of a file cut anywhere is inside it; the address sanitizer watches. */
static void survives_a_cut_at_every_byte(void **state) {
    (void)state;
    const stella_sv sound = fixture(arena, "elf32.so");
    uint64_t met = 0;
    for (size_t len = 52; len < sound.len; len++) {
        char *exact = malloc(len); /* a sanitizer knows its end */
        assert_non_null(exact);
        memcpy(exact, sound.ptr, len);
        elf_file file;
        elf_note note;
        elf_symbol symbol;
        assert_int_equal(elf_open(stella_sv_of(exact, len), &file, NULL), STELLA_OK);
        for (elf_notes it = elf_notes_of(&file); elf_notes_next(&it, &note);)
            met += note.bytes.len;
        for (elf_symbols it = elf_symbols_of(&file, ELF_SECTION_DYNSYM); elf_symbols_next(&it, &symbol);)
            met += symbol.name.len;
        met += dynamic_text(&file, ELF_DYNAMIC_SONAME).len;
        free(exact);
    }
    assert_int_not_equal(met, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_shared_object_of_64_bits),
        cmocka_unit_test(reads_a_shared_object_of_32_bits),
        cmocka_unit_test(reads_object_files_with_the_most_significant_byte_first),
        cmocka_unit_test(finds_notes_by_owner_and_type),
        cmocka_unit_test(maps_addresses_to_bytes_of_the_file),
        cmocka_unit_test(keeps_segments_when_the_sections_lie_beyond_the_end),
        cmocka_unit_test(keeps_sections_when_the_segments_lie_beyond_the_end),
        cmocka_unit_test(refuses_tables_with_entries_too_small_or_too_many),
        cmocka_unit_test(takes_huge_counts_from_section_0_and_does_not_believe_them),
        cmocka_unit_test(cuts_a_section_that_leaves_the_file_and_says_so),
        cmocka_unit_test(refuses_what_is_no_elf_file),
        cmocka_unit_test(survives_a_cut_at_every_byte),
    };
    return cmocka_run_group_tests(tests, make_arena, drop_arena);
}
