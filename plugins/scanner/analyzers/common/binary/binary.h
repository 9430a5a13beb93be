/* binary.h - what ELF, PE and Mach-O files have in common: architectures, segments, sections by name, addresses.
 *
 * A plain value over the readers of elf.h, pe.h and macho.h, whose rules hold: nothing is allocated, views borrow from
 * the file. All functions: [any thread]. */
#ifndef BINARY_BINARY_H
#define BINARY_BINARY_H

#include "elf.h"
#include "macho.h"
#include "pe.h"

#define BINARY_ELF   1
#define BINARY_PE    2
#define BINARY_MACHO 3

/* One architecture of an executable file. */
typedef struct binary {
    uint32_t format;    /* BINARY_* */
    const char *damage; /* what of it cannot be used, static text; NULL: nothing */
    union {
        elf_file elf;
        pe_file pe;
        macho_file macho;
    };
} binary;

/* In the caller's storage; members are the iterator's own. */
typedef struct binary_slices {
    macho_slices slices;
} binary_slices;

/* The architectures of a file: several in universal Mach-O files, else one.
 * out  set on success
 * Returns STELLA_E_FORMAT for a universal file whose list of architectures is damaged. */
stella_status binary_slices_of(stella_sv bytes, binary_slices *out, stella_error *err);

/* The next one; out->format is 0 at the end.
 * Returns STELLA_E_FORMAT for one that cannot be read; the iteration may go on behind it. */
stella_status binary_slices_next(binary_slices *slices, binary *out, stella_error *err);

/* One architecture at hand. Returns STELLA_E_FORMAT. */
stella_status binary_open(stella_sv bytes, binary *out, stella_error *err);

int binary_is_64(const binary *b);
int binary_is_big_endian(const binary *b);

/* The bytes of the first section of that name, whatever its segment; Mach-O has "__x" where the others have ".x", and
 * both are found by the latter where no more than 14 letters follow the dot.
 * out  set when 1 is returned, 0 when there is none */
int binary_section(const binary *b, stella_sv name, stella_sv *out);

/* A part of the file that is loaded, with its protection: a segment (PE: a section). */
typedef struct binary_segment {
    uint64_t address;
    stella_sv bytes; /* in the file */
    int is_writable;
    int is_executable;
} binary_segment;

/* In the caller's storage; members are the iterator's own. */
typedef struct binary_segments {
    const binary *file;
    uint32_t index;
    macho_sections sections;
} binary_segments;

binary_segments binary_segments_of(const binary *b);
int binary_segments_next(binary_segments *segments, binary_segment *out); /* 0 at the end */

/* The file's bytes at an address as the program itself knows it, to the end of their segment; empty when there are
 * none. */
stella_sv binary_at(const binary *b, uint64_t address);

#endif
