/* buildinfo.h - what the Go linker leaves in a program: the toolchain's version and the modules it was made of.
 * Source of the format: the Go packages debug/buildinfo and cmd/link (since Go 1.13; the strings are inline since 1.18). */
#ifndef GO_BUILDINFO_H
#define GO_BUILDINFO_H

#include "common/binary/binary.h"

#define BUILDINFO_VERSION_MAX 1024       /* bytes of the toolchain's version */
#define BUILDINFO_MODULES_MAX (8u << 20) /* bytes of the text of modules */

/* Views into the file. */
typedef struct buildinfo {
    stella_sv version; /* "go1.22.1" */
    stella_sv modules; /* lines of text (modinfo.h); empty when the program was not built from modules */
} buildinfo;

/* Looks where the linker puts it: the section ".go.buildinfo"; without a table of sections, and in PE files, the first
 * writable data. Nothing else is touched.
 * out  set on success
 * Returns STELLA_E_NOTFOUND when it holds none, STELLA_E_FORMAT or STELLA_E_LIMIT for what leaves the file, is no text or
 * is longer than the limits above. */
stella_status buildinfo_find(const binary *b, buildinfo *out, stella_error *err);

/* Whether the Go linker made it, whatever it left in it. */
int buildinfo_is_go(const binary *b);

/* Whether UPX packed it: its sections, and what is in them, can then not be seen. */
int buildinfo_is_packed(const binary *b);

#endif
