/* script.h - what installers write into bin for a "console script": a few lines that import the real program (Python
 * Packaging User Guide, "Entry points specification"). */
#ifndef ENTRYTRACE_PYTHON_SCRIPT_H
#define ENTRYTRACE_PYTHON_SCRIPT_H

#include <stella/sv.h>

#define SCRIPT_BYTES_MAX (16u << 10) /* a longer file is none of those */

/* What a script of setuptools says of itself: which entry point of which distribution it is. */
typedef struct script_entry {
    stella_sv distribution, version, group, name; /* "gunicorn", "20.1.0", "console_scripts", "gunicorn" */
} script_entry;

/* Reads the line "# EASY-INSTALL-ENTRY-SCRIPT: 'gunicorn==20.1.0','console_scripts','gunicorn'". Returns 0, leaving out
 * alone, when there is none. */
int script_entry_of(stella_sv text, script_entry *out);

/* The module of an entry point by the distribution's entry_points.txt; empty when that has none of that name. */
stella_sv script_entry_module(stella_sv entry_points, const script_entry *entry);

/* The module that the script takes its program from: "gunicorn.app.wsgiapp". Empty when it is no such script. */
stella_sv script_module(stella_sv text);

#endif
