/* package.h - a plugin on its way: out of a folder or an archive, into an archive or a plugin directory.
 *
 * An archive is a tar of ID/plugin.json, ID/plugin.sig and ID/NAME.so, in this order, without owners, times or
 * anything else: the same plugin gives the same bytes. */
#ifndef KERNEL_PLUGIN_PACKAGE_H
#define KERNEL_PLUGIN_PACKAGE_H

#include "plugin/folder.h"

/* Everything lives in the arena it was read into. The signature is not checked yet. */
typedef struct package {
    plugin_manifest manifest; /* its json is plugin.json */
    stella_sv signature;      /* plugin.sig */
    stella_sv binary;
} package;

/* Reads a plugin folder, whoever may write there: what counts is checked where it is installed.
 * out  set on success */
stella_status package_read_folder(const char *dir, stella_arena *arena, package *out, stella_error *err);

/* Reads an archive. Any entry but the three files is refused by its name: no links, devices, other folders or paths. */
stella_status package_read_archive(const char *path, stella_arena *arena, package *out, stella_error *err);

/* Writes an archive, whole or not at all. */
stella_status package_write_archive(const package *p, const char *path, stella_error *err);

/* Puts the package into plugin_dir/ID, replacing another version there at once. It is verified in place under a hidden
 * name first; a package that would be refused changes nothing.
 * now_ms  since 1970 */
stella_status package_install(const package *p, const char *plugin_dir, const trust *t, int64_t now_ms,
                              stella_arena *arena, stella_error *err);

/* Removes plugin_dir/ID. Returns STELLA_E_NOTFOUND when there is no such plugin. */
stella_status package_remove(const char *plugin_dir, const char *id, stella_arena *arena, stella_error *err);

#endif
