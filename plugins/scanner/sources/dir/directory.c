#include "directory.h"

uint32_t directory_detect(stella_target *target) {
    (void)target;
    return 10;
}

stella_status directory_open(stella_target *target, stella_error *err) {
    if (target->select.len)
        return stella_error_at(err, STELLA_E_INVALID, target->name, "a directory has no \"%.*s\" to select",
                               STELLA_SV_FMT(stella_sv_first(target->select, 96)));
    const stella_image image = {
        .struct_size = sizeof image, .kind = STELLA_SV("directory"), .name = target->name, .created_ms = -1};
    const stella_layer layer = {.struct_size = sizeof layer, .kind = STELLA_LAYER_DIRECTORY};
    const stella_status status = stella_target_image(target, &image, err);
    return status == STELLA_OK ? stella_target_layer(target, &layer, err) : status;
}
