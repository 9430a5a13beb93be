/* gomod.h - reads go.mod, go.sum and vendor/modules.txt (https://go.dev/ref/mod) entry by entry. */
#ifndef GO_GOMOD_H
#define GO_GOMOD_H

#include <stella/cursor.h>

typedef enum gomod_kind {
    GOMOD_OTHER, /* retract, tool, godebug, ...: nothing that is built */
    GOMOD_MODULE,
    GOMOD_GO,
    GOMOD_TOOLCHAIN,
    GOMOD_REQUIRE,
    GOMOD_REPLACE,
    GOMOD_EXCLUDE,
} gomod_kind;

/* Views into the file. */
typedef struct gomod_entry {
    gomod_kind kind;
    stella_sv path;                /* of a module; GO and TOOLCHAIN: the version */
    stella_sv version;             /* REPLACE: empty when every version is replaced */
    stella_sv by_path, by_version; /* REPLACE; without version it is a folder */
    int is_indirect;               /* REQUIRE: no package of the main module imports it */
    uint32_t line;
} gomod_entry;

/* In the caller's storage; members are the reader's own. */
typedef struct gomod_reader {
    stella_cursor c;
    uint32_t line;
    int is_in_block;
    gomod_kind block;
} gomod_reader;

gomod_reader gomod_open(stella_sv bytes);
/* The next entry; lines without the fields of their kind are GOMOD_OTHER. Returns 0 at the end. */
int gomod_next(gomod_reader *reader, gomod_entry *out);

/* A line of go.sum, or a module of vendor/modules.txt. */
typedef struct gosum_entry {
    stella_sv path, version, sum; /* sum: "h1:...", of the module's files; of vendored modules empty */
    stella_sv by_path, by_version;
    uint32_t line;
} gosum_entry;

/* In the caller's storage; members are the reader's own. */
typedef struct gosum_reader {
    stella_cursor c;
    uint32_t line;
    gosum_entry module; /* vendored, until a package of it is met */
} gosum_reader;

gosum_reader gosum_open(stella_sv bytes);
int gosum_next(gosum_reader *reader, gosum_entry *out);    /* lines of go.mod files alone are stepped over */
int vendored_next(gosum_reader *reader, gosum_entry *out); /* modules without a vendored package are stepped over */

#endif
