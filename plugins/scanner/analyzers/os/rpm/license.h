/* license.h - the License tag as an SPDX license expression. */
#ifndef RPM_LICENSE_H
#define RPM_LICENSE_H

#include <stella/arena.h>
#include <stella/error.h>

#define LICENSE_TEXT_MAX 8192 /* bytes of a tag that is looked at; a longer one stays a name */

typedef struct license {
    uint32_t how; /* STELLA_LICENSE_EXPRESSION or STELLA_LICENSE_NAME of stella/component.h */
    stella_sv text;
} license;

/* A valid expression stays what it is. Else "and", "or" and brackets join short names: those that mean one SPDX license
 * in Fedora's list (license.c) become it, others LicenseRef-; when none of them does, the whole is a name.
 * out  set on success; the text lives in the arena or is the argument
 * Returns STELLA_E_NOTFOUND for an empty tag, STELLA_E_NOMEM. */
stella_status license_read(stella_sv text, stella_arena *arena, license *out);

#endif
