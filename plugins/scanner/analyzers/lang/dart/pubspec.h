/* pubspec.h - pubspec.lock and pubspec.yaml. Both are walk_read. Source: Dart's documentation, "The pubspec file" and
 * "glossary: lockfile". */
#ifndef DART_PUBSPEC_H
#define DART_PUBSPEC_H

#include "common/walk.h"

/* The packages that pub has resolved, as declared components. */
stella_status pubspec_lock(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

/* A package: installed below .pub-cache/hosted, where pub unpacks what it downloads; else declared, when it has a
 * version. */
stella_status pubspec_manifest(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
