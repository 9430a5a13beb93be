/* catalogue.h - the verified plugins of one generation: read from the plugin directories, checked in full, immutable.
 *
 * A plugin that breaks a rule is not in the catalogue; the refusal says which file, which rule, what to do. Order is by
 * id. */
#ifndef KERNEL_PLUGIN_CATALOGUE_H
#define KERNEL_PLUGIN_CATALOGUE_H

#include "plugin/manifest.h"

#include <stella/digest.h>
#include <stella/error.h>

typedef struct catalogue catalogue;

typedef struct catalogue_plugin {
    const plugin_manifest *manifest;
    const char *dir;                      /* where it was found */
    char digest[STELLA_DIGEST_TEXT_SIZE]; /* of the binary that was verified; of one that is not needed, as signed */
    char key_id[STELLA_DIGEST_TEXT_SIZE]; /* of the anchor that signed it */
    int fd;                               /* sealed memfd with that very binary; the catalogue's own. -1: not needed */
} catalogue_plugin;

typedef struct catalogue_refusal {
    const char *dir;
    stella_error error; /* path: the file; message: the rule and what to do */
} catalogue_refusal;

typedef struct catalogue_options {
    const char *const *plugin_dirs; /* in this order; each holds one folder a plugin */
    uint32_t plugin_dir_count;
    const char *const *trust_dirs; /* system anchors and revocations, in this order */
    uint32_t trust_dir_count;
    const char *user_trust_dir; /* the user's anchors and revocations, never for kernel roles; may be NULL */
    int64_t now_ms;             /* for expiry */

    /* Whether anybody will load this one; NULL: all may be. Of the others manifest and signature are verified, the
     * binaries are not read. [any thread] */
    int (*is_needed)(const void *self, const plugin_manifest *m);
    const void *self;
} catalogue_options;

/* Reads and verifies. Refused plugins do not make it fail; a directory that cannot be read does.
 * out  set on success; the caller destroys it
 * [any thread] Blocks on disk. */
stella_status catalogue_load(const catalogue_options *options, catalogue **out, stella_error *err);
void catalogue_destroy(catalogue *c);
void catalogue_destroyp(catalogue **c);

uint32_t catalogue_count(const catalogue *c);
const catalogue_plugin *catalogue_at(const catalogue *c, uint32_t index);
uint32_t catalogue_refusal_count(const catalogue *c);
const catalogue_refusal *catalogue_refusal_at(const catalogue *c, uint32_t index);

/* "sha256:<hex>" over ids, versions and binary digests in order: names the generation. */
const char *catalogue_digest(const catalogue *c);

#endif
