/* closure.h - which libraries the dynamic loader maps for a program before its first instruction, as ld.so(8) of glibc and
 * musl's ldso find them; and, apart, those that constants of the program and its libraries name. */
#ifndef NATIVE_CLOSURE_H
#define NATIVE_CLOSURE_H

#include "elf_index.h"
#include "ld_paths.h"

#include <stella/trace.h>

#define CLOSURE_OBJECTS_MAX 4096 /* files of one program */
#define CLOSURE_NOTES_MAX   1000 /* of libraries that are missing */

/* What all closures of an analysis share. */
typedef struct closure_world {
    ld_view view;
    elf_index elfs;
    ld_system system;
    stella_sv *preloads; /* of /etc/ld.so.preload */
    uint32_t preload_count;
    names missing; /* "FILE\nNAME" of what was noted */
} closure_world;

/* A file that the program loads. Texts live in the job's arena. */
typedef struct closure_use {
    stella_sv path;  /* links followed */
    const char *how; /* "interpreter", "preload", "needed", "dlopen-guess" */
    stella_sv via;   /* the file that asks for it */
} closure_use;

typedef struct closure {
    closure_use *uses;
    uint32_t count;
} closure;

/* Reads the configuration. Everything lives in the job's arena.
 * out  set on success
 * Returns STELLA_E_NOMEM. */
stella_status closure_world_of(stella_analysis *job, closure_world *out, stella_error *err);

/* A program as it is started. */
typedef struct closure_start {
    stella_sv program;             /* path, links followed */
    stella_sv library_path;        /* LD_LIBRARY_PATH of its environment; may be empty */
    stella_sv preload;             /* LD_PRELOAD */
    stella_list uses;              /* stella_trace_use; of these, use_count from first_use on: */
    uint32_t first_use, use_count; /* files that it is known to load, modules of its own kind: what they need counts */
} closure_start;

/* out  set on success; empty for what is no ELF file, or a static one; files of uses are not in it
 * Returns STELLA_E_NOMEM, STELLA_E_CANCELLED. */
stella_status closure_of(closure_world *world, const closure_start *start, closure *out, stella_error *err);

#endif
