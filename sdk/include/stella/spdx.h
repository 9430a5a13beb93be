/* stella/spdx.h - SPDX license identifiers and license expressions (SPDX 2.3, annex D), against the list that
 * sdk/src/spdx_table.c names. All functions: [any thread]. */
#ifndef STELLA_SPDX_H
#define STELLA_SPDX_H

#include <stella/arena.h>

STELLA_BEGIN_DECLS

#define STELLA_SPDX_EXPRESSION_MAX 65536 /* bytes of an expression that is looked at */
#define STELLA_SPDX_REF_MAX        64 /* bytes behind "LicenseRef-" before a longer text is cut and told apart by digest */

/* The version of the license list. Static. */
const char *stella_spdx_list_version(void);

/* The identifier in the spelling of the list, met in any case, deprecated ones too ("gpl-2.0+"). Static; ptr NULL when
 * the list has none. */
stella_sv stella_spdx_license(stella_sv id);
stella_sv stella_spdx_exception(stella_sv id);

/* The expression with identifiers as the list spells them, operators in upper case and single blanks; brackets stay as
 * they are. LicenseRef-, DocumentRef- and AdditionRef- are allowed; NONE and NOASSERTION are no expressions.
 * Lives in the arena; ptr NULL when the text is no valid expression or the arena is spent. */
stella_sv stella_spdx_expression(stella_sv text, stella_arena *arena);

/* "LicenseRef-" and what is left of a free text when only letters, digits, '.' and '-' may be used. Equal texts give
 * equal ids; the id of a text that is long, or of which nothing is left, ends in part of its digest.
 * Lives in the arena; ptr NULL when it is spent. */
stella_sv stella_spdx_ref(stella_sv text, stella_arena *arena);

STELLA_END_DECLS

#endif
