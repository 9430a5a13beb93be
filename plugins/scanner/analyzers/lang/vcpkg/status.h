/* status.h - paragraphs of vcpkg's database: "Key: value" lines, an empty line between them.
 *
 * Source: the files that vcpkg writes, installed/vcpkg/status and installed/vcpkg/updates. */
#ifndef VCPKG_STATUS_H
#define VCPKG_STATUS_H

#include <stella/sv.h>

/* Views borrow from the text; what is not there is empty. */
typedef struct status_paragraph {
    stella_sv package, version, port_version, triplet, depends, feature, status, description;
    uint32_t line; /* of its first line */
} status_paragraph;

typedef struct status_reader {
    stella_sv rest;
    uint32_t line;
} status_reader;

/* The next paragraph with a package. Returns 0, leaving *out alone, at the end. */
int status_next(status_reader *reader, status_paragraph *out);

#endif
