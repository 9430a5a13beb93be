/* dependency.h - lists of dependencies and provided names: "so:libc.musl-x86_64.so.1 !conflict zlib>=1.2@edge". */
#ifndef APK_DEPENDENCY_H
#define APK_DEPENDENCY_H

#include <stella/sv.h>

typedef struct apk_dependency {
    stella_sv name;     /* with its "so:", "cmd:" or "pc:" */
    stella_sv relation; /* made of '<', '>', '=' and '~'; empty: any version */
    stella_sv version;
    int is_conflict; /* the name must not be there */
} apk_dependency;

/* Takes the next one off *list; words without a name are stepped over, the tag of a repository is left out.
 * Returns 0, leaving *out alone, at the end. */
int apk_dependency_next(stella_sv *list, apk_dependency *out);

#endif
