/* store_path.h - names of store paths: HASH-name-version[-output]. */
#ifndef NIX_STORE_PATH_H
#define NIX_STORE_PATH_H

#include <stella/sv.h>

#define STORE_DIR       "nix/store"
#define STORE_NAME_MAX  211 /* bytes behind the hash, as Nix has it */
#define STORE_HASH_SIZE 32  /* digits of Nix's base 32 */

/* Views borrow from the text. */
typedef struct store_path {
    stella_sv base; /* the whole name below nix/store */
    stella_sv hash, name, version;
    stella_sv output; /* "dev", "lib", ...; empty for "out" */
} store_path;

/* Splits the name as Nix's builtins.parseDrvName does: the version begins behind the first dash that no letter follows;
 * the name of an output at its end is taken off.
 * Returns 0, leaving *out alone, for what is no store path, names no version, or is a derivation (".drv"). */
int store_path_parse(stella_sv base, store_path *out);

/* The name below nix/store that a path of the tree lies in; is_below: something follows it. Empty when it is elsewhere. */
stella_sv store_path_of(stella_sv path, int *is_below);

#endif
