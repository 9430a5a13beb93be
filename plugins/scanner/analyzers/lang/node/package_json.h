/* package_json.h - what a package.json says of its package, read by pulling, so that fields nobody asks for cost nothing
 * but their bytes, and a field of the wrong kind is left out alone. Of a field given twice the last one stands, as in
 * JavaScript. https://docs.npmjs.com/cli/configuring-npm/package-json */
#ifndef NODE_PACKAGE_JSON_H
#define NODE_PACKAGE_JSON_H

#include <stella/arena.h>
#include <stella/component.h>
#include <stella/sink.h>

#define PACKAGE_NEEDS_MAX    10000 /* dependencies of one package; the rest is left out, and is_cut set */
#define PACKAGE_LICENSES_MAX 64
#define PACKAGE_BINS_MAX     256
#define PACKAGE_TEXT_MAX     4096 /* bytes of a description, a script, ...; longer ones are cut */

/* Scripts that npm runs when the package is installed. */
#define PACKAGE_SCRIPTS 4
extern const char *const package_script_names[PACKAGE_SCRIPTS];

/* How a package is needed. Of one that is needed in several ways the first of these holds, as for npm. */
typedef enum need_kind { NEED_OPTIONAL, NEED_PROD, NEED_PEER, NEED_DEV } need_kind;

typedef struct package_need {
    stella_sv name;
    stella_sv range;
    need_kind kind;
    uint32_t order; /* in the file */
} package_need;

typedef struct package_license {
    uint32_t how; /* STELLA_LICENSE_* */
    stella_sv text;
} package_license;

/* Texts live in the arena it was read into. */
typedef struct package_json {
    stella_sv name, version, description, homepage, author;
    stella_sv integrity, resolved; /* written into it by npm before version 7 */
    stella_sv scripts[PACKAGE_SCRIPTS];
    package_license licenses[PACKAGE_LICENSES_MAX];
    stella_sv bins[PACKAGE_BINS_MAX]; /* files of the package */
    package_need *needs;              /* by name, no two alike */
    uint32_t license_count, bin_count, need_count, need_room;
    uint32_t line;  /* of the name */
    int32_t is_gyp; /* what it has of native code is built when it is installed */
    int32_t is_cut;
    int32_t with_dev; /* set by the caller: devDependencies are wanted too */
} package_json;

/* Reads a document. Bytes that are no UTF-8 become U+FFFD, as they do in node.
 * out  with_dev set by the caller; the rest must be zero. What was read before an error may be in it
 * Returns STELLA_E_FORMAT with the line, or STELLA_E_NOMEM. */
stella_status package_json_read(stella_sv document, stella_arena *arena, package_json *out, stella_error *err);

/* ---- as the bytes of a record ---------------------------------------------------------------------------------------
 */

/* A record's texts, which borrow from its bytes; the lists are read on with package_list_next. */
typedef struct package_view {
    stella_sv name, version, description, homepage, author, integrity, resolved;
    stella_sv scripts[PACKAGE_SCRIPTS];
    uint32_t line;
    int32_t is_gyp;
    uint32_t license_count, bin_count, need_count;
    stella_sv licenses, bins, needs; /* what is left of each list */
} package_view;

/* Returns the status of the buffer. */
stella_status package_encode(const package_json *p, stella_buf *out);

/* out  set on success
 * Returns STELLA_E_FORMAT. */
stella_status package_decode(stella_sv bytes, package_view *out, stella_error *err);

/* The next of each list; the list is a copy of the view's. Returns 0 at the end. */
int package_license_next(stella_sv *licenses, package_license *out);
int package_bin_next(stella_sv *bins, stella_sv *out);
int package_need_next(stella_sv *needs, package_need *out);

#endif
