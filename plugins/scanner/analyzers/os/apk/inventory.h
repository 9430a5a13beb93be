/* inventory.h - the installed packages of an image, read from the records. */
#ifndef APK_INVENTORY_H
#define APK_INVENTORY_H

#include "installed.h"

#include "common/providers.h"

typedef struct package {
    stella_sv fields[APK_FIELDS];
    stella_sv path;       /* of the file that lists it */
    stella_record record; /* that lists it */
    uint32_t line;
    uint32_t is_repeated;        /* 1: listed again further down in the same file, where it holds */
    stella_component *component; /* set by the analysis; NULL when repeated */
} package;

typedef struct inventory {
    package *packages; /* in the order of the records */
    uint32_t count;
    providers names; /* .package is the position in packages */
} inventory;

/* Reads the records of this job; a name that a file lists twice counts once (the later one), which is noted.
 * out  set on success; lives in the job's arena
 * Returns STELLA_E_NOMEM, STELLA_E_LIMIT or STELLA_E_FORMAT. */
stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err);

#endif
