/* ld_paths.h - where the loaders of glibc (ld.so(8)) and musl look for the libraries of a program, beyond what the program
 * and its libraries say themselves: the system's configuration and what is built in. */
#ifndef NATIVE_LD_PATHS_H
#define NATIVE_LD_PATHS_H

#include "ld_conf.h"
#include "ld_dirs.h"

#include "common/binary/binary.h"
#include "common/binary/facts.h"

#define LD_CONF_FILES_MAX 256 /* read for one image, and patterns that are followed */
#define LD_CONF_DEPTH_MAX 8   /* of files that include files */
#define LD_CONF_BYTES_MAX ((size_t)1 << 20)

/* What the machine of a program means for paths. Texts are static, those that are not known empty. */
typedef struct ld_machine {
    uint32_t machine;
    uint32_t bits;
    const char *multiarch; /* Debian's "x86_64-linux-gnu" */
    const char *lib;       /* "lib64" */
    const char *platform;
    const char *hwcaps[4]; /* subdirectories of glibc-hwcaps, the lowest first */
} ld_machine;

/* Never NULL. [any thread] */
const ld_machine *ld_machine_of(const binary_facts *program);

/* Whether the program is loaded by musl's loader rather than glibc's. */
int ld_is_musl(const binary_facts *program);

/* The directories of etc/ld.so.conf and what it includes, in its order, absolute as written. */
typedef struct ld_system {
    stella_sv *directories;
    uint32_t count, room;
    uint32_t files; /* read */
    uint32_t patterns;
} ld_system;

/* out  set on success; lives in the job's arena
 * Returns STELLA_E_NOMEM. */
stella_status ld_system_of(ld_view *view, ld_system *out, stella_error *err);

/* Adds where the program's loader looks last. Returns STELLA_E_NOMEM. */
stella_status ld_paths_add(const ld_system *system, ld_view *view, const binary_facts *program, ld_dirs *out,
                           stella_error *err);

#endif
