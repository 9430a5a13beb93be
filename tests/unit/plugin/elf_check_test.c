#include "workshop.h"

#include "plugin/elf_check.h"

#include <elf.h>

/* A copy of a good binary that a test may spoil. */
static stella_sv copy(const workshop *w) {
    return stella_arena_dup(w->arena, fixture_binary(w, "good"));
}

static Elf64_Ehdr *header_of(stella_sv binary) {
    return (Elf64_Ehdr *)(uintptr_t)binary.ptr;
}

static Elf64_Phdr *segment(stella_sv binary, uint32_t type) {
    Elf64_Phdr *segments = (Elf64_Phdr *)(uintptr_t)(binary.ptr + header_of(binary)->e_phoff);
    for (uint16_t i = 0; i < header_of(binary)->e_phnum; i++)
        if (segments[i].p_type == type)
            return &segments[i];
    fail_msg("no segment of type %u", type);
    return NULL;
}

static Elf64_Dyn *tag(stella_sv binary, int64_t wanted) {
    Elf64_Dyn *entry = (Elf64_Dyn *)(uintptr_t)(binary.ptr + segment(binary, PT_DYNAMIC)->p_offset);
    while (entry->d_tag != wanted && entry->d_tag != DT_NULL)
        entry++;
    assert_int_equal(entry->d_tag, wanted);
    return entry;
}

static void expect(stella_sv binary, stella_status status, const char *rule) {
    elf_report report = {.needed_count = 77};
    stella_error err = {0};
    assert_int_equal(elf_check(binary, &report, &err), status);
    if (!strstr(err.message, rule))
        fail_msg("expected ...%s..., got %s", rule, err.message);
    assert_int_equal(report.needed_count, 77);
}

static void accepts_a_plugin_and_reports_what_runs_at_load(void **state) {
    elf_report report;
    assert_int_equal(elf_check(fixture_binary(*state, "good"), &report, NULL), STELLA_OK);
    assert_true(report.init_count >= 1);
}

static void refuses_what_is_no_shared_object_of_this_machine(void **state) {
    expect(STELLA_SV(""), STELLA_E_FORMAT, "no ELF header");
    expect(STELLA_SV("#!/bin/sh\nexit 0 # longer than a header"), STELLA_E_FORMAT, "no ELF header");
    stella_sv binary = copy(*state);
    header_of(binary)->e_machine = EM_MIPS;
    expect(binary, STELLA_E_FORMAT, "another machine");
    binary = copy(*state);
    header_of(binary)->e_type = ET_EXEC;
    expect(binary, STELLA_E_FORMAT, "a program");
    binary = copy(*state);
    header_of(binary)->e_ident[EI_CLASS] = ELFCLASS32;
    expect(binary, STELLA_E_FORMAT, "64-bit");
}

static void refuses_every_way_to_reach_another_library_or_to_patch_code(void **state) {
    static const struct {
        int64_t tag;
        const char *rule;
    } tags[] = {
        {DT_RPATH, "RPATH"},   {DT_RUNPATH, "RUNPATH"},  {DT_AUDIT, "audit library"},     {DT_DEPAUDIT, "audit"},
        {DT_FILTER, "filter"}, {DT_AUXILIARY, "filter"}, {DT_TEXTREL, "text relocations"}};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        const stella_sv binary = copy(*state);
        tag(binary, DT_FLAGS_1)->d_tag = tags[i].tag;
        expect(binary, STELLA_E_DENIED, tags[i].rule);
    }
    stella_sv binary = copy(*state);
    tag(binary, DT_FLAGS)->d_un.d_val |= DF_TEXTREL;
    expect(binary, STELLA_E_DENIED, "text relocations");
    binary = copy(*state);
    *tag(binary, DT_FLAGS_1) = (Elf64_Dyn){.d_tag = DT_NEEDED, .d_un.d_val = 1};
    expect(binary, STELLA_E_DENIED, "not on the list of system libraries");
}

static void refuses_a_plugin_that_calls_itself_a_system_library(void **state) {
    const stella_sv binary = copy(*state);
    const uint64_t name = tag(binary, DT_NEEDED)->d_un.d_val;
    *tag(binary, DT_FLAGS_1) = (Elf64_Dyn){.d_tag = DT_SONAME, .d_un.d_val = name};
    expect(binary, STELLA_E_DENIED, "the name of a system library");
}

static void refuses_stacks_and_segments_that_can_be_written_and_run(void **state) {
    stella_sv binary = copy(*state);
    segment(binary, PT_GNU_STACK)->p_flags |= PF_X;
    expect(binary, STELLA_E_DENIED, "executable stack");
    binary = copy(*state);
    segment(binary, PT_GNU_STACK)->p_type = PT_NULL;
    expect(binary, STELLA_E_DENIED, "executable stack");
    binary = copy(*state);
    segment(binary, PT_LOAD)->p_flags = PF_R | PF_W | PF_X;
    expect(binary, STELLA_E_DENIED, "writable and executable");
}

static void refuses_segments_that_hide_each_other(void **state) {
    const stella_sv binary = copy(*state);
    Elf64_Phdr *first = segment(binary, PT_LOAD);
    first[1].p_vaddr = first->p_vaddr;
    expect(binary, STELLA_E_FORMAT, "overlap");
}

static void never_accepts_a_file_that_was_cut(void **state) {
    const stella_sv binary = fixture_binary(*state, "good");
    const Elf64_Phdr *dynamic = segment(binary, PT_DYNAMIC);
    const size_t needed = dynamic->p_offset + dynamic->p_filesz; /* behind it come data and tables no loader reads */
    for (size_t size = 0; size < needed; size += size < 4096 ? 1 : 61) {
        char *exact = malloc(size ? size : 1); /* of that size, so that a sanitizer sees one byte too far */
        memcpy(exact, binary.ptr, size);
        assert_int_not_equal(elf_check(stella_sv_of(exact, size), NULL, NULL), STELLA_OK);
        free(exact);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_workshop, close_workshop)

int main(void) {
    const struct CMUnitTest elf[] = {
        TEST(accepts_a_plugin_and_reports_what_runs_at_load),
        TEST(refuses_what_is_no_shared_object_of_this_machine),
        TEST(refuses_every_way_to_reach_another_library_or_to_patch_code),
        TEST(refuses_a_plugin_that_calls_itself_a_system_library),
        TEST(refuses_stacks_and_segments_that_can_be_written_and_run),
        TEST(refuses_segments_that_hide_each_other),
        TEST(never_accepts_a_file_that_was_cut),
    };
    return cmocka_run_group_tests(elf, NULL, NULL);
}
