/* ld_dirs.h - directories in which a dynamic loader looks for libraries, and looking into one. */
#ifndef NATIVE_LD_DIRS_H
#define NATIVE_LD_DIRS_H

#include <stella/analyzer.h>

#define LD_PATH_MAX    4096
#define LD_DIRS_MAX    1024               /* of one list; those behind are not looked into */
#define LD_LOOKUPS_MAX ((uint64_t)200000) /* of one analysis */

/* The tree, with what may yet be asked of it. */
typedef struct ld_view {
    stella_analysis *job;
    uint64_t lookups_left;
} ld_view;

/* What stands at DIRECTORY/NAME, links followed; either may be empty. Returns 0, leaving out alone, for nothing, or once
 * nothing more may be asked. */
int ld_view_find(ld_view *view, stella_sv directory, stella_sv name, stella_file *out);

typedef struct ld_dir {
    stella_sv path;
    int has_hwcaps; /* there are subdirectories for better processors */
} ld_dir;

/* Lives in the job's arena. */
typedef struct ld_dirs {
    ld_dir *at;
    uint32_t count, room;
} ld_dirs;

/* Adds a directory; one that is not there is left out. path is borrowed. Returns STELLA_E_NOMEM. */
stella_status ld_dirs_add(ld_dirs *dirs, ld_view *view, stella_sv path, stella_error *err);

#endif
