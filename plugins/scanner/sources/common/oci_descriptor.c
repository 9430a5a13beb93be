#include "oci_descriptor.h"

#include <stella/digest.h>
#include <stella/source.h>

#include <stdio.h>

#define POINTER_SIZE 96

int oci_is_index_type(stella_sv media_type) {
    return stella_sv_eq(media_type, STELLA_SV("application/vnd.oci.image.index.v1+json")) ||
           stella_sv_eq(media_type, STELLA_SV("application/vnd.docker.distribution.manifest.list.v2+json"));
}

int oci_is_manifest_type(stella_sv media_type) {
    return stella_sv_eq(media_type, STELLA_SV("application/vnd.oci.image.manifest.v1+json")) ||
           stella_sv_eq(media_type, STELLA_SV("application/vnd.docker.distribution.manifest.v2+json"));
}

static void classify(oci_descriptor *d) {
    d->is_index = oci_is_index_type(d->media_type);
    d->is_manifest = oci_is_manifest_type(d->media_type);
    d->is_foreign = stella_sv_starts(d->media_type, STELLA_SV("application/vnd.oci.image.layer.nondistributable.")) ||
                    stella_sv_starts(d->media_type, STELLA_SV("application/vnd.docker.image.rootfs.foreign."));
}

/* BuildKit marks attestations with an annotation and with a platform that no machine has; other tools set artifactType.
 */
static int goes_with_an_image(const stella_json *json, const oci_descriptor *d) {
    const stella_json *annotations = stella_json_get(json, "annotations");
    return stella_json_str(stella_json_get(annotations, "vnd.docker.reference.type")).len > 0 ||
           stella_json_str(stella_json_get(json, "artifactType")).len > 0 ||
           (stella_sv_eq(d->os, STELLA_SV("unknown")) && stella_sv_eq(d->architecture, STELLA_SV("unknown")));
}

static stella_sv name_of(const stella_json *json) {
    const stella_json *annotations = stella_json_get(json, "annotations");
    const stella_sv name = stella_json_str(stella_json_get(annotations, "org.opencontainers.image.ref.name"));
    return name.len ? name : stella_json_str(stella_json_get(annotations, "io.containerd.image.name"));
}

static stella_status read_digest(const stella_json *json, const char *path, stella_sv *out, stella_error *err) {
    const stella_sv digest = stella_json_str(stella_json_get(json, "digest"));
    if (!digest.len)
        return stella_error_set(err, STELLA_E_FORMAT, path, "a descriptor has no digest");
    if (!stella_sv_starts(digest, STELLA_SV("sha256:")))
        return stella_error_set(err, STELLA_E_UNSUPPORTED, path, "digest %.*s: only sha256 is supported",
                                STELLA_SV_FMT(stella_sv_first(digest, 80)));
    if (!stella_digest_is_valid(digest))
        return stella_error_set(err, STELLA_E_FORMAT, path, "digest %.*s is not 64 lower-case hexadecimal digits",
                                STELLA_SV_FMT(stella_sv_first(digest, 80)));
    *out = digest;
    return STELLA_OK;
}

/* "OFFSET:STORED:UNCOMPRESSED:TYPE". A table beyond the blob is none: the layer can be read as any other. */
static int read_position(stella_sv text, oci_descriptor *d) {
    uint64_t numbers[4];
    for (size_t i = 0; i < 4; i++) {
        const size_t end = stella_sv_find(text, ':');
        if (!stella_sv_u64(stella_sv_first(text, end), INT64_MAX, &numbers[i]))
            return 0;
        text = stella_sv_skip(text, end < text.len ? end + 1 : end);
    }
    d->toc_offset = numbers[0];
    d->toc_size = numbers[1];
    return d->toc_size && d->toc_offset < d->size && d->toc_size <= d->size - d->toc_offset && numbers[3] == 1;
}

/* The annotation's name is "io.github.containers..."; tools of before 2023 leave "github" out. */
static stella_sv chunked_annotation(const stella_json *annotations, const char *name, const char *older) {
    const stella_sv text = stella_json_str(stella_json_get(annotations, name));
    return text.len ? text : stella_json_str(stella_json_get(annotations, older));
}

/* What cannot be made use of is passed over: the annotations are no part of what the layer is. */
static void read_toc(const stella_json *annotations, oci_descriptor *d) {
    const stella_sv estargz = stella_json_str(stella_json_get(annotations, "containerd.io/snapshot/stargz/toc.digest"));
    const stella_sv chunked = chunked_annotation(annotations, "io.github.containers.zstd-chunked.manifest-checksum",
                                                 "io.containers.zstd-chunked.manifest-checksum");
    const stella_sv position = chunked_annotation(annotations, "io.github.containers.zstd-chunked.manifest-position",
                                                  "io.containers.zstd-chunked.manifest-position");
    if (stella_digest_is_valid(chunked) && read_position(position, d)) {
        d->toc_kind = STELLA_TOC_ZSTD_CHUNKED;
        d->toc_digest = chunked;
        return;
    }
    d->toc_offset = d->toc_size = 0;
    if (!stella_digest_is_valid(estargz))
        return;
    d->toc_kind = STELLA_TOC_ESTARGZ;
    d->toc_digest = estargz;
}

stella_status oci_descriptor_read(const stella_json *json, const char *path, oci_descriptor *out, stella_error *err) {
    oci_descriptor d = {.media_type = stella_json_str(stella_json_get(json, "mediaType"))};
    if (!stella_json_is(json, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, path, "a descriptor must be an object");
    const stella_status status = read_digest(json, path, &d.digest, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_u64(stella_json_get(json, "size"), &d.size))
        return stella_error_set(err, STELLA_E_FORMAT, path, "a descriptor has no size");
    if (d.size > INT64_MAX) /* no file is; and sums of it with an offset stay sums */
        return stella_error_set(err, STELLA_E_FORMAT, path, "a descriptor's size is beyond that of any file");
    const stella_json *platform = stella_json_get(json, "platform");
    d.os = stella_json_str(stella_json_get(platform, "os"));
    d.architecture = stella_json_str(stella_json_get(platform, "architecture"));
    d.variant = stella_json_str(stella_json_get(platform, "variant"));
    d.ref_name = name_of(json);
    read_toc(stella_json_get(json, "annotations"), &d);
    classify(&d);
    d.is_attachment = goes_with_an_image(json, &d);
    *out = d;
    return STELLA_OK;
}

stella_status oci_descriptors_read(const stella_json *array, const char *path, uint32_t max, stella_arena *arena,
                                   const oci_descriptor **out, uint32_t *count, stella_error *err) {
    if (!stella_json_is(array, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, path, "a list of descriptors is missing");
    if (array->count > max)
        return stella_error_set(err, STELLA_E_LIMIT, path, "%u descriptors, at most %u", array->count, max);
    oci_descriptor *list = stella_arena_alloc(arena, array->count, sizeof *list);
    if (!list)
        return stella_error_set(err, STELLA_E_NOMEM, path, "too many descriptors for the memory allowed");
    for (uint32_t i = 0; i < array->count; i++) {
        char item[POINTER_SIZE];
        snprintf(item, sizeof item, "%s/%u", path, i);
        const stella_status status = oci_descriptor_read(&array->items[i], item, &list[i], err);
        if (status != STELLA_OK)
            return status;
    }
    *out = list;
    *count = array->count;
    return STELLA_OK;
}
