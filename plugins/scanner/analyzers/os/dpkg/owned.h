/* owned.h - the files that belong to a package: info/PACKAGE[:ARCH].list, .md5sums and .conffiles, or the .md5sums
 * beside a stanza of status.d, and the Conffiles field. */
#ifndef DPKG_OWNED_H
#define DPKG_OWNED_H

#include "diversions.h"
#include "inventory.h"

/* One path of a package before sources are merged. */
typedef struct owned_entry {
    stella_sv path;   /* without leading slash */
    stella_sv digest; /* md5, or empty */
    uint32_t flags;   /* STELLA_OWNED_* */
    uint32_t is_file; /* named by .md5sums or as a conffile: certainly no directory */
} owned_entry;

/* Works through packages one after the other with one growing array. */
typedef struct owned_reader {
    stella_analysis *job;
    const diversions *diverted;
    stella_sv info;      /* the info directory, without the links that lead to it */
    uint32_t unreadable; /* files of a linked one that could not be had */
    owned_entry *entries;
    uint32_t count, room;
} owned_reader;

/* Finds the info directory, which may be behind links. */
void owned_find_info(owned_reader *reader);

/* Adds the package's files to its component. Directories are left out: what has something below it, and what is one in
 * the tree. A file with no entry in the tree is still named.
 * Returns STELLA_E_NOMEM. */
stella_status owned_add(owned_reader *reader, const package *p, stella_error *err);

#endif
