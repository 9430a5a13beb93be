/* license_names.h - license short names as Debian's copyright files write them, as SPDX license expressions. */
#ifndef DPKG_LICENSE_NAMES_H
#define DPKG_LICENSE_NAMES_H

#include <stella/arena.h>
#include <stella/error.h>

/* Longest License field that is taken for a name rather than for a license's text. */
#define LICENSE_NAMES_MAX 512

/* One license found in a copyright file. */
typedef struct license {
    uint32_t how; /* STELLA_LICENSE_EXPRESSION or STELLA_LICENSE_NAME of stella/component.h */
    stella_sv text;
} license;

/* Reads the first line of a License field: short names joined by "and", "or" and commas, each perhaps "with X
 * exception". A short name that means one SPDX license becomes it, any other becomes LicenseRef-<name>; a field that is
 * no such expression (words of a license's text) stays what it is, as a name.
 * out  set on success; the text lives in the arena
 * Returns STELLA_E_NOTFOUND for an empty field, STELLA_E_NOMEM. */
stella_status license_from_field(stella_sv field, stella_arena *arena, license *out);

/* The SPDX expression that one short name means ("GPL-2+" -> "GPL-2.0-or-later"), or an empty view when none is
 * certain. The text is static or lives in the arena. */
stella_sv license_spdx(stella_sv short_name, stella_arena *arena);

#endif
