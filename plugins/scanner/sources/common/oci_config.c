#include "oci.h"

#include <stella/digest.h>
#include <stella/json.h>

#include <stdio.h>

static stella_status read_diff_ids(const stella_json *list, stella_arena *arena, oci_config *out, stella_error *err) {
    if (!stella_json_is(list, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, "/rootfs/diff_ids", "the configuration lists no layers");
    if (list->count > OCI_LAYERS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "/rootfs/diff_ids", "%u layers, at most %d", list->count,
                                OCI_LAYERS_MAX);
    stella_sv *ids = stella_arena_alloc(arena, list->count, sizeof *ids);
    if (!ids)
        return stella_error_set(err, STELLA_E_NOMEM, "/rootfs/diff_ids", "too many layers for the memory allowed");
    for (uint32_t i = 0; i < list->count; i++) {
        char path[48];
        snprintf(path, sizeof path, "/rootfs/diff_ids/%u", i);
        ids[i] = stella_json_str(&list->items[i]);
        if (!stella_digest_is_valid(ids[i]))
            return stella_error_set(err, STELLA_E_FORMAT, path, "not a sha256 digest");
    }
    out->diff_ids = ids;
    out->layer_count = list->count;
    return STELLA_OK;
}

/* History entries without empty_layer stand for the layers, in order. Tools that squash or append layers leave it out
 * of step: then it says nothing of any single layer. */
static stella_status read_history(const stella_json *history, stella_arena *arena, oci_config *out, stella_error *err) {
    const uint32_t entries = stella_json_is(history, STELLA_JSON_ARRAY) ? history->count : 0;
    if (entries > OCI_HISTORY_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "/history", "%u entries, at most %d", entries, OCI_HISTORY_MAX);
    stella_sv *created_by = stella_arena_alloc(arena, out->layer_count, sizeof *created_by);
    if (!created_by)
        return stella_error_set(err, STELLA_E_NOMEM, "/history", "too many layers for the memory allowed");
    uint32_t layers = 0;
    for (uint32_t i = 0; i < entries; i++) {
        const stella_json *entry = stella_json_at(history, i);
        if (stella_json_is(stella_json_get(entry, "empty_layer"), STELLA_JSON_TRUE))
            continue;
        if (layers < out->layer_count)
            created_by[layers] = stella_json_str(stella_json_get(entry, "created_by"));
        layers++;
    }
    for (uint32_t i = 0; layers != out->layer_count && i < out->layer_count; i++)
        created_by[i] = (stella_sv){0};
    out->created_by = created_by;
    return STELLA_OK;
}

stella_status oci_config_parse(stella_sv json, stella_arena *arena, oci_config *out, stella_error *err) {
    const stella_json *root = NULL;
    stella_status status = stella_json_parse(json, arena, &root, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_is(root, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, "", "an image configuration must be an object");
    oci_config config = {.os = stella_json_str(stella_json_get(root, "os")),
                         .architecture = stella_json_str(stella_json_get(root, "architecture")),
                         .variant = stella_json_str(stella_json_get(root, "variant")),
                         .created_ms = oci_time_ms(stella_json_str(stella_json_get(root, "created")))};
    status = read_diff_ids(stella_json_get(stella_json_get(root, "rootfs"), "diff_ids"), arena, &config, err);
    if (status == STELLA_OK)
        status = read_history(stella_json_get(root, "history"), arena, &config, err);
    if (status == STELLA_OK)
        *out = config;
    return status;
}
