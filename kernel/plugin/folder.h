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

typedef struct folder_rules {
    int is_parent_safe; /* the directory that holds the folder was just checked (path_safety_check) */

    /* Whether the binary is needed, by its manifest, which its signature has vouched for. NULL: it is. One that is not is
     * not read: binary has no descriptor, and the digest that the manifest states. [any thread] */
    int (*is_needed)(const void *self, const plugin_manifest *m);
    const void *self;
} folder_rules;

/* rules  NULL: none of them
 * out    set on success; the caller ends it with folder_fini
 * Any error names the file in err->path, rule and mend in err->message. [any thread] Blocks on disk. */
stella_status folder_verify(const char *dir, const folder_rules *rules, const trust *t, int64_t now_ms,
                            stella_arena *arena, folder *out, stella_error *err);

void folder_fini(folder *f);

#endif
