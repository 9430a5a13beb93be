/* images.h - which image a name means in containerd's metadata (io.containerd.metadata.v1.bolt/meta.db).
 *
 * Buckets: v1 / NAMESPACE / images / NAME / target holds digest, mediatype and size of the image's manifest or index. */
#ifndef SCANNER_SOURCES_CONTAINERD_IMAGES_H
#define SCANNER_SOURCES_CONTAINERD_IMAGES_H

#include "bolt.h"

#define IMAGES_MAX 65536u /* looked at, of all namespaces */

typedef struct images_found {
    stella_sv name_space, name; /* as containerd has them */
    stella_sv digest;           /* "sha256:<hex>", checked */
    stella_sv media_type;
    uint64_t size;
} images_found;

/* Finds the image that select means: [NAMESPACE/]NAME, a name as containerd has it or as people write it ("alpine" for
 * "docker.io/library/alpine:latest"), or a digest. Without a namespace all are searched, "default" first. Empty: the only
 * image there is.
 * out  set on success; texts live in the arena
 * Returns STELLA_E_NOTFOUND or, when several fit, STELLA_E_INVALID: the message lists what there is; STELLA_E_FORMAT for
 * a damaged database. */
stella_status images_find(bolt *b, stella_sv select, images_found *out, stella_error *err);

#endif
