/* macho.h - reads Mach-O files (Apple's loader.h, fat.h): 32 and 64 bits, both byte orders, and universal ones.
 *
 * As in elf.h everything is read when it is asked for, nothing is allocated, views borrow from the file, and a range that
 * leaves the file is cut and told of. All functions: [any thread]. */
#ifndef BINARY_MACHO_H
#define BINARY_MACHO_H

#include <stella/error.h>

#define MACHO_SLICES_MAX   32 /* architectures of a universal file */
#define MACHO_COMMANDS_MAX 65536

/* ---- architectures */

/* In the caller's storage; members are the iterator's own. */
typedef struct macho_slices {
    stella_sv bytes;
    int is_universal;
    int is_64; /* offsets are */
    uint32_t index, count;
} macho_slices;

typedef struct macho_slice {
    uint32_t cpu;
    uint32_t cpu_subtype;
    stella_sv bytes; /* a Mach-O file of one architecture */
} macho_slice;

/* The architectures of a file; one that is not universal is its own only slice, with cpu 0.
 * out  set on success
 * Returns STELLA_E_FORMAT for no or too many architectures. */
stella_status macho_slices_of(stella_sv bytes, macho_slices *out, stella_error *err);

/* The next one; bytes are empty at the end.
 * Returns STELLA_E_FORMAT for one that leaves the file or overlaps an earlier one: the iteration may go on behind it. */
stella_status macho_slices_next(macho_slices *slices, macho_slice *out, stella_error *err);

/* ---- one architecture */

/* A plain value, set by macho_open; members may be read. */
typedef struct macho_file {
    stella_sv bytes;
    int is_64;
    int is_big;
    uint32_t cpu; /* 7 x86, 12 ARM, 18 PowerPC; with 0x01000000: 64 bits */
    uint32_t cpu_subtype;
    uint32_t type; /* 1 object, 2 executable, 6 dynamic library, 8 bundle */
    uint32_t flags;
    uint32_t command_count;
    stella_sv commands;
    const char *damage; /* why commands are missing, static text; NULL: they are not */
} macho_file;

/* out  set on success
 * Returns STELLA_E_FORMAT for what is no Mach-O file of one architecture or ends inside its header. */
stella_status macho_open(stella_sv bytes, macho_file *out, stella_error *err);

#define MACHO_COMMAND_SEGMENT       0x1u
#define MACHO_COMMAND_SEGMENT_64    0x19u
#define MACHO_COMMAND_LOAD_DYLIB    0xcu
#define MACHO_COMMAND_ID_DYLIB      0xdu
#define MACHO_COMMAND_WEAK_DYLIB    0x80000018u
#define MACHO_COMMAND_REEXPORT      0x8000001fu
#define MACHO_COMMAND_RPATH         0x8000001cu
#define MACHO_COMMAND_UUID          0x1bu
#define MACHO_COMMAND_MIN_MACOS     0x24u
#define MACHO_COMMAND_MIN_IOS       0x25u
#define MACHO_COMMAND_BUILD_VERSION 0x32u

typedef struct macho_command {
    uint32_t kind;   /* MACHO_COMMAND_* */
    stella_sv bytes; /* all of it, with kind and size */
} macho_command;

/* In the caller's storage; members are the iterator's own. */
typedef struct macho_commands {
    const macho_file *file;
    stella_sv left;
    uint32_t met;
} macho_commands;

macho_commands macho_commands_of(const macho_file *file);
int macho_commands_next(macho_commands *commands, macho_command *out); /* 0 at the end */

/* The path of a LOAD_DYLIB, ID_DYLIB, WEAK_DYLIB, REEXPORT or RPATH command; empty for others and damaged ones.
 * version  current version of the library as 16.8.8 bits, 0 of RPATH; may be NULL */
stella_sv macho_path(const macho_file *file, const macho_command *command, uint32_t *version);

/* The 16 bytes that identify the build. Returns 0 when there are none. */
int macho_uuid(const macho_file *file, stella_sv *out);

typedef struct macho_build {
    uint32_t platform; /* 1 macOS, 2 iOS, 3 tvOS, 4 watchOS, 6 Mac Catalyst, 11 visionOS */
    uint32_t minimum;  /* version of the system, 16.8.8 bits */
    uint32_t sdk;
} macho_build;

/* What it was built for. Returns 0 when it does not say. */
int macho_build_version(const macho_file *file, macho_build *out);

#define MACHO_PROTECTION_WRITE 2u
#define MACHO_PROTECTION_EXEC  4u

/* A segment, or a section of one. */
typedef struct macho_section {
    stella_sv segment; /* "__DATA" */
    stella_sv name;    /* "__go_buildinfo"; empty: the segment itself */
    uint64_t address;
    uint64_t memory_bytes;
    uint32_t protection; /* of the segment, MACHO_PROTECTION_* */
    stella_sv bytes;     /* empty for sections of zeros */
    int is_cut;
} macho_section;

/* In the caller's storage; members are the iterator's own. */
typedef struct macho_sections {
    macho_commands commands;
    macho_section segment;
    stella_sv left; /* sections of the segment */
    int is_64;
} macho_sections;

/* Each segment, followed by its sections. */
macho_sections macho_sections_of(const macho_file *file);
int macho_sections_next(macho_sections *sections, macho_section *out); /* 0 at the end */

/* The file's bytes that are at an address once it is loaded, to the end of their segment; empty when there are none. */
stella_sv macho_at(const macho_file *file, uint64_t address);

#endif
