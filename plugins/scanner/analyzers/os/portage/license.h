/* license.h - LICENSE of a package: names, "( all of these )" and "|| ( one of these )", as an SPDX expression. */
#ifndef PORTAGE_LICENSE_H
#define PORTAGE_LICENSE_H

#include <stella/arena.h>
#include <stella/error.h>

/* Bytes of a LICENSE that are looked at, and how deep its brackets go. */
#define LICENSE_BYTES_MAX 8192
#define LICENSE_DEPTH_MAX 16

/* "|| ( GPL-2 MIT ) BSD" -> "(GPL-2.0-only OR MIT) AND BSD-3-Clause". Gentoo's names that mean one SPDX license become it,
 * others, and groups ("@GROUP"), a LicenseRef-. USE conditions were evaluated when the package was built; one that is left
 * ("doc? ( ... )") is taken as if it held.
 * out  set on success; in the arena
 * Returns STELLA_E_NOTFOUND for an empty text, STELLA_E_FORMAT for brackets that do not match or are too deep,
 * STELLA_E_NOMEM. */
stella_status license_expression(stella_sv text, stella_arena *arena, stella_sv *out);

#endif
