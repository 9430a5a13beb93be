/* pe.h - reads PE files (Microsoft's PE Format): PE32 and PE32+, of Windows, UEFI and .NET.
 *
 * As in elf.h everything is read when it is asked for, views borrow from the file, and a range that leaves the file is
 * cut and told of. Only pe_version_read allocates. All functions: [any thread]. */
#ifndef BINARY_PE_H
#define BINARY_PE_H

#include <stella/arena.h>
#include <stella/error.h>

#define PE_SECTIONS_MAX         2048
#define PE_DIRECTORIES_MAX      16
#define PE_RESOURCE_ENTRIES_MAX 4096 /* of one directory of the resources */
#define PE_VERSION_STRINGS_MAX  256

/* Data directories */
#define PE_DIRECTORY_EXPORT       0
#define PE_DIRECTORY_IMPORT       1
#define PE_DIRECTORY_RESOURCE     2
#define PE_DIRECTORY_CERTIFICATE  4 /* its place is an offset in the file; it is never loaded */
#define PE_DIRECTORY_DEBUG        6
#define PE_DIRECTORY_DELAY_IMPORT 13
#define PE_DIRECTORY_CLR          14

#define PE_SECTION_INITIALIZED 0x00000040u /* flags */
#define PE_SECTION_EXEC        0x20000000u
#define PE_SECTION_READ        0x40000000u
#define PE_SECTION_WRITE       0x80000000u

#define PE_RESOURCE_VERSION 16

typedef struct pe_range {
    uint32_t address; /* relative to the image, but for PE_DIRECTORY_CERTIFICATE */
    uint32_t size;
} pe_range;

/* A plain value, set by pe_open; members may be read. */
typedef struct pe_file {
    stella_sv bytes;
    int is_64;
    uint32_t machine; /* 0x14c i386, 0x8664 amd64, 0xaa64 arm64, 0x1c4 arm */
    uint32_t timestamp;
    uint32_t characteristics; /* 0x2000: a library */
    uint32_t subsystem;
    uint32_t dll_characteristics;
    uint64_t image_base;
    uint32_t entry; /* relative address */
    uint32_t directory_count;
    pe_range directories[PE_DIRECTORIES_MAX];
    uint64_t sections_at;
    uint32_t section_count;
    stella_sv texts;    /* of long section names */
    const char *damage; /* why sections cannot be used, static text; NULL: they can */
} pe_file;

typedef struct pe_section {
    stella_sv name;
    uint32_t address; /* relative to the image */
    uint32_t memory_bytes;
    uint32_t flags;  /* PE_SECTION_* */
    stella_sv bytes; /* in the file, without what only fills it up */
    int is_cut;
} pe_section;

/* out  set on success
 * Returns STELLA_E_FORMAT for what is no PE file (a DOS program) or ends inside its headers. */
stella_status pe_open(stella_sv bytes, pe_file *out, stella_error *err);

/* Returns 0, leaving out alone, when there is none. */
int pe_section_at(const pe_file *file, uint32_t index, pe_section *out);
int pe_section_named(const pe_file *file, stella_sv name, pe_section *out);

/* The file's bytes that are at a relative address once it is loaded, to the end of their section; empty when there are
 * none. */
stella_sv pe_at(const pe_file *file, uint32_t address);

/* What a data directory refers to: PE_DIRECTORY_*; cut where its section ends, empty when there is none. */
stella_sv pe_directory(const pe_file *file, uint32_t index);

/* ---- .NET (ECMA-335 II.25.3.3) */

typedef struct pe_clr {
    uint32_t major, minor; /* of the runtime */
    uint32_t flags;        /* 1: no machine code, 2: needs 32 bits, 8: signed */
    stella_sv metadata;
    stella_sv resources;
    int has_machine_code; /* compiled ahead of time ("ReadyToRun") */
} pe_clr;

/* Returns 0 when it is no assembly. */
int pe_clr_header(const pe_file *file, pe_clr *out);

/* ---- resources */

/* The first resource of that type (PE_RESOURCE_*), whatever its name and language.
 * out  set on success
 * Returns STELLA_E_NOTFOUND when there is none, STELLA_E_FORMAT for a damaged tree: directories beyond the end, more than
 * PE_RESOURCE_ENTRIES_MAX entries, more than three levels (which is what one that contains itself comes to). */
stella_status pe_resource(const pe_file *file, uint32_t type, stella_sv *out, stella_error *err);

typedef struct pe_version_string {
    stella_sv key;   /* "ProductVersion" */
    stella_sv value; /* UTF-8, without blanks at the ends; what is no UTF-16 is U+FFFD */
} pe_version_string;

typedef struct pe_version {
    int is_fixed; /* the numbers are there */
    uint16_t file[4];
    uint16_t product[4];
    const pe_version_string *strings; /* of all languages, in the order of the file */
    uint32_t string_count;
} pe_version;

/* Reads a resource of PE_RESOURCE_VERSION (VS_VERSIONINFO). What is behind the first damage is left out.
 * out  set on success; texts live in the arena
 * Returns STELLA_E_FORMAT for what is none, STELLA_E_NOMEM. */
stella_status pe_version_read(stella_sv resource, stella_arena *arena, pe_version *out, stella_error *err);

/* The first string of that key, whatever the case of its letters; empty when there is none. */
stella_sv pe_version_get(const pe_version *version, stella_sv key);

#endif
