/* account.h - what etc/passwd (passwd(5)) says of a user. */
#ifndef ENTRYTRACE_ACCOUNT_H
#define ENTRYTRACE_ACCOUNT_H

#include "hop.h"

#define ACCOUNT_FILE_MAX (1u << 20)

typedef struct account {
    stella_sv name, home, shell; /* empty: not said */
} account;

/* Looks "postgres", "postgres:postgres", "1000" or "1000:1000" up.
 * Returns 0 when the file says nothing of that user, or cannot be read (yet). */
int account_find(stella_hop *hop, stella_sv user, account *out);

/* One line of the file. Returns 0 when it is none of that user, known by name or by number. */
int account_of_line(stella_sv line, stella_sv user, account *out);

#endif
