/* wall.h - chisel's manifest: zstd-compressed "jsonwall", a JSON object a line, the first of which says so. */
#ifndef CHISEL_WALL_H
#define CHISEL_WALL_H

#include <stella/analyzer.h>

#define WALL_PATH "var/lib/chisel/manifest.wall"

/* Kinds of the records; all are rows of fields (common/fields.h). */
#define WALL_PACKAGE "package" /* WALL_PACKAGE_FIELDS; key is name:architecture=version */
#define WALL_SLICE   "slice"   /* one field: "package_slice", which is the key too */
#define WALL_FILE    "file"    /* WALL_FILE_FIELDS; key is the path */

enum { PACKAGE_NAME, PACKAGE_VERSION, PACKAGE_ARCH, PACKAGE_DIGEST, WALL_PACKAGE_FIELDS };
enum { FILE_PATH, FILE_DIGEST, FILE_SLICES, WALL_FILE_FIELDS }; /* slices joined by blanks */

/* Bytes that a manifest inflates to at most, and of one line. */
#define WALL_BYTES_MAX (256u << 20)
#define WALL_LINE_MAX  (256u << 10)
/* Notes about one file; what is behind is counted in a last one. */
#define WALL_NOTES_MAX 50

/* Streams the manifest and emits records. Malformed lines are noted and skipped.
 * Returns STELLA_E_FORMAT for what is no zstd data or is cut short, and for another format than jsonwall 1;
 * STELLA_E_LIMIT. */
stella_status wall_probe(stella_probe *probe, stella_error *err);

#endif
