/* calls.h - which programs a Python script starts, as far as its words say so: calls of os.exec*, os.spawn*, os.system and of
 * subprocess whose program is a literal (The Python Library Reference, "os", "subprocess"). Nothing is computed: of
 * arguments, texts, sys.argv[1:], sys.argv[N] and sys.executable are known. A call that stands at the outermost level
 * happens; one in a function or under a condition may happen. */
#ifndef ENTRYTRACE_PYTHON_CALLS_H
#define ENTRYTRACE_PYTHON_CALLS_H

#include "entrytrace/common/hop.h"

#define CALLS_FILE_BYTES_MAX (1u << 20) /* a larger script is not read */
#define CALLS_MAX            64u        /* that are followed, of one script */
#define CALLS_WORDS_MAX      512u       /* of one call */

/* Says a step for each.
 * script   its text and path
 * at       of the first word that the script gets
 * became   set on success: 1 when the script is another program in the end, whatever happens */
stella_status calls_follow(stella_hop *hop, const stella_file *script, uint32_t at, int *became, stella_error *err);

#endif
