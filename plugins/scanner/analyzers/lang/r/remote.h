/* remote.h - where an R package came from when it was not CRAN. */
#ifndef R_REMOTE_H
#define R_REMOTE_H

#include <stella/arena.h>
#include <stella/component.h>

typedef struct remote {
    stella_sv host, username, repo, sha; /* of a repository on GitHub or the like; may be empty */
    int is_bioconductor;
} remote;

/* Qualifiers vcs_url or repository_url; none for CRAN, or when a part is no plain text. */
void remote_qualify(stella_component *c, const remote *from, stella_arena *scratch);

#endif
