/* stella/error.h - status codes, and the error that a failing call fills. stella_error is frozen. */
#ifndef STELLA_ERROR_H
#define STELLA_ERROR_H

#include <stella/sv.h>

STELLA_BEGIN_DECLS

typedef int32_t stella_status;

#define STELLA_OK            0
#define STELLA_E_INVALID     1 /* an argument breaks the call's contract */
#define STELLA_E_FORMAT      2 /* the input is not what it claims to be */
#define STELLA_E_LIMIT       3 /* a named limit was reached */
#define STELLA_E_NOTFOUND    4
#define STELLA_E_IO          5
#define STELLA_E_NOMEM       6 /* memory or an arena's budget is used up */
#define STELLA_E_ABI         7 /* the two sides were built for different ABIs */
#define STELLA_E_DENIED      8 /* trust or permission */
#define STELLA_E_EXISTS      9
#define STELLA_E_CONFLICT    10 /* compare-and-set met another value */
#define STELLA_E_TIMEOUT     11
#define STELLA_E_CRASHED     12 /* a process died under the work */
#define STELLA_E_UNSUPPORTED 13
#define STELLA_E_PENDING     14 /* not at hand yet: it has been asked for, the call will be made again */
#define STELLA_E_CANCELLED   15
#define STELLA_E_BUSY        16 /* somebody else holds it; try again */
#define STELLA_E_INTERNAL    17 /* a promise of our own was broken */

typedef struct stella_error {
    stella_status code;
    char message[192]; /* NUL-terminated, one sentence without final stop */
    char path[192];    /* where in the input: file, archive member, JSON pointer; may be empty */
} stella_error;

/* Fills err (which may be NULL) and returns code. A message or path that is too long is cut.
 * path  NUL-terminated, or NULL for none
 * [any thread] */
stella_status stella_error_set(stella_error *err, stella_status code, const char *path, const char *format, ...)
    STELLA_PRINTF(4, 5);

/* The same with a path that is a view. */
stella_status stella_error_at(stella_error *err, stella_status code, stella_sv path, const char *format, ...)
    STELLA_PRINTF(4, 5);

/* The short lower-case name of a code ("format", "limit", ...), "unknown" for others. Static. [any thread] */
const char *stella_status_name(stella_status code);

STELLA_END_DECLS

#endif
