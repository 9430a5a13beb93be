/* stack.h - stack.yaml.lock: what Stack resolved beyond its snapshot.
 *
 *     packages:
 *     - completed:
 *         hackage: hasql-pool-1.0.1@sha256:3cfb4c,2302     # or name, version and a repository
 *
 * Source: Stack's documentation, "Lock files". */
#ifndef HASKELL_STACK_H
#define HASKELL_STACK_H

#include <stella/json.h>

typedef struct stack_entry {
    stella_sv name, version; /* either may be empty: the lock file does not tell */
    uint32_t line;
} stack_entry;

/* What an element of "packages" names. */
stack_entry stack_read(const stella_json *package);

#endif
