/* listing.h - which components of a result are listed. */
#ifndef SCANNER_ENGINE_LISTING_H
#define SCANNER_ENGINE_LISTING_H

#include <stella/arena.h>
#include <stella/bom.h>
#include <stella/error.h>

/* Components that are named by a lock file or manifest only. */
typedef enum listing_declared {
    LISTING_AUTO, /* listed of a tree that is no system: without OS identity and without a package database */
    LISTING_ON,
    LISTING_OFF
} listing_declared;

typedef struct listing_rules {
    listing_declared declared;
    int with_dev;     /* of declared ones also those for development only, and the optional ones */
    int with_managed; /* what belongs to packages of the distribution, in formats that leave it out by themselves */
} listing_rules;

/* Leaves out what is declared and not to be listed. What is installed stands, whatever it is for: it is there.
 * is_system  the tree has an OS identity, or components of a package database
 * out        set on success, may be bom itself; lives in the arena, borrows from bom
 * Returns STELLA_E_NOMEM. */
stella_status listing_declare(const stella_bom *bom, const listing_rules *rules, int is_system, stella_arena *arena,
                              stella_bom *out, stella_error *err);

/* Leaves out what is managed. As above. */
stella_status listing_unmanage(const stella_bom *bom, stella_arena *arena, stella_bom *out, stella_error *err);

/* Leaves out what no entrypoint reaches, but for the operating system itself: the view "usage". As above. */
stella_status listing_used(const stella_bom *bom, stella_arena *arena, stella_bom *out, stella_error *err);

#endif
