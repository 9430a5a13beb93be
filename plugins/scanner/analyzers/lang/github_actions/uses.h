/* uses.h - what a step of a workflow uses: "owner/repository/folder@reference".
 *
 * Source: GitHub's documentation, "Workflow syntax", jobs.<job_id>.steps[*].uses. */
#ifndef GITHUB_ACTIONS_USES_H
#define GITHUB_ACTIONS_USES_H

#include <stella/sv.h>

/* Views borrow from the text. */
typedef struct uses {
    stella_sv owner, repository;
    stella_sv folder;    /* of the action, or the file of a workflow; may be empty */
    stella_sv reference; /* a tag, branch or commit */
} uses;

/* Returns 0, leaving *out alone, for an action of the repository itself ("./x"), an image ("docker://x") and what names
 * no reference. */
int uses_parse(stella_sv text, uses *out);

#endif
