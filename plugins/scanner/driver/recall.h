/* recall.h - the pack of a layer that was read before. Private to the driver. */
#ifndef SCANNER_DRIVER_RECALL_H
#define SCANNER_DRIVER_RECALL_H

#include "layer_reply.h"
#include "request.h"

/* What is known of a layer, when it is asked for. */
typedef struct recalled {
    cache_pack pack; /* fd -1: none; the caller ends it */
    uint32_t missing_count;
    stella_sv missing[CACHE_SEGMENTS_MAX]; /* ids of plugins that have not seen the layer; the roster's texts */
} recalled;

/* What the pack of a layer is kept under: the digest of its stored bytes (or the key of its parts), and apart from that
 * when analyzers have options, so that neither kind of scan pushes the other's packs out. */
void recall_key(const scan *s, const char *digest, char out[STELLA_DIGEST_TEXT_SIZE]);

/* Finds the pack under the digest that an earlier scan of the same file computed, or under the claimed one, once the
 * bytes turned out to have it. A digest that is only claimed says no more than that hashing is worth it.
 * out  set on success; out->pack.fd is -1 when there is none
 * Returns STELLA_E_FORMAT for bytes that are not what is claimed, and the errors of reading them. */
stella_status recall(scan *s, const layer_task *task, recalled *out, stella_error *err);

/* Finds the pack of a layer that was read in part, when all analyzers have seen it. Returns 1 and sets out, which the
 * caller ends, or 0. */
int recall_parts(const scan *s, const char *parts, cache_pack *out);

/* Keeps a pack for later scans. Failing to do so is no failure. */
void recall_keep(scan *s, const char *digest, int fd, const layer_reply *reply);

/* The key of a supplement with these files. */
void recall_supplement_key(const scan *s, const stella_sv *paths, uint32_t count, char out[CACHE_HEX_SIZE]);

#endif
