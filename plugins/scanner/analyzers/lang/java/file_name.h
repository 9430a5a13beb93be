/* file_name.h - what the name of an archive says: "slf4j-api-1.7.30.jar". [any thread] */
#ifndef JAVA_FILE_NAME_H
#define JAVA_FILE_NAME_H

#include <stella/sv.h>

typedef struct java_file_name {
    stella_sv stem;      /* without folders and suffix */
    stella_sv extension; /* without dot; empty when there is none */
    stella_sv name;      /* the stem without what is taken for a version */
    stella_sv version;   /* empty: none */
} java_file_name;

/* The version begins behind the first '-' before a digit, or before "rN", "rcN" or "build"; without one, behind the first
 * '_' or '.' before a digit. Borrows from path. */
java_file_name java_file_name_of(stella_sv path);

/* Whether the path ends like an archive that holds classes. */
int java_is_archive(stella_sv path);

#endif
