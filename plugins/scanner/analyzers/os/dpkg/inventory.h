/* inventory.h - the installed packages of an image: read from the records, sorted, found by name. */
#ifndef DPKG_INVENTORY_H
#define DPKG_INVENTORY_H

#include "common/dependency.h"
#include "common/stanza.h"

typedef struct package {
    stanza_view stanza;
    stella_sv name, version, arch;
    stella_sv path; /* of the file that lists it */
    stella_record record;
    uint32_t position;           /* among the records: a later stanza of the same package replaces an earlier one */
    stella_component *component; /* set by the analysis */
} package;

/* A name that a package provides, perhaps at a version. */
typedef struct provided {
    stella_sv name, version;
    const package *by;
} provided;

typedef struct inventory {
    package *packages; /* by name, architecture, path; no two alike */
    uint32_t package_count;
    provided *provides; /* by name, then in the order of packages */
    uint32_t provided_count;
    stella_sv native; /* the architecture that "all" stands for: that of dpkg itself; empty when unknown */
} inventory;

/* Reads the records of this job, and the database that a link leads to (linked.h); a package that a file lists twice
 * counts once (the later one), which is noted.
 * out  set on success; lives in the job's arena
 * Returns STELLA_E_NOMEM or STELLA_E_FORMAT. */
stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err);

/* The packages, or provided entries, of that name: the first one and how many follow. NULL and 0 when there is none. */
const package *inventory_find(const inventory *inv, stella_sv name, uint32_t *count);
const provided *inventory_find_provided(const inventory *inv, stella_sv name, uint32_t *count);

#endif
