/* dependency.h - relationship fields of a package: Depends, Pre-Depends, Provides (deb-control(5), Debian Policy 7); opkg has
 * the same.
 *
 *     dependency d;
 *     for (dependency_reader r = dependency_open(field); dependency_next(&r, &d);)
 *         ... d.group counts the comma-separated groups; alternatives of one group have the same number */
#ifndef ANALYZER_DEPENDENCY_H
#define ANALYZER_DEPENDENCY_H

#include <stella/sv.h>

/* One alternative; views borrow from the field. */
typedef struct dependency {
    stella_sv name;
    stella_sv qualifier; /* "any", an architecture, or empty */
    stella_sv relation;  /* ">=", or empty when any version will do */
    stella_sv version;
    uint32_t group;
} dependency;

typedef struct dependency_reader {
    stella_sv groups;       /* what is left of the field */
    stella_sv alternatives; /* what is left of the group; ptr NULL: the next group is due */
    uint32_t group;         /* of the alternatives at hand, 1-based */
} dependency_reader;

dependency_reader dependency_open(stella_sv field);

/* The next alternative; items without a name are stepped over. Restriction lists ("[amd64]", "<!nocheck>") are ignored.
 * Returns 0, leaving *out alone, at the end. */
int dependency_next(dependency_reader *reader, dependency *out);

#endif
