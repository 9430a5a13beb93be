/* sign.h - makes a plugin folder: manifest completed and signed, binary beside it. */
#ifndef KERNEL_PLUGIN_SIGN_H
#define KERNEL_PLUGIN_SIGN_H

#include "plugin/key_file.h"
#include "plugin/manifest.h"

typedef struct sign_request {
    const char *binary_dir;    /* where the .so is that the manifest names */
    const char *manifest_path; /* the manifest's source; fileSize and fileDigest may be missing or stale */
    const char *output_dir;    /* the folder to make; may be binary_dir; made when it is missing */
    const key_secret *key;
} sign_request;

/* Writes output_dir/plugin.json, plugin.sig and, unless it is there already, the binary. The same input and key give
 * the same bytes. Files are replaced whole, the signature last.
 * out  set on success: what was signed, in the arena
 * Any error names the file. [any thread] Blocks on disk. */
stella_status sign_folder(const sign_request *request, stella_arena *arena, plugin_manifest *out, stella_error *err);

#endif
