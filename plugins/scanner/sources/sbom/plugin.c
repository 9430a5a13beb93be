/* plugin.c - the source "sbom": a document that lists components (README.md). */
#include <stella/source.h>

#define DOCUMENT_MAX (UINT64_C(256) << 20) /* what the engine hands to a reader */

/* Only "sbom:FILE": an SBOM under a plain path could as well be meant as a file. */
static uint32_t detect(void *self, stella_target *target) {
    (void)self;
    (void)target;
    return 0;
}

static stella_status open_target(void *self, stella_target *target, stella_error *err) {
    (void)self;
    const stella_image image = {
        .struct_size = sizeof image, .kind = STELLA_SV("document"), .name = target->name, .created_ms = -1};
    stella_layer layer = {.struct_size = sizeof layer, .kind = STELLA_LAYER_FILE};
    if (target->select.len)
        return stella_error_at(err, STELLA_E_INVALID, target->name, "an SBOM has no \"%.*s\" to select",
                               STELLA_SV_FMT(stella_sv_first(target->select, 96)));
    stella_status status = stella_target_size(target, STELLA_SV(""), &layer.size, err);
    if (status == STELLA_OK && layer.size > DOCUMENT_MAX)
        return stella_error_at(err, STELLA_E_LIMIT, target->name, "an SBOM of more than 256 MiB");
    if (status == STELLA_OK)
        status = stella_target_image(target, &image, err);
    return status == STELLA_OK ? stella_target_layer(target, &layer, err) : status;
}

static const stella_source source = {.head = STELLA_HEAD(stella_source),
                                     .scheme = "sbom",
                                     .target_kind = STELLA_TARGET_FILE,
                                     .flags = STELLA_SOURCE_STORED,
                                     .detect = detect,
                                     .open = open_target};

STELLA_PLUGIN("org.stella-ops.source.sbom", "0.1.0", STELLA_SOURCE_INTERFACE, source, .create = NULL);
