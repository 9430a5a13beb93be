/* docker_manifest.h - manifest.json of `docker save`: which images an archive holds. */
#ifndef SOURCE_DOCKER_ARCHIVE_MANIFEST_H
#define SOURCE_DOCKER_ARCHIVE_MANIFEST_H

#include <stella/arena.h>
#include <stella/error.h>

#define DOCKER_IMAGES_MAX 4096
#define DOCKER_TAGS_MAX   4096 /* of one image */
#define DOCKER_LAYERS_MAX 1024

typedef struct docker_image {
    stella_sv config; /* name of the configuration in the archive */
    uint32_t tag_count, layer_count;
    const stella_sv *tags;   /* "debian:12" */
    const stella_sv *layers; /* names in the archive, base first */
} docker_image;

typedef struct docker_manifest {
    uint32_t count;
    const docker_image *images;
} docker_manifest;

/* out  set on success; texts borrow from json or live in the arena
 * Returns STELLA_E_FORMAT with the JSON pointer in err->path, STELLA_E_LIMIT, STELLA_E_NOMEM. [any thread] */
stella_status docker_manifest_parse(stella_sv json, stella_arena *arena, docker_manifest *out, stella_error *err);

/* The image that a tag ("debian:12", "debian" for "debian:latest") or the digest of its configuration names; without
 * one, the only image.
 * Returns STELLA_E_NOTFOUND, or STELLA_E_INVALID when one must be named: the message lists the choices. */
stella_status docker_manifest_select(const docker_manifest *manifest, stella_sv select, const docker_image **out,
                                     stella_error *err);

/* Whether a tag is what the user calls it: "debian" means "debian:latest", and what tools write in full,
 * "docker.io/library/debian:latest". */
int docker_tag_fits(stella_sv tag, stella_sv select);

/* The digest that the name of a file claims: "blobs/sha256/<hex>" or "<hex>.json"; empty when it claims none. */
stella_sv docker_claimed_digest(stella_sv name, stella_arena *arena);

#endif
