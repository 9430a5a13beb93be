/* script.h - what installers write into bin for a "console script": a few lines that import the real program (Python
 * Packaging User Guide, "Entry points specification"). */
#ifndef ENTRYTRACE_PYTHON_SCRIPT_H
#define ENTRYTRACE_PYTHON_SCRIPT_H

#include <stella/sv.h>

#define SCRIPT_BYTES_MAX (16u << 10) /* a longer file is none of those */

/* The module that the script takes its program from: "gunicorn.app.wsgiapp". Empty when it is no such script. */
stella_sv script_module(stella_sv text);

#endif
