/* loading.h - the state of one closure: files loaded so far, each with who asked for it, and the search for the next. */
#ifndef NATIVE_LOADING_H
#define NATIVE_LOADING_H

#include "closure.h"

#define LOADING_NONE UINT32_MAX

typedef struct object {
    stella_sv path;   /* links followed */
    stella_sv origin; /* directory in which it was found */
    uint32_t loader;  /* the object that asked for it first, or LOADING_NONE */
    const char *how;
    binary_facts facts; /* zeros when nothing is known of it */
    ld_dirs own;        /* of its RUNPATH, else of its RPATH */
    int has_own;        /* own is worked out */
} object;

typedef struct loading {
    closure_world *world;
    const ld_machine *machine;
    int is_musl;
    object *objects;
    uint32_t count, room;
    ld_dirs environment; /* of LD_LIBRARY_PATH */
    ld_dirs system;
    names names; /* by which objects are known: as they were asked for, their sonames */
    names paths;
} loading;

/* Adds a file, or gives the one that is there. found  the file; asked  path as it was asked for, before links
 * Returns STELLA_E_NOMEM. Objects beyond CLOSURE_OBJECTS_MAX are left out: *out is LOADING_NONE. */
stella_status loading_add(loading *l, const stella_file *found, stella_sv asked, uint32_t loader, const char *how,
                          uint32_t *out, stella_error *err);

/* Adds the directories of LD_LIBRARY_PATH, seen from the program. Returns STELLA_E_NOMEM. */
stella_status loading_environment(loading *l, stella_sv library_path, stella_error *err);

/* Loads what an object asks for by name, unless it is loaded.
 * out  set on success: the object, or LOADING_NONE when there is none
 * Returns STELLA_E_NOMEM. */
stella_status loading_request(loading *l, uint32_t by, stella_sv name, const char *how, uint32_t *out,
                              stella_error *err);

#endif
