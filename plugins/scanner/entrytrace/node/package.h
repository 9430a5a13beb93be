/* package.h - what a package.json says of how the package is run (npm docs, "package.json"). Keys may be given twice: the
 * last one counts, as with JSON.parse. */
#ifndef ENTRYTRACE_NODE_PACKAGE_H
#define ENTRYTRACE_NODE_PACKAGE_H

#include <stella/json.h>

#define PACKAGE_BYTES_MAX   (4u << 20)
#define PACKAGE_SCRIPTS_MAX 1024
#define PACKAGE_NEEDS_MAX   4096

typedef struct package_script {
    stella_sv name, line;
    uint32_t at; /* its line in the file */
} package_script;

typedef struct package {
    stella_sv name, version, main;
    const package_script *scripts;
    uint32_t script_count;
    const stella_sv *needs; /* names of dependencies and optionalDependencies */
    uint32_t need_count;
} package;

/* Texts lie in the arena.
 * out  set on success
 * Returns STELLA_E_FORMAT for what is no JSON object, STELLA_E_LIMIT for more scripts or dependencies, STELLA_E_NOMEM. */
stella_status package_parse(stella_sv text, stella_arena *arena, package *out, stella_error *err);

/* The script of that name, or NULL. */
const package_script *package_find(const package *p, stella_sv name);

#endif
