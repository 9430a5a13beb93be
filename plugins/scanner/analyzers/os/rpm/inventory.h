/* inventory.h - the installed packages of an image, from the one database of each root that counts. */
#ifndef RPM_INVENTORY_H
#define RPM_INVENTORY_H

#include "package.h"

typedef struct package {
    header h;
    stella_record record;
    stella_sv key;  /* the record's: what it is */
    stella_sv root; /* "" or "some/where/": files are below it */
    stella_sv path; /* of the database */
    stella_sv name, version, release, arch;
    uint32_t backend;            /* BACKEND_* */
    uint32_t position;           /* among the records: the first of two alike counts */
    stella_component *component; /* set by the analysis */
} package;

typedef struct inventory {
    package *packages; /* by root, then by key; no two alike */
    uint32_t count;
} inventory;

/* Reads the records of this job and the databases that no probe could read (late.h); of several databases of a root
 * the one of the newest kind that holds packages counts, the others are noted. A package that is listed twice counts
 * once, which is noted.
 * out  set on success; lives in the job's arena
 * Returns STELLA_E_NOMEM or STELLA_E_FORMAT. */
stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err);

#endif
