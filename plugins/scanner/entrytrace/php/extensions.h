/* extensions.h - which extensions PHP loads: "extension" and "zend_extension" of its configuration files (PHP Manual, "The
 * configuration file", "Runtime Configuration: extension_dir"). */
#ifndef ENTRYTRACE_PHP_EXTENSIONS_H
#define ENTRYTRACE_PHP_EXTENSIONS_H

#include "entrytrace/common/files.h"

#define EXTENSIONS_FILE_MAX  (1u << 20) /* bytes of one configuration file */
#define EXTENSIONS_FILES_MAX 512u

/* States the configuration files that a PHP of that kind reads where distributions have them, and the extensions that they
 * name.
 * sapi  "fpm", "cli", "cgi": Debian has a folder for each
 * Returns what must be passed on, STELLA_E_PENDING among it. */
stella_status extensions_use(stella_hop *hop, const char *sapi, stella_error *err);

/* Takes the next line that loads an extension, or says where they are, off the text; name is "extension",
 * "zend_extension" or "extension_dir". Returns 0 at the end. [any thread] */
int extensions_next(stella_sv *rest, stella_sv *name, stella_sv *value);

#endif
