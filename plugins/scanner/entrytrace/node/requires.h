/* requires.h - which files a program of Node loads: what its files name, found by Node's rules (Node.js, "Modules: CommonJS modules", "All together";
 * "Modules: ECMAScript modules", "Resolution Algorithm"). */
#ifndef ENTRYTRACE_NODE_REQUIRES_H
#define ENTRYTRACE_NODE_REQUIRES_H

#include "entrytrace/common/files.h"

#define REQUIRES_FILE_BYTES_MAX (1u << 20) /* a larger file is not read */
#define REQUIRES_FILES_MAX      4000u      /* of one program */
#define REQUIRES_NAMES_MAX      4096u      /* of one file */

/* States what the main file's modules lead to, file by file, and the package.json of each package that is met.
 * main  relative to the root
 * Returns what must be passed on. What is not at hand is wished for. */
stella_status requires_use(stella_hop *hop, stella_sv main, stella_error *err);

#endif
