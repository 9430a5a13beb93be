/* folder.h - one plugin folder, verified from path to binary. Order: path, manifest, signature, binary, ELF. */
#ifndef KERNEL_PLUGIN_FOLDER_H
#define KERNEL_PLUGIN_FOLDER_H

#include "plugin/sealed.h"
#include "plugin/trust.h"

#define FOLDER_MANIFEST            "plugin.json"
#define FOLDER_SIGNATURE           "plugin.sig"
#define FOLDER_SIGNATURE_BYTES_MAX (512u << 10) /* a manifest in base64, and signatures */

typedef struct folder {
    plugin_manifest manifest;   /* lives in the arena */
    const trust_anchor *anchor; /* lives as long as the trust */
    sealed binary;
    uint32_t init_count; /* functions that the binary runs at load */
} folder;

#define FOLDER_NONE                                                                                                    \
    { .binary = SEALED_NONE }

/* is_parent_safe  the directory that holds the folder was just checked (path_safety_check)
 * out             set on success; the caller ends it with folder_fini
 * Any error names the file in err->path, rule and mend in err->message. [any thread] Blocks on disk. */
stella_status folder_verify(const char *dir, int is_parent_safe, const trust *t, int64_t now_ms, stella_arena *arena,
                            folder *out, stella_error *err);

void folder_fini(folder *f);

#endif
