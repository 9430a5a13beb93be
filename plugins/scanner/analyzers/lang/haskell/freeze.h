/* freeze.h - cabal.project.freeze: the constraints that "cabal freeze" wrote.
 *
 *     constraints: any.base ==4.15.1.0,
 *                  any.text ==1.2.5.0,
 *                  text -developer
 *
 * Source: Cabal's user guide, "cabal freeze". */
#ifndef HASKELL_FREEZE_H
#define HASKELL_FREEZE_H

#include <stella/sv.h>

/* A package that is held at one version; views borrow from the file. */
typedef struct freeze_entry {
    stella_sv name;
    stella_sv version;
    uint32_t line;
} freeze_entry;

typedef struct freeze_reader {
    stella_sv rest; /* lines */
    stella_sv row;  /* constraints left on the line at hand; ptr NULL: the next line is due */
    uint32_t line;
    int32_t is_inside; /* of the field "constraints" */
} freeze_reader;

freeze_reader freeze_open(stella_sv text);

/* The next package with "==": those of flags and of ranges are stepped over. Returns 0, leaving *out alone, at the end.
 */
int freeze_next(freeze_reader *reader, freeze_entry *out);

#endif
