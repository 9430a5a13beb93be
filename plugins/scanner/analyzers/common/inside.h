/* inside.h - files that lie inside packages which somebody installed. A lock file there says with what its authors built
 * it, not what is installed here, and whoever lists it reports packages that nobody has. One rule for all ecosystems:
 * packages of one carry the lock files of others (a wheel with its yarn.lock, a gem with its Cargo.lock).
 *
 * The folders are those of the package managers' own documentation; docs/analyzers/README.md has them. [any thread] */
#ifndef ANALYZER_INSIDE_H
#define ANALYZER_INSIDE_H

#include <stella/analyzer.h>

/* Whether a folder of that name is above the file. */
int inside_folder(stella_sv path, stella_sv name);

/* Whether the file is inside a package of any package manager. */
int inside_package(stella_sv path);

/* stella_files_next, but for files inside packages. */
int inside_skip_next(stella_analysis *job, stella_files *it, stella_file *out);

#endif
