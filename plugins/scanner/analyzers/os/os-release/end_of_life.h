/* end_of_life.h - until when releases of distributions are supported, by a table of a stated day. */
#ifndef OS_RELEASE_END_OF_LIFE_H
#define OS_RELEASE_END_OF_LIFE_H

#include <stella/distro.h>
#include <stella/file.h>

typedef struct end_of_life {
    stella_sv id, version; /* as in os-release(5) */
    stella_sv date;        /* end of standard support, YYYY-MM-DD */
    stella_sv extended;    /* end of extended or paid support; may be empty */
    stella_sv as_of;       /* the day of the data */
} end_of_life;

/* end_of_life_table.c */
extern const end_of_life end_of_life_table[];
extern const uint32_t end_of_life_count;

/* The row of the release: its version, or the longest beginning of it that ends at a dot ("3.20" of "3.20.3"), or the
 * version with ".0" behind it. NULL when the table has none. Static. [any thread] */
const end_of_life *end_of_life_of(const stella_distro *distro);

#endif
