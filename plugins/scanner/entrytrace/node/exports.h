/* exports.h - which file of a package a name stands for by "exports" of its package.json (Node.js, "Modules: Packages",
 * "Package entry points", "Subpath patterns", "Conditional exports"). */
#ifndef ENTRYTRACE_NODE_EXPORTS_H
#define ENTRYTRACE_NODE_EXPORTS_H

#include <stella/arena.h>
#include <stella/json.h>

#define EXPORTS_DEPTH_MAX 16 /* of conditions within conditions */

/* text       of package.json
 * subpath    "." for the package, "./lib/x" for "package/lib/x"
 * is_import  for import rather than require()
 * is_there   1 when the package has "exports": then nothing else of it can be loaded
 * target     "./dist/x.js"; empty: it exports no such thing
 * Returns STELLA_E_NOMEM. A text that is none has no "exports". [any thread] */
stella_status exports_find(stella_sv text, stella_sv subpath, int is_import, stella_arena *arena, int *is_there,
                           stella_sv *target, stella_error *err);

#endif
