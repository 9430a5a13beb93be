/* trust.h - whose signature counts for what: anchors and revocations (docs/sdk/trust.md).
 *
 * An anchor is a file NAME.json in a trust directory:
 *     {"schema": "https://stella-ops.org/schema/anchor/0", "name": "Example's analyzers", "publicKey": <base64>,
 *      "interfaces": ["stella.analyzer"], "idPrefixes": ["org.example"], "roles": ["scan"], "notAfter": "2027-12-31"}
 * "*" stands for every interface or id. Without roles it vouches for scan, connect and sign; the roles kernel and cli,
 * which share memory with us, count only when named, and never in the user's own directory. */
#ifndef KERNEL_PLUGIN_TRUST_H
#define KERNEL_PLUGIN_TRUST_H

#include "plugin/manifest.h"

#include <stella/digest.h>
#include <stella/dsse.h>

#define TRUST_ANCHOR_SCHEMA     "https://stella-ops.org/schema/anchor/0"
#define TRUST_REVOCATION_SCHEMA "https://stella-ops.org/schema/revoked/0"
#define TRUST_REVOCATION_FILE   "revoked.json"
#define TRUST_FILE_BYTES_MAX    (64u << 10)
#define TRUST_SCOPES_MAX        64   /* interfaces, id prefixes of one anchor */
#define TRUST_ANCHORS_MAX       1024 /* in all directories */
#define TRUST_REVOKED_MAX       4096 /* in all directories */
#define TRUST_FOREVER           INT64_MAX

typedef struct trust_anchor {
    const char *file; /* its path; set by trust_add_dir */
    const char *name;
    unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE];
    char key_id[STELLA_DIGEST_TEXT_SIZE];
    uint32_t interface_count, prefix_count;
    const char *interfaces[TRUST_SCOPES_MAX];
    const char *prefixes[TRUST_SCOPES_MAX]; /* without final dot */
    uint32_t roles;                         /* bit 1 << plugin_role */
    int64_t not_after_ms;                   /* last instant it is valid, since 1970; TRUST_FOREVER */
    int is_user;                            /* from the user's own directory */
} trust_anchor;

/* Reads one anchor. Everything lives in the arena.
 * out  set on success
 * Returns STELLA_E_FORMAT with the JSON pointer in err->path. [any thread] */
stella_status trust_anchor_parse(stella_sv json, stella_arena *arena, trust_anchor *out, stella_error *err);

/* "2027-12-31" (its last millisecond) or "2027-12-31T23:59:59Z" in milliseconds since 1970; 0 when it is neither. [any
 * thread] */
int trust_time_parse(stella_sv text, int64_t *out_ms);

typedef struct trust trust;

/* NULL when memory is short. */
trust *trust_create(void);
void trust_destroy(trust *t);
void trust_destroyp(trust **t);

/* Takes in the anchors and revocations of a directory. One that does not exist holds none. An anchor that cannot be
 * used is left out and told of; a directory or revocation list that cannot be trusted is an error, for nobody can say
 * then what was revoked.
 * is_user  its anchors never vouch for the roles kernel and cli
 * refused  called for each anchor left out, with self; error->path is the file */
stella_status trust_add_dir(trust *t, const char *dir, int is_user,
                            void (*refused)(void *self, const stella_error *why), void *self, stella_error *err);

/* Whether the envelope is a signature over this manifest by a key that may vouch for this plugin now.
 * m       of which json are the very bytes that must have been signed
 * now_ms  since 1970
 * out     set on success: the anchor, which lives as long as t
 * Returns STELLA_E_DENIED or STELLA_E_FORMAT with rule and mend in the message. [any thread] */
stella_status trust_check(const trust *t, const plugin_manifest *m, stella_sv envelope, int64_t now_ms,
                          const trust_anchor **out, stella_error *err);

/* Whether a binary, by digest, or a key, by id, is on a revocation list. [any thread] */
int trust_is_revoked(const trust *t, const char *digest);

uint32_t trust_anchor_count(const trust *t);
/* In order of the directories, then of file names. */
const trust_anchor *trust_anchor_at(const trust *t, uint32_t index);

#endif
