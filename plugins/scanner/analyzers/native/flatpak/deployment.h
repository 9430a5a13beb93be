/* deployment.h - where a deployed application or runtime of Flatpak lies, what its metadata is of, and which version its
 * AppStream file tells.
 *
 * Sources: flatpak-metadata(5), flatpak(1) "FILESYSTEM", the AppStream specification 1.0, sections 2.1 and 2.2. */
#ifndef FLATPAK_DEPLOYMENT_H
#define FLATPAK_DEPLOYMENT_H

#include "common/xml/xml.h"

/* "app/org.gimp.GIMP/x86_64/stable/COMMIT" below a folder "flatpak"; the views borrow from the path. */
typedef struct deployment {
    stella_sv folder; /* with COMMIT */
    stella_sv kind;   /* "app" or "runtime" */
    stella_sv id;
    stella_sv architecture;
    stella_sv branch;
    stella_sv commit;
    stella_sv rest; /* of the path, below folder */
} deployment;

/* Returns 0, leaving *out alone, for a path that is of no deployment. */
int deployment_of(stella_sv path, deployment *out);

/* "org.gnome.Platform/x86_64/45". Returns 0 for what is none. */
int deployment_parse_ref(stella_sv ref, stella_sv *id, stella_sv *architecture, stella_sv *branch);

/* What an AppStream file says; empty members where it says nothing. */
typedef struct appstream {
    stella_sv id; /* without ".desktop" */
    stella_sv version;
    stella_sv license;
    stella_sv summary;
    stella_sv homepage;
    stella_sv developer;
    uint32_t line; /* of the release */
} appstream;

/* root: of the file's tree. Returns 0 for what describes no component. */
int appstream_read(const xml_node *root, appstream *out);

#endif
