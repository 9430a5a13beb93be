/* place.h - what a package.json is, by where it lies. */
#ifndef NODE_PLACE_H
#define NODE_PLACE_H

#include <stella/sv.h>

typedef enum place_kind {
    PLACE_MODULE,   /* node_modules/a, node_modules/@scope/a, also in stores: an installed package */
    PLACE_SYSTEM,   /* usr/share/nodejs/a: a package that the distribution has installed for all programs */
    PLACE_PROJECT,  /* below no node_modules: an application, a workspace, a fixture, an unpacked release */
    PLACE_INTERNAL, /* inside an installed package: nothing of its own */
} place_kind;

/* The folder of the file; "" for one at the root. */
stella_sv place_folder(stella_sv path);

place_kind place_of(stella_sv path);

/* Whether a lock file at that path was left by whoever packed an installed package, and says nothing of this tree. */
int place_is_foreign_lock(stella_sv path);

/* Whether an installer wrote it for its own use: node_modules/.package-lock.json, node_modules/.pnpm/lock.yaml. */
int place_is_hidden_lock(stella_sv path);

/* Whether the folder is named after the release that is unpacked in it: "yarn-v1.22.22", "yarn-1.22.22", "yarn/1.22.22". */
int place_is_release(stella_sv folder, stella_sv name, stella_sv version);

#endif
