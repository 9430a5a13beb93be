/* imports.h - which modules a Python file loads, as far as its import statements tell (The Python Language Reference, 7.11).
 * Imports inside functions and branches count: they may run. What is imported by name at run time is not seen. */
#ifndef ENTRYTRACE_PYTHON_IMPORTS_H
#define ENTRYTRACE_PYTHON_IMPORTS_H

#include "search.h"

#define IMPORTS_FILE_BYTES_MAX (1u << 20) /* a larger file is not read */
#define IMPORTS_FILES_MAX      2000u      /* of one program */
#define IMPORTS_NAMES_MAX      4096u      /* of one file */

/* What one statement names. */
typedef struct import_name {
    stella_sv module; /* "a.b"; empty: of "from . import x" the package itself */
    stella_sv member; /* of "from a.b import member"; may be a module of its own; else empty */
    uint32_t dots;    /* relative: 1 is the file's own package */
} import_name;

/* Reads the statements of a text. Returns how many names were put into out, at most room; the rest is left out. */
uint32_t imports_read(stella_sv text, import_name *out, uint32_t room);

/* States that the program loads what a file imports; with --usage deep also what that imports, file by file.
 * path  relative to the root
 * Returns what must be passed on, STELLA_E_PENDING among it. */
stella_status imports_use(const search *s, stella_sv path, stella_error *err);

#endif
