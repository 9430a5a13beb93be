/* document.h - meta/snap.yaml and snap/manifest.yaml of a snap, and where they lie.
 *
 * Sources: snapcraft.io/docs (snap.yaml, "build provenance") and snapd's snap/info_snap_yaml.go. */
#ifndef SNAP_DOCUMENT_H
#define SNAP_DOCUMENT_H

#include <stella/json.h>

/* A package that was put into the snap: "libc6=2.35-0ubuntu3.8", "libc6:amd64=2.35-0ubuntu3.8". */
typedef struct snap_package {
    stella_sv name;
    stella_sv version;
    stella_sv architecture; /* may be empty */
    uint32_t line;
} snap_package;

/* Returns 0, leaving *out alone, for a text that is no such package. */
int snap_package_parse(const stella_json *text, snap_package *out);

/* The list of them: of the snap, or of each of its parts in manifests of old. The views are the iterator's own. */
typedef struct snap_packages {
    const stella_json *list;  /* at hand */
    const stella_json *parts; /* NULL: there is but one list */
    uint32_t part, index;
} snap_packages;

snap_packages snap_packages_of(const stella_json *manifest);
int snap_packages_next(snap_packages *it, snap_package *out); /* 0 at the end; what is no package is stepped over */

/* The snap that a path is of: the folder that holds "meta" and "snap"; revision is empty unless the folder is
 * ".../NAME/REVISION". */
typedef struct snap_place {
    stella_sv folder;
    stella_sv revision;
} snap_place;

snap_place snap_place_of(stella_sv path);

/* "firefox" and "4336" of ".../firefox_4336.snap". Returns 0 for another form. */
int snap_file_parse(stella_sv path, stella_sv *name, stella_sv *revision);

#endif
