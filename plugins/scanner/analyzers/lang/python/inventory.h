/* inventory.h - the distributions of a tree: metadata, where each lies, who answers to a name. */
#ifndef PYTHON_INVENTORY_H
#define PYTHON_INVENTORY_H

#include "digests.h"
#include "metadata.h"
#include "places.h"

#include "common/license_text/texts.h"
#include "common/providers.h"

#define DIST_EXTRAS_MAX 32

/* How a distribution lies there. */
typedef enum dist_form {
    DIST_INFO,     /* X.dist-info/METADATA */
    DIST_EGG_DIR,  /* X.egg-info/PKG-INFO, or EGG-INFO/PKG-INFO of an unpacked egg */
    DIST_EGG_FILE, /* X.egg-info */
    DIST_ARCHIVE,  /* in a wheel, an egg or a zipapp */
} dist_form;

typedef struct dist {
    metadata_view metadata;
    stella_record record;
    stella_sv name; /* normal */
    stella_sv info; /* folder of the metadata; of DIST_EGG_FILE and DIST_ARCHIVE the file */
    place place;
    dist_form form;
    stella_component *component;
    stella_sv requires;                /* a requirement (PEP 508) a line */
    stella_sv extras[DIST_EXTRAS_MAX]; /* asked for by others */
    uint32_t extra_count;
    int32_t is_queued;
    stella_sv link; /* the .egg-link or finder that makes it importable from its source tree; ptr NULL: none */
} dist;

typedef struct inventory {
    stella_analysis *job;
    dist *items;
    uint32_t count;
    providers names;   /* key: prefix, newline, normal name */
    providers sources; /* folders that .egg-link files name; the version is the file's path */
    digests digests;
    license_texts licenses;
} inventory;

/* Reads records and what lies beside them. Returns STELLA_E_NOMEM, STELLA_E_CANCELLED. */
stella_status inventory_load(stella_analysis *job, inventory *out, stella_error *err);

/* A file in the folder of the metadata that was kept. Returns 0 when there is none. */
int inventory_beside(const inventory *inv, const dist *d, const char *name, stella_file *out);

/* The distribution of that normal name that d sees: in its folder, its Python, or where that falls back to. NULL when
 * there is none. */
dist *inventory_find(const inventory *inv, const dist *d, stella_sv name);

#endif
