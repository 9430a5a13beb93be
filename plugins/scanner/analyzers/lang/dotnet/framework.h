/* framework.h - shared frameworks: those that are there, by the folder they are in, and those that an application asks
 * for (X.runtimeconfig.json). */
#ifndef DOTNET_FRAMEWORK_H
#define DOTNET_FRAMEWORK_H

#include "dotnet.h"

/* A folder shared/NAME/VERSION or packs/NAME/VERSION. */
typedef struct framework {
    stella_sv folder, name, version;
} framework;

/* Whether the file lies in such a folder. out  set when 1 is returned; borrows from the path */
int framework_of(stella_sv path, framework *out);

/* Adds the framework that a file proves, and what lies in its folder as its own.
 * out  set on success; NULL: refused, with a note */
stella_status framework_add(dotnet *d, const framework *f, const stella_file *file, const char *method,
                            stella_component **out, stella_error *err);

/* What X.runtimeconfig.json asks for, or has with it.
 * application        needs them; NULL: it is not known
 * is_self_contained  set to 1 on success when it has frameworks with it; else left alone
 * Returns STELLA_E_FORMAT, STELLA_E_LIMIT for a text that cannot be used, STELLA_E_NOMEM. */
stella_status framework_require(dotnet *d, stella_component *application, const stella_file *file, stella_sv text,
                                stella_arena *scratch, int *is_self_contained, stella_error *err);

/* A walk_read for X.runtimeconfig.json without an X.deps.json beside it, which else is read first. */
stella_status framework_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
