/* inventory.h - the installed packages of an image, read from the records. */
#ifndef OPKG_INVENTORY_H
#define OPKG_INVENTORY_H

#include "common/providers.h"
#include "common/stanza.h"

typedef struct package {
    stanza_view stanza;   /* a field that the status file lacks is the control file's */
    stella_sv path, dir;  /* of the file that lists it, and its folder */
    stella_record record; /* that lists it */
    uint32_t is_repeated; /* 1: listed again further down in the same file, where it holds */
    stella_component *component;
} package;

typedef struct inventory {
    package *packages; /* in the order of the records */
    uint32_t count;
    providers names; /* .package is the position in packages */
} inventory;

/* Reads the records of this job.
 * out  set on success; lives in the job's arena
 * Returns STELLA_E_NOMEM, STELLA_E_LIMIT or STELLA_E_FORMAT. */
stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err);

#endif
