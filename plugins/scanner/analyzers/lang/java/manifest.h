/* manifest.h - the main section of META-INF/MANIFEST.MF (JAR File Specification, "Manifest Specification"): "Key: value"
 * lines; a line that begins with a blank goes on where the one above was folded at 72 bytes; an empty line ends the
 * section, and what is behind speaks of single entries. Keys are case-insensitive. */
#ifndef JAVA_MANIFEST_H
#define JAVA_MANIFEST_H

#include <stella/arena.h>
#include <stella/error.h>

#define MANIFEST_BYTES_MAX (4u << 20)
#define MANIFEST_VALUE_MAX (64u << 10) /* bytes of a value that are kept */

typedef enum manifest_key {
    MANIFEST_IMPLEMENTATION_VENDOR_ID,
    MANIFEST_IMPLEMENTATION_TITLE,
    MANIFEST_IMPLEMENTATION_VERSION,
    MANIFEST_IMPLEMENTATION_VENDOR,
    MANIFEST_SPECIFICATION_VERSION,
    MANIFEST_BUNDLE_SYMBOLIC_NAME,
    MANIFEST_BUNDLE_VERSION,
    MANIFEST_BUNDLE_VENDOR,
    MANIFEST_BUNDLE_LICENSE,
    MANIFEST_BUNDLE_DESCRIPTION,
    MANIFEST_GROUP_ID,
    MANIFEST_SHORT_NAME,
    MANIFEST_EXTENSION_NAME,
    MANIFEST_LONG_NAME,
    MANIFEST_PLUGIN_VERSION,
    MANIFEST_PLUGIN_DEPENDENCIES,
    MANIFEST_PLUGIN_LICENSE,    /* of all of them, a line each */
    MANIFEST_BND_LAST_MODIFIED, /* written by bnd and by the Maven plugin on top of it */
    MANIFEST_CREATED_BY,
    MANIFEST_WEAVE_CLASSES,
    MANIFEST_KEYS
} manifest_key;

typedef struct manifest {
    stella_sv values[MANIFEST_KEYS]; /* without blanks at both ends; empty when absent */
} manifest;

/* Values lie in the arena. Lines that are no "Key: value" are stepped over, as java.util.jar does not.
 * out  set on success
 * Returns STELLA_E_FORMAT for text that is not UTF-8 in a value that counts, STELLA_E_NOMEM. */
stella_status manifest_parse(stella_sv text, stella_arena *arena, manifest *out, stella_error *err);

/* The value of a key with what is behind its first ';' cut: directives of OSGi. */
stella_sv manifest_plain(const manifest *m, manifest_key key);

#endif
