/* description.h - DESCRIPTION of an R package: "Field: value" lines, continued by lines that begin with a blank.
 * Source: "Writing R Extensions", 1.1.1; R CMD INSTALL adds the field Built. */
#ifndef R_DESCRIPTION_H
#define R_DESCRIPTION_H

#include <stella/arena.h>

/* Views borrow from the file; values of several lines hold them all. */
typedef struct description {
    stella_sv package, version, license, title, maintainer, url, built, priority, bioc_views;
    stella_sv needs[3]; /* Depends, Imports, LinkingTo */
    stella_sv remote_type, remote_host, remote_username, remote_repo, remote_sha;
    uint32_t line; /* of Package */
} description;

/* Fields that are not there are empty; of one that is there twice, the last stands. */
description description_read(stella_sv text);

/* Takes the next package off a list like "R (>= 3.5), methods"; R itself is stepped over. Returns 0 at the end. */
int description_next(stella_sv *list, stella_sv *name);

/* The SPDX expression of a License field: "GPL (>= 2) | file LICENSE". Lives in the arena; ptr NULL when a part of it
 * is none, or memory is short. */
stella_sv description_license(stella_sv text, stella_arena *arena);

#endif
