/* location.h - the address of a repository, as the namespace and name of a package URL. */
#ifndef SWIFT_LOCATION_H
#define SWIFT_LOCATION_H

#include <stella/sv.h>

/* "https://user@github.com:443/apple/swift-nio.git" and "git@github.com:apple/swift-nio.git" give github.com, "apple"
 * and "swift-nio". Views borrow from the address. */
typedef struct location {
    stella_sv host;
    stella_sv owner; /* segments joined by '/'; may be empty */
    stella_sv name;
} location;

/* Returns 0, leaving *out alone, for a path or anything else that names no host and repository. */
int location_read(stella_sv address, location *out);

#endif
