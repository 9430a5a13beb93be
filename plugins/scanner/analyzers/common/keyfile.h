/* keyfile.h - groups of "key=value" lines: .desktop files (Desktop Entry Specification 1.5), metadata of Flatpak, other
 * files that GLib's GKeyFile reads.
 *
 *     keyfile_entry entry;
 *     for (keyfile reader = keyfile_of(file->bytes); keyfile_next(&reader, &entry);)
 *         if (stella_sv_eq(entry.group, STELLA_SV("Desktop Entry")) && stella_sv_eq(entry.key, STELLA_SV("Name")))
 *             ... */
#ifndef ANALYZER_KEYFILE_H
#define ANALYZER_KEYFILE_H

#include <stella/cursor.h>

typedef struct keyfile_entry {
    stella_sv group; /* empty before the first one */
    stella_sv key;   /* "Name[de]" is another key than "Name" */
    stella_sv value; /* as written, without blanks at both ends; escapes are not decoded */
    uint32_t line;   /* 1-based */
} keyfile_entry;

/* In the caller's storage. Views borrow from the text. [one thread] */
typedef struct keyfile {
    stella_cursor at;
    stella_sv group;
    uint32_t line;
} keyfile;

/* A byte order mark in front is stepped over. */
keyfile keyfile_of(stella_sv text);

/* The next line that is an entry with a key; comments and what is neither entry nor group are stepped over.
 * Returns 0, leaving *out alone, at the end. */
int keyfile_next(keyfile *reader, keyfile_entry *out);

/* The first value of that key in that group that is UTF-8 without control characters; empty when there is none. */
stella_sv keyfile_get(stella_sv text, const char *group, const char *key);

#endif
