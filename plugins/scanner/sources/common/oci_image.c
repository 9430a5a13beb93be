#include "oci_image.h"

#include "oci_parts.h"
#include "select.h"

#include <stella/json.h>

#define LAYOUT_FILE "oci-layout"
#define INDEX_FILE  "index.json"

static stella_status check_version(const store *s, stella_error *err) {
    stella_sv json;
    const stella_json *root = NULL;
    stella_status status = store_read(s, STELLA_SV(LAYOUT_FILE), &json, err);
    if (status == STELLA_E_NOTFOUND)
        return stella_error_set(err, STELLA_E_FORMAT, LAYOUT_FILE, "this is no OCI layout: the file is missing");
    if (status == STELLA_OK)
        status = stella_json_parse(json, s->target->arena, &root, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv version = stella_json_str(stella_json_get(root, "imageLayoutVersion"));
    if (!stella_sv_starts(version, STELLA_SV("1.")))
        return stella_error_set(err, STELLA_E_UNSUPPORTED, LAYOUT_FILE, "layout version \"%.*s\", expected 1.x",
                                STELLA_SV_FMT(stella_sv_first(version, 40)));
    return STELLA_OK;
}

static stella_status read_index(const store *s, oci_index *out, stella_error *err) {
    stella_sv json;
    const stella_status status = store_read(s, STELLA_SV(INDEX_FILE), &json, err);
    if (status != STELLA_OK)
        return status;
    return documents_locate(oci_index_parse(json, s->target->arena, out, err), STELLA_SV(INDEX_FILE), err);
}

static stella_status read_blob(void *self, const oci_descriptor *d, stella_sv *out, stella_error *err) {
    return store_read_blob(self, d, out, err);
}

static stella_sv name_blob(void *self, stella_sv digest) {
    return store_blob_name(self, digest);
}

uint32_t oci_layout_detect(stella_target *target) {
    store s;
    store_place place;
    return store_open(target, &s, NULL) == STELLA_OK &&
                   store_find(&s, STELLA_SV(LAYOUT_FILE), &place, NULL) == STELLA_OK &&
                   store_find(&s, STELLA_SV(INDEX_FILE), &place, NULL) == STELLA_OK
               ? 80
               : 0;
}

stella_status oci_layout_open(stella_target *target, stella_error *err) {
    store s;
    oci_index index;
    oci_descriptor chosen;
    oci_parts parts;
    stella_status status = store_open(target, &s, err);
    const documents docs = {.arena = target->arena,
                            .root = INDEX_FILE,
                            .ask = "TARGET:REF",
                            .self = &s,
                            .read = read_blob,
                            .name = name_blob};
    if (status == STELLA_OK)
        status = check_version(&s, err);
    if (status == STELLA_OK)
        status = read_index(&s, &index, err);
    if (status == STELLA_OK)
        status = select_manifest(&docs, &index, target->select, target->platform, &chosen, err);
    if (status == STELLA_OK)
        status = oci_parts_read(&docs, &chosen, &parts, err);
    if (status != STELLA_OK)
        return status;
    status = oci_parts_state(target, &parts, chosen.ref_name, chosen.digest, err);
    for (uint32_t i = 0; status == STELLA_OK && i < parts.manifest.layer_count; i++) {
        const stella_layer layer = oci_parts_layer(&parts, i);
        status = store_layer(&s, store_blob_name(&s, layer.digest), &layer, err);
    }
    return status;
}
