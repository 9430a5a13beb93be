/* scheme.h - the words before the first ':' of a target. Private to the driver. [any thread] */
#ifndef SCANNER_DRIVER_SCHEME_H
#define SCANNER_DRIVER_SCHEME_H

#include <stella/sv.h>

/* What follows is an image that no path leads to. */
int scheme_is_remote(stella_sv word);

/* What follows is a file or directory: such a target is not taken for the name of an image. */
int scheme_is_file(stella_sv word);

/* The scheme that was probably meant: one letter of the word is wrong, missing, surplus, or swapped with its neighbour.
 * NULL when there is none, or the word is one. Schemes of three letters are never it: too many images are called so. */
const char *scheme_near(stella_sv word);

#endif
