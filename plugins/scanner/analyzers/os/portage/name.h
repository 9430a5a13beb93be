/* name.h - folders of Portage's database: var/db/pkg/CATEGORY/NAME-VERSION[-rN]. */
#ifndef PORTAGE_NAME_H
#define PORTAGE_NAME_H

#include <stella/sv.h>

#define NAME_DIR "var/db/pkg"

/* Views borrow from the path. */
typedef struct portage_name {
    stella_sv folder;   /* of the package, below the root */
    stella_sv category; /* "app-misc" */
    stella_sv name;     /* "toy" */
    stella_sv version;  /* "1.2.3-r1" */
} portage_name;

/* Splits the path of a file in a package's folder as the Package Manager Specification (3.1.2, 3.2) does.
 * Returns 0, leaving *out alone, when it is none. */
int portage_name_parse(stella_sv path, portage_name *out);

/* The package that a dependency atom names: "CATEGORY/NAME" of ">=cat/name-1.2:0=[use]". Returns 0 for what is no atom
 * (operators, USE conditions, brackets) and for blockers. */
int portage_atom_parse(stella_sv word, stella_sv *out);

#endif
