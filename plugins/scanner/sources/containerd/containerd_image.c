#include "containerd_image.h"

#include "common/oci_parts.h"
#include "common/select.h"
#include "common/store.h"
#include "images.h"

#define METADATA "io.containerd.metadata.v1.bolt/meta.db"
#define CONTENT  "io.containerd.content.v1.content/blobs/sha256/"
#define SURE     80u
#define TRIES    5u /* containerd may be at work: a transaction that ends meanwhile costs one */

static stella_status read_database(void *self, uint64_t offset, void *buf, uint64_t size, uint64_t *got,
                                   stella_error *err) {
    return stella_target_read(self, STELLA_SV(METADATA), offset, buf, size, got, err);
}

/* One state of the database: another one is read anew. */
static stella_status find_image(stella_target *target, images_found *out, stella_error *err) {
    for (uint32_t i = 0; i < TRIES; i++) {
        bolt b = {.arena = target->arena, .self = target, .read = read_database};
        images_found found = {.size = 0};
        stella_status status = bolt_open(&b, err);
        if (status != STELLA_OK)
            return status;
        status = images_find(&b, target->select, &found, err);
        if (!bolt_is_unchanged(&b))
            continue;
        if (status == STELLA_OK)
            *out = found;
        return status;
    }
    return stella_error_set(err, STELLA_E_BUSY, NULL, "containerd wrote to it each of %u times it was read", TRIES);
}

static stella_sv name_blob(void *self, stella_sv digest) {
    const store *s = self;
    return stella_arena_printf(s->target->arena, CONTENT "%.*s",
                               STELLA_SV_FMT(stella_sv_skip(digest, sizeof "sha256:" - 1)));
}

static stella_status read_blob(void *self, const oci_descriptor *d, stella_sv *out, stella_error *err) {
    const stella_sv name = name_blob(self, d->digest);
    stella_sv bytes;
    stella_status status = store_read(self, name, &bytes, err);
    if (status == STELLA_OK)
        status = documents_verify(d, bytes, name, err);
    if (status == STELLA_OK)
        *out = bytes;
    return status;
}

/* containerd may throw layers away once they are unpacked (discard_unpacked_layers). */
static stella_status state_layer(store *s, const stella_layer *layer, stella_error *err) {
    const stella_sv name = name_blob(s, layer->digest);
    const stella_status status = store_layer(s, name, layer, err);
    if (status == STELLA_E_NOTFOUND)
        return stella_error_at(err, STELLA_E_NOTFOUND, name,
                               "the layer is not in containerd's content store: discarded "
                               "after unpacking, or never fetched");
    return status;
}

static stella_status choose(const documents *docs, const images_found *found, stella_sv platform, oci_descriptor *out,
                            stella_error *err) {
    const oci_descriptor entry = {.media_type = found->media_type,
                                  .digest = found->digest,
                                  .size = found->size,
                                  .ref_name = found->name,
                                  .is_index = oci_is_index_type(found->media_type),
                                  .is_manifest = oci_is_manifest_type(found->media_type)};
    const oci_index index = {.count = 1, .manifests = &entry};
    return select_manifest(docs, &index, STELLA_SV(""), platform, out, err);
}

uint32_t containerd_detect(stella_target *target) {
    uint64_t size = 0;
    return stella_target_size(target, STELLA_SV(METADATA), &size, NULL) == STELLA_OK ? SURE : 0;
}

stella_status containerd_open(stella_target *target, stella_error *err) {
    store s = {.target = target};
    const documents docs = {.arena = target->arena,
                            .root = METADATA,
                            .ask = "--platform",
                            .self = &s,
                            .read = read_blob,
                            .name = name_blob};
    images_found found = {.size = 0};
    oci_descriptor chosen;
    oci_parts parts;
    stella_status status = find_image(target, &found, err);
    if (status != STELLA_OK)
        return documents_locate(status, STELLA_SV(METADATA), err);
    status = choose(&docs, &found, target->platform, &chosen, err);
    if (status == STELLA_OK)
        status = oci_parts_read(&docs, &chosen, &parts, err);
    if (status != STELLA_OK)
        return status;
    status = oci_parts_state(target, &parts, found.name, chosen.digest, err);
    for (uint32_t i = 0; status == STELLA_OK && i < parts.manifest.layer_count; i++) {
        const stella_layer layer = oci_parts_layer(&parts, i);
        status = state_layer(&s, &layer, err);
    }
    return status;
}
