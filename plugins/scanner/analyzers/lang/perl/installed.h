/* installed.h - distributions of Perl that are installed: what cpanm keeps of them, joined with their packlists. */
#ifndef PERL_INSTALLED_H
#define PERL_INSTALLED_H

#include "common/walk.h"

/* What is known of the modules that were installed; texts live in the job's arena. */
typedef struct inventory {
    graph base;        /* first: it is what a walk hands on */
    providers known;   /* "ROOT\nAlpha/Beta" of each install.json */
    providers settled; /* the same, of those that became components */
} inventory;

/* Adds a component for each distribution; its modules answer to their names in inv->base.
 * infos, packlists  the interests of install.json and .packlist
 * Returns what walk_files returns. */
stella_status installed_read(inventory *inv, uint32_t infos, uint32_t packlists, stella_error *err);

#endif
