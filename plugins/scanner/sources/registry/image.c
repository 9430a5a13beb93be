#include "image.h"

#include "root.h"

#include "common/oci_parts.h"
#include "common/select.h"

#define MANIFEST_TYPES                                                                                                 \
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "             \
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"

/* An image being resolved. */
typedef struct registry_image {
    reference name;
    grant granted;
    session *peer;
    stella_arena *arena;
} registry_image;

static stella_sv name_document(void *self, stella_sv digest) {
    const registry_image *image = self;
    return stella_arena_printf(image->arena, "%.*s/%.*s@%.*s", STELLA_SV_FMT(image->name.domain),
                               STELLA_SV_FMT(image->name.repository), STELLA_SV_FMT(digest));
}

static stella_status get(const registry_image *image, int is_manifest, stella_sv selector, session_document *out,
                         stella_error *err) {
    const stella_sv path =
        stella_arena_printf(image->arena, "%s/%.*s", is_manifest ? "manifests" : "blobs", STELLA_SV_FMT(selector));
    if (!path.ptr)
        return stella_error_at(err, STELLA_E_NOMEM, selector, "no memory for a request");
    return session_read(image->peer, path.ptr, is_manifest ? MANIFEST_TYPES : NULL, OCI_DOCUMENT_BYTES_MAX,
                        image->arena, out, err);
}

/* A manifest or index by digest, or a configuration, which is a blob. */
static stella_status read_document(void *self, const oci_descriptor *d, stella_sv *out, stella_error *err) {
    session_document got;
    if (d->size > OCI_DOCUMENT_BYTES_MAX)
        return stella_error_at(err, STELLA_E_LIMIT, d->digest, "a document of %llu bytes, at most %u",
                               (unsigned long long)d->size, OCI_DOCUMENT_BYTES_MAX);
    stella_status status = get(self, d->is_manifest || d->is_index, d->digest, &got, err);
    if (status == STELLA_OK)
        status = documents_verify(d, got.bytes, name_document(self, d->digest), err);
    if (status == STELLA_OK)
        *out = got.bytes;
    return status;
}

/* The name it goes by: the digest is stated apart, so the tag is worth more. */
static stella_sv image_name(const registry_image *image) {
    reference name = image->name;
    if (name.tag.len)
        name.digest = (stella_sv){0};
    return reference_text(&name, image->arena);
}

/* From the document that the reference leads to, to the parts of one image.
 * digest  of its manifest */
static stella_status resolve(registry_image *image, stella_sv platform, oci_parts *parts, stella_sv *digest,
                             stella_error *err) {
    const documents docs = {.arena = image->arena,
                            .root = reference_text(&image->name, image->arena).ptr,
                            .ask = "REPOSITORY@DIGEST",
                            .self = image,
                            .read = read_document,
                            .name = name_document};
    session_document root;
    uint32_t kind = 0;
    oci_index index;
    oci_descriptor chosen;
    if (!docs.root)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the image's name");
    stella_status status = get(image, 1, reference_selector(&image->name), &root, err);
    if (status == STELLA_OK)
        status = root_verify(&root, image->name.digest, image->arena, digest, err);
    if (status == STELLA_OK)
        status = documents_locate(root_kind(&root, image->arena, &kind, err), stella_sv_cstr(docs.root), err);
    if (status != STELLA_OK)
        return status;
    if (kind == ROOT_MANIFEST)
        return oci_parts_of(&docs, root.bytes, stella_sv_cstr(docs.root), parts, err);
    status = documents_locate(oci_index_parse(root.bytes, image->arena, &index, err), stella_sv_cstr(docs.root), err);
    if (status == STELLA_OK)
        status = select_manifest(&docs, &index, (stella_sv){0}, platform, &chosen, err);
    if (status == STELLA_OK)
        status = oci_parts_read(&docs, &chosen, parts, err);
    if (status == STELLA_OK)
        *digest = chosen.digest;
    return status;
}

static stella_status state(stella_target *target, const registry_image *image, const oci_parts *parts, stella_sv digest,
                           stella_error *err) {
    stella_status status = oci_parts_state(target, parts, image_name(image), digest, err);
    for (uint32_t i = 0; status == STELLA_OK && i < parts->manifest.layer_count; i++) {
        const stella_layer layer = oci_parts_layer(parts, i);
        status = stella_target_layer(target, &layer, err);
    }
    return status;
}

/* A session with the repository that the target names; the caller destroys image->peer. */
static stella_status begin(const stella_target *target, const session_limits *limits, const stella_log *log,
                           registry_image *image, stella_error *err) {
    image->arena = target->arena;
    stella_status status = reference_parse(target->name, image->arena, &image->name, err);
    if (status == STELLA_OK)
        status = grant_parse(target->access, image->arena, &image->granted, err);
    if (status == STELLA_OK)
        status = session_create(&image->name, &image->granted, limits, log, &image->peer, err);
    return status;
}

stella_status registry_open(stella_target *target, const session_limits *limits, const stella_log *log,
                            stella_error *err) {
    registry_image image = {0};
    oci_parts parts;
    stella_sv digest;
    stella_status status = begin(target, limits, log, &image, err);
    if (status == STELLA_OK)
        status = resolve(&image, target->platform, &parts, &digest, err);
    if (status == STELLA_OK)
        status = state(target, &image, &parts, digest, err);
    session_destroy(image.peer);
    return status;
}

stella_status registry_fetch(stella_target *target, const stella_layer *layer, uint64_t offset, uint64_t size,
                             const session_limits *limits, const stella_log *log, const stella_sink *out,
                             stella_error *err) {
    registry_image image = {0};
    stella_status status = begin(target, limits, log, &image, err);
    if (status == STELLA_OK)
        status = session_fetch(image.peer, layer->digest, layer->size, offset, size, out, err);
    session_destroy(image.peer);
    return status;
}
