#include "store.h"

#include "documents.h"

stella_status store_open(stella_target *target, store *out, stella_error *err) {
    const archive *tar = NULL;
    if (target->kind == STELLA_TARGET_FILE) {
        const stella_status status = archive_open(target, &tar, err);
        if (status != STELLA_OK)
            return status;
    }
    *out = (store){.target = target, .tar = tar};
    return STELLA_OK;
}

stella_status store_find(const store *s, stella_sv name, store_place *out, stella_error *err) {
    if (s->tar) {
        const archive_entry *entry = archive_find(s->tar, name);
        if (!entry)
            return stella_error_at(err, STELLA_E_NOTFOUND, name, "not in the archive");
        *out = (store_place){.offset = entry->offset, .size = entry->size};
        return STELLA_OK;
    }
    uint64_t size = 0;
    const stella_status status = stella_target_size(s->target, name, &size, err);
    if (status == STELLA_OK)
        *out = (store_place){.path = name, .size = size};
    return status;
}

stella_status store_read(const store *s, stella_sv name, stella_sv *out, stella_error *err) {
    store_place place;
    const stella_status status = store_find(s, name, &place, err);
    if (status != STELLA_OK)
        return status;
    if (place.size > OCI_DOCUMENT_BYTES_MAX)
        return stella_error_at(err, STELLA_E_LIMIT, name, "%llu bytes, at most %u", (unsigned long long)place.size,
                               OCI_DOCUMENT_BYTES_MAX);
    char *bytes = stella_arena_alloc(s->target->arena, 1, place.size + 1);
    if (!bytes)
        return stella_error_at(err, STELLA_E_NOMEM, name, "no memory for %llu bytes", (unsigned long long)place.size);
    uint64_t done = 0;
    while (done < place.size) {
        uint64_t got = 0;
        const stella_status read =
            stella_target_read(s->target, place.path, place.offset + done, bytes + done, place.size - done, &got, err);
        if (read != STELLA_OK)
            return read;
        if (got == 0)
            return stella_error_at(err, STELLA_E_FORMAT, name, "cut short after %llu of %llu bytes",
                                   (unsigned long long)done, (unsigned long long)place.size);
        done += got;
    }
    *out = stella_sv_of(bytes, place.size);
    return STELLA_OK;
}

stella_sv store_blob_name(const store *s, stella_sv digest) {
    const stella_sv hex = stella_sv_skip(digest, sizeof "sha256:" - 1);
    return stella_arena_printf(s->target->arena, "blobs/sha256/%.*s", STELLA_SV_FMT(hex));
}

stella_status store_read_blob(const store *s, const oci_descriptor *blob, stella_sv *out, stella_error *err) {
    const stella_sv name = store_blob_name(s, blob->digest);
    stella_sv bytes;
    const stella_status status = store_read(s, name, &bytes, err);
    if (status != STELLA_OK)
        return status;
    const stella_status verified = documents_verify(blob, bytes, name, err);
    if (verified != STELLA_OK)
        return verified;
    *out = bytes;
    return STELLA_OK;
}

stella_status store_layer(const store *s, stella_sv name, const stella_layer *layer, stella_error *err) {
    store_place place = {0};
    stella_layer found = *layer;
    const stella_status status = store_find(s, name, &place, err);
    if (status == STELLA_E_NOTFOUND && layer->kind == STELLA_LAYER_FOREIGN)
        return stella_target_layer(s->target, layer, err);
    if (status != STELLA_OK)
        return status;
    if (place.size != layer->size)
        return stella_error_at(err, STELLA_E_FORMAT, name, "holds %llu bytes, its descriptor says %llu",
                               (unsigned long long)place.size, (unsigned long long)layer->size);
    found.kind = STELLA_LAYER_BLOB;
    found.path = place.path;
    found.offset = place.offset;
    return stella_target_layer(s->target, &found, err);
}
