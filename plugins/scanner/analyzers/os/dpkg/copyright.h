/* copyright.h - usr/share/doc/PACKAGE/copyright: which licenses it states.
 *
 * A machine-readable file (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/) names them in the
 * License fields of its header and Files paragraphs. Of any other file only references to /usr/share/common-licenses/
 * are taken: where the reference alone decides the license, or the text says "any later version" and refers to one GNU
 * license alone, it is an SPDX expression; else it stays the file's name. Texts are for licenses.c. */
#ifndef DPKG_COPYRIGHT_H
#define DPKG_COPYRIGHT_H

#include "license_names.h"

/* Different licenses of one file; what is behind is left out. */
#define COPYRIGHT_LICENSES_MAX 128

typedef struct copyright {
    license licenses[COPYRIGHT_LICENSES_MAX]; /* in order of appearance, each once */
    uint32_t count;
    uint32_t is_full; /* there were more */
} copyright;

/* out  set on success; texts live in the arena. Returns STELLA_E_NOMEM. */
stella_status copyright_parse(stella_sv text, stella_arena *arena, copyright *out);

#endif
