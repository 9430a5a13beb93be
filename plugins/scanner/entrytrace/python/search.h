/* search.h - where an interpreter finds modules: what sys.path is made of (The Python Library Reference, "The
 * initialization of the sys.path module search path", and site). */
#ifndef ENTRYTRACE_PYTHON_SEARCH_H
#define ENTRYTRACE_PYTHON_SEARCH_H

#include "entrytrace/common/files.h"

#define SEARCH_DIRECTORIES_MAX 128
#define SEARCH_PATH_MAX        4096 /* bytes of a path that is looked up */

typedef struct search {
    stella_hop *hop;
    stella_sv directories[SEARCH_DIRECTORIES_MAX]; /* "/app": absolute */
    uint32_t count;
    stella_sv extension; /* ending of extension modules, ".cpython-311-x86_64-linux-gnu.so"; empty: not known */
} search;

/* Adds a directory, as seen from the working directory; one too many is left out. Returns STELLA_E_NOMEM. */
stella_status search_add(search *s, stella_sv directory, stella_error *err);

/* Adds those of a variable, separated by ':'. */
stella_status search_add_list(search *s, stella_sv list, stella_error *err);

/* Adds the library, site-packages and dist-packages of the interpreter of this hop: of its virtual environment first.
 * Returns STELLA_E_NOMEM, STELLA_E_LIMIT. */
stella_status search_add_interpreter(search *s, stella_error *err);

/* The file of a module "a.b": a/b.py, a/b.so and its like, or of a package a/b/ENTRY.
 * entry  "__main__.py" for what is run, "__init__.py" for what is imported
 * Returns 0 when it is in none of the directories. */
int search_find(const search *s, stella_sv module, const char *entry, stella_file *out);

/* States what an interpreter loads before any program: encodings, os, site. */
stella_status search_use_startup(stella_hop *hop, stella_error *err);

/* Whether it is a module's name: names of Python joined by dots. */
int search_is_module(stella_sv text);

#endif
