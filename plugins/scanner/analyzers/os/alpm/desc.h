/* desc.h - var/lib/pacman/local/PACKAGE/desc: blocks of a "%KEY%" line, values, and an empty line. */
#ifndef ALPM_DESC_H
#define ALPM_DESC_H

#include <stella/analyzer.h>

#define DESC_DIR    "var/lib/pacman/local"
#define DESC_RECORD "package" /* kind: a row of fields (common/fields.h); key is name:architecture=version */

/* Bytes of a line, and of the values of one key, that are kept; what is longer is cut, and noted. */
#define DESC_LINE_MAX  (64u << 10)
#define DESC_FIELD_MAX (512u << 10)

typedef enum desc_field {
    DESC_NAME,
    DESC_VERSION,
    DESC_BASE,
    DESC_DESC,
    DESC_URL,
    DESC_ARCH,
    DESC_PACKAGER,
    DESC_SIZE,
    DESC_BUILDDATE,
    DESC_REASON,
    DESC_VALIDATION,
    DESC_LICENSE, /* from here on: values joined by \n */
    DESC_DEPENDS,
    DESC_PROVIDES,
    DESC_GROUPS,
    DESC_FIELDS
} desc_field;

/* Reads the file and emits its record. One without a valid name or version is noted and gives none. */
stella_status desc_probe(stella_probe *probe, stella_error *err);

#endif
