/* elf.h - reads ELF files (System V ABI, chapters 4 and 5): 32 and 64 bits, both byte orders.
 *
 * Everything is read when it is asked for, straight from the file's bytes: nothing is allocated, and of a mapped file
 * only the ranges that an answer needs are touched. Views borrow from the file. No number of the file is believed: a
 * table or range that leaves the file is cut or left out, and is told of (damage, is_cut), so that the rest can still be
 * used. Tables and ranges may overlap; nothing here follows them in circles. All functions: [any thread]. */
#ifndef BINARY_ELF_H
#define BINARY_ELF_H

#include <stella/error.h>

#define ELF_SEGMENTS_MAX 4096
#define ELF_SECTIONS_MAX (1u << 17)
#define ELF_NOTES_MAX    4096 /* of one file; what is behind them is not read */
#define ELF_DYNAMIC_MAX  65536
#define ELF_SYMBOLS_MAX  (1u << 22)

/* e_type */
#define ELF_TYPE_RELOCATABLE 1
#define ELF_TYPE_EXECUTABLE  2
#define ELF_TYPE_SHARED      3 /* shared objects and position-independent executables */
#define ELF_TYPE_CORE        4

#define ELF_SEGMENT_LOAD      1
#define ELF_SEGMENT_DYNAMIC   2
#define ELF_SEGMENT_INTERP    3
#define ELF_SEGMENT_NOTE      4
#define ELF_SEGMENT_GNU_STACK 0x6474e551
#define ELF_SEGMENT_GNU_RELRO 0x6474e552
#define ELF_SEGMENT_EXEC      1u /* flags */
#define ELF_SEGMENT_WRITE     2u

#define ELF_SECTION_SYMTAB  2
#define ELF_SECTION_DYNAMIC 6
#define ELF_SECTION_NOTE    7
#define ELF_SECTION_NOBITS  8
#define ELF_SECTION_DYNSYM  11
#define ELF_SECTION_WRITE   1u /* flags */
#define ELF_SECTION_EXEC    4u

typedef struct elf_table {
    uint64_t offset;
    uint32_t entry_bytes;
    uint32_t count;
} elf_table;

/* A plain value, set by elf_open; members may be read. */
typedef struct elf_file {
    stella_sv bytes;
    int is_64;
    int is_big;
    uint32_t type; /* ELF_TYPE_* */
    uint32_t machine;
    uint32_t os_abi;
    uint32_t flags;
    uint64_t entry; /* address */
    elf_table segments, sections;
    stella_sv names;    /* of sections */
    const char *damage; /* why segments or sections cannot be used, static text; NULL: they can */
} elf_file;

typedef struct elf_segment {
    uint32_t type; /* ELF_SEGMENT_* */
    uint32_t flags;
    uint64_t address;
    uint64_t memory_bytes;
    uint64_t align;
    stella_sv bytes; /* in the file */
    int is_cut;      /* the file ends inside it */
} elf_segment;

typedef struct elf_section {
    stella_sv name;
    uint32_t type; /* ELF_SECTION_* */
    uint64_t flags;
    uint64_t address;
    uint32_t link;
    uint64_t entry_bytes;
    uint64_t align;
    stella_sv bytes; /* empty for ELF_SECTION_NOBITS */
    int is_cut;
} elf_section;

/* out  set on success
 * Returns STELLA_E_FORMAT for what is no ELF file or ends inside its header. */
stella_status elf_open(stella_sv bytes, elf_file *out, stella_error *err);

/* The segment or section of that index. Returns 0, leaving out alone, when there is none. */
int elf_segment_at(const elf_file *file, uint32_t index, elf_segment *out);
int elf_section_at(const elf_file *file, uint32_t index, elf_section *out);

/* The first section of that name. Returns 0 when there is none. */
int elf_section_named(const elf_file *file, stella_sv name, elf_section *out);

/* The file's bytes that are at an address once it is loaded, to the end of their segment; empty when there are none. */
stella_sv elf_at(const elf_file *file, uint64_t address);

/* ---- notes: of the note segments, or of the note sections of a file without such segments */

typedef struct elf_note {
    stella_sv owner; /* "GNU", "FDO", "Go" */
    uint32_t type;
    stella_sv bytes;
} elf_note;

/* In the caller's storage; members are the iterator's own. */
typedef struct elf_notes {
    const elf_file *file;
    uint32_t index;
    uint32_t met;
    int is_of_sections;
    uint64_t align;
    stella_sv left;
} elf_notes;

elf_notes elf_notes_of(const elf_file *file);
int elf_notes_next(elf_notes *notes, elf_note *out); /* 0 at the end */

/* The first note of that owner and type. Returns 0 when there is none. */
int elf_note_find(const elf_file *file, stella_sv owner, uint32_t type, elf_note *out);

/* ---- the dynamic section */

#define ELF_DYNAMIC_NEEDED    1
#define ELF_DYNAMIC_STRTAB    5
#define ELF_DYNAMIC_STRSZ     10
#define ELF_DYNAMIC_SONAME    14
#define ELF_DYNAMIC_RPATH     15
#define ELF_DYNAMIC_BIND_NOW  24
#define ELF_DYNAMIC_RUNPATH   29
#define ELF_DYNAMIC_FLAGS     30
#define ELF_DYNAMIC_FLAGS_1   0x6ffffffb
#define ELF_DYNAMIC_FLAG_NOW  8u          /* of FLAGS */
#define ELF_DYNAMIC_FLAG1_NOW 1u          /* of FLAGS_1 */
#define ELF_DYNAMIC_FLAG1_PIE 0x08000000u /* of FLAGS_1 */

typedef struct elf_dynamic_entry {
    uint64_t tag; /* ELF_DYNAMIC_* */
    uint64_t value;
    stella_sv text; /* of NEEDED, SONAME, RPATH, RUNPATH; empty for others */
} elf_dynamic_entry;

/* In the caller's storage; members are the iterator's own. */
typedef struct elf_dynamic {
    const elf_file *file;
    stella_sv entries;
    stella_sv texts;
    uint32_t index;
} elf_dynamic;

/* An iterator that is empty when the file has no such section (it is static). */
elf_dynamic elf_dynamic_of(const elf_file *file);
int elf_dynamic_next(elf_dynamic *dynamic, elf_dynamic_entry *out); /* 0 at the end */

/* ---- symbols */

typedef struct elf_symbol {
    stella_sv name;
    uint64_t value; /* an address, in executables and shared objects */
    uint64_t size;
    uint32_t section; /* 0: undefined, it is looked for elsewhere */
    uint32_t type;    /* 1 object, 2 function */
} elf_symbol;

/* In the caller's storage; members are the iterator's own. */
typedef struct elf_symbols {
    const elf_file *file;
    stella_sv entries;
    stella_sv texts;
    uint32_t index;
} elf_symbols;

/* section_type  ELF_SECTION_SYMTAB or ELF_SECTION_DYNSYM; the iterator is empty when the file has no such section */
elf_symbols elf_symbols_of(const elf_file *file, uint32_t section_type);
int elf_symbols_next(elf_symbols *symbols, elf_symbol *out); /* 0 at the end */

#endif
