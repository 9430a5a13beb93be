/* conf.h - the description of a library that ghc-pkg registered: *.conf of a package database.
 *
 * Fields "name: value", continued by lines that begin with a blank. Source: GHC's user guide, "InstalledPackageInfo". */
#ifndef HASKELL_CONF_H
#define HASKELL_CONF_H

#include <stella/sv.h>

/* Views borrow from the file; values of several lines hold them all. */
typedef struct conf {
    stella_sv name, version, id, license, maintainer, homepage, synopsis;
    stella_sv depends; /* ids between blanks */
    uint32_t line;     /* of the name */
} conf;

/* Fields that are not there are empty. */
conf conf_read(stella_sv text);

#endif
