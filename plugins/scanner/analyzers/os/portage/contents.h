/* contents.h - CONTENTS of a package: "obj PATH MD5 MTIME", "sym PATH -> TARGET MTIME", "dir PATH". */
#ifndef PORTAGE_CONTENTS_H
#define PORTAGE_CONTENTS_H

#include <stella/sv.h>

/* A file or link; views borrow from the text. */
typedef struct contents_entry {
    stella_sv path; /* without leading slash; blanks may be part of it */
    stella_sv md5;  /* of a file; empty for others */
} contents_entry;

/* Takes the next one off *text; directories and lines of another form are stepped over. Returns 0 at the end. */
int contents_next(stella_sv *text, contents_entry *out);

#endif
