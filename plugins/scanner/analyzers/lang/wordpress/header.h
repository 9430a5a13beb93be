/* header.h - the comment in front of a plugin's or theme's main file, and the version of WordPress itself.
 *
 * As WordPress reads them: lines "Plugin Name: X", perhaps behind blanks, '/', '*', '#' and '@', in the first 8 KiB.
 * Source: WordPress' developer handbook, "Header Requirements"; wp-includes/version.php. */
#ifndef WORDPRESS_HEADER_H
#define WORDPRESS_HEADER_H

#include <stella/sv.h>

#define HEADER_BYTES_MAX 8192

typedef enum header_field {
    HEADER_NAME, /* "Plugin Name" or "Theme Name" */
    HEADER_VERSION,
    HEADER_LICENSE,
    HEADER_AUTHOR,
    HEADER_URI,
    HEADER_DESCRIPTION,
    HEADER_FIELDS
} header_field;

/* Fills values with views of the text, empty ones where there is none; of a field given twice the first holds.
 * Returns the line of the name, 0 when the text is no such file's. */
uint32_t header_read(stella_sv text, stella_sv values[HEADER_FIELDS]);

/* $wp_version = '6.4.2'; Returns its line, 0 when there is none. */
uint32_t header_core_version(stella_sv text, stella_sv *version);

#endif
