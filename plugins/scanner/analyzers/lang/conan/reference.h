/* reference.h - what names a package of Conan: "name/version@user/channel#recipe-revision%time:package-id".
 *
 * Source: Conan's documentation, "The conan reference". */
#ifndef CONAN_REFERENCE_H
#define CONAN_REFERENCE_H

#include <stella/sv.h>

/* Views borrow from the text; all but name and version may be empty. */
typedef struct conan_reference {
    stella_sv name, version, user, channel, revision;
} conan_reference;

/* Returns 0, leaving *out alone, for what names no one version: a range ("zlib/[>=1.2]"), a name alone. */
int conan_reference_parse(stella_sv text, conan_reference *out);

/* The lines of a file of sections ("[requires]"), without comments and blanks.
 *
 *     stella_sv section, line;
 *     for (conan_lines it = conan_lines_of(text); conan_lines_next(&it, &line);) ... it.section, it.number */
typedef struct conan_lines {
    stella_sv rest, section;
    uint32_t number; /* of the last line */
} conan_lines;

conan_lines conan_lines_of(stella_sv text);
int conan_lines_next(conan_lines *lines, stella_sv *out);

#endif
