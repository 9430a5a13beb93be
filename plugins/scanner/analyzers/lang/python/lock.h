/* lock.h - the packages of one lock file while it is read: components, and relations by name. */
#ifndef PYTHON_LOCK_H
#define PYTHON_LOCK_H

#include "common/providers.h"

#include <stella/analyzer.h>
#include <stella/json.h>

typedef struct lock_package {
    stella_sv name, version; /* name normal; empty version: none */
    const stella_json *source;
    stella_component *component; /* NULL for the project itself */
    int32_t is_root, is_main;    /* the project itself; reached without its development groups */
} lock_package;

typedef struct lock {
    stella_analysis *job;
    const stella_file *file;
    lock_package *packages;
    uint32_t count, room;
    providers names;
} lock;

/* For up to room packages. Returns STELLA_E_NOMEM. */
stella_status lock_init(lock *l, stella_analysis *job, const stella_file *file, uint32_t room, stella_error *err);

/* Notes that a part of the file is not used. */
void lock_note(const lock *l, uint32_t line, const char *message);

/* Adds a package without its component; a bad name or version is noted, and *out NULL. An empty version is allowed.
 * Returns STELLA_E_NOMEM. */
stella_status lock_package_add(lock *l, stella_sv name, stella_sv version, const stella_json *source,
                               lock_package **out, stella_error *err);

/* Makes its component, declared. flags  further STELLA_COMPONENT_* */
void lock_component_add(lock *l, lock_package *p, uint32_t flags);

/* Once, before look-ups. */
void lock_index(lock *l);

/* The packages of that name: numbers of those from *at on. Steps through them; NULL at the end. The name may be in any
 * form. version  only this one; empty: any */
lock_package *lock_find(const lock *l, stella_sv name, stella_sv version, uint32_t *at);

/* Relates to all packages of that name and version. */
void lock_relate(const lock *l, const lock_package *from, stella_sv name, stella_sv version, uint32_t flags);

/* One reader a format; each notes what it cannot use. They return STELLA_E_NOMEM. */
stella_status poetry_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err);
stella_status uv_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err);
stella_status pdm_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err);
stella_status pylock_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err);
stella_status pipfile_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err);

/* Whether interests of plugin.c find a file of requirements by its name. */
int requirements_is_name(stella_sv path);

/* A file of requirements that is being read. */
typedef struct requirements requirements;

/* parent    the file that includes it, NULL: none
 * includes  how many files may still be included, in all files of the job together */
stella_status requirements_read(stella_analysis *job, const stella_file *file, const requirements *parent,
                                uint32_t *includes, stella_error *err);

/* Reads all lock files that were kept, but for those inside installed packages.
 * Returns STELLA_E_NOMEM, STELLA_E_CANCELLED. */
stella_status locks_read(stella_analysis *job, stella_error *err);

#endif
