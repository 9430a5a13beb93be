/* installed.h - apk's database of installed packages: paragraphs of "X:value" lines (apk-db(5)).
 *
 * For each package one record of its fields, after any number of records of its files; they belong together by the line
 * that the package begins at. */
#ifndef APK_INSTALLED_H
#define APK_INSTALLED_H

#include <stella/analyzer.h>

#define INSTALLED_PATH     "lib/apk/db/installed"
#define INSTALLED_PATH_USR "usr/lib/apk/db/installed"
#define INSTALLED_PACKAGE  "package" /* kind: a row of fields (common/fields.h); key is name:architecture=version */
#define INSTALLED_FILES    "files"   /* kind: installed_files_* reads them */

/* Bytes of one line that are kept, and of all fields of a package; of what is longer the whole words in front are. */
#define INSTALLED_LINE_MAX   (15u << 20)
#define INSTALLED_FIELDS_MAX (15u << 20)
/* Bytes of a record of files. */
#define INSTALLED_FILES_MAX (256u << 10)
/* Bytes of one path. */
#define INSTALLED_PATH_MAX 4096
/* Notes about one file; what is behind is counted in a last one. */
#define INSTALLED_NOTES_MAX 50

typedef enum apk_field {
    APK_NAME,
    APK_VERSION,
    APK_ARCH,
    APK_LICENSE,
    APK_ORIGIN,
    APK_MAINTAINER,
    APK_URL,
    APK_DESCRIPTION,
    APK_INSTALLED_SIZE,
    APK_PACKAGE_SIZE,
    APK_CHECKSUM,
    APK_BUILD_TIME,
    APK_COMMIT,
    APK_DEPENDS,
    APK_PROVIDES,
    APK_REPLACES,
    APK_INSTALL_IF,
    APK_PRIORITY,
    APK_TAG,
    APK_BROKEN,
    APK_FIELDS
} apk_field;

/* Streams the database and emits records. Malformed packages are noted and skipped. */
stella_status installed_probe(stella_probe *probe, stella_error *err);

/* One file of a package. */
typedef struct installed_file {
    stella_sv path;
    stella_sv digest; /* 20 bytes of SHA-1, 32 of SHA-256, or empty */
    uint32_t is_link; /* a symbolic link: the digest is that of its target's name */
} installed_file;

typedef struct installed_files {
    uint32_t line; /* that the package begins at */
    stella_sv rest;
} installed_files;

/* Opens the bytes of a record of files. Returns STELLA_E_FORMAT. */
stella_status installed_files_open(stella_sv bytes, installed_files *out, stella_error *err);

/* Returns 0, leaving *out alone, at the end (also at a damaged entry). */
int installed_files_next(installed_files *files, installed_file *out);

#endif
