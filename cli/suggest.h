/* suggest.h - what somebody who mistyped a name probably meant. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

/* The nearest of the names (ended by NULL) when at most two letters differ, are missing, surplus or swapped, and at
 * most a third of what was typed; the first of equals; or NULL. */
const char *suggest(const char *typed, const char *const *names);

#endif
