/* names.h - names, versions and sources of packages as npm and its kin write them. */
#ifndef NODE_NAMES_H
#define NODE_NAMES_H

#include <stella/arena.h>

#define NAME_MAX_BYTES    512 /* npm allows 214 for new packages */
#define VERSION_MAX_BYTES 256

/* Whether it is a name, "a" or "@scope/a", that may be stated: UTF-8 without control characters, blanks, backslashes,
 * U+FFFD and slashes but that of the scope, and no "." or "..". */
int name_is_good(stella_sv name);

/* Whether it is a version that may be stated: 1 to VERSION_MAX_BYTES bytes without control characters, blanks, slashes,
 * backslashes and U+FFFD. */
int version_is_good(stella_sv version);

/* The version as npm cleans it: without blanks around it and without "=" or "v" before a digit. */
stella_sv version_clean(stella_sv version);

/* Splits "@scope/a@rest" at the '@' that ends the name. Returns 0, leaving both alone, when there is none. */
int name_split(stella_sv text, stella_sv *name, stella_sv *rest);

/* Splits the name at its scope: "@scope" and "a"; the scope is empty when there is none. */
void name_scope(stella_sv name, stella_sv *scope, stella_sv *base);

/* The commit behind the '#' of a git URL ("git+https://host/a.git#1234", "...#commit=1234&x=y"); empty when it names
 * none. */
stella_sv git_commit(stella_sv url);

/* Whether it is a URL or git address rather than a version. */
int is_address(stella_sv text);

/* The URL without user and password, which are nobody's business. Lives in the arena when it had them; ptr NULL when the
 * arena is spent. */
stella_sv url_without_secrets(stella_sv url, stella_arena *arena);

#endif
