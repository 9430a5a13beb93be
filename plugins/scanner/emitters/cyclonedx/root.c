/* What a document says of its subject and of the scan. */
#include "mapping.h"

#include "common/subject.h"

#include <stella/analyzer.h>

#define ROOT_PROPERTIES  16
#define LAYER_PROPERTIES 3
#define ERROR_PATH_SHOWN 512

/* An image is a container, and so is a part of it; a directory with an operating system's identity is one, any other
 * an application. */
static stella_sv root_kind(const stella_bom *bom) {
    if (stella_sv_eq(bom->subject_kind, STELLA_SV("image")) || stella_sv_eq(bom->subject_kind, STELLA_SV("layer")))
        return STELLA_SV("container");
    return bom->distro_id.len ? STELLA_SV("operating-system") : STELLA_SV("application");
}

static void add_layer(properties *p, uint32_t layer, const char *what, stella_sv value) {
    const stella_sv name = stella_arena_printf(p->arena, "stella:layer:%u:%s", layer, what);
    p->is_short |= !name.ptr;
    properties_add(p, name, value);
}

static properties root_properties(const stella_bom *bom, stella_arena *arena) {
    properties p = properties_of(arena, ROOT_PROPERTIES + LAYER_PROPERTIES * bom->layers.count);
    properties_add(&p, STELLA_SV("stella:kind"), bom->subject_kind);
    properties_add(&p, STELLA_SV("stella:digest"), bom->subject_digest);
    properties_add(&p, STELLA_SV("stella:configDigest"), bom->subject_config_digest);
    properties_add(&p, STELLA_SV("stella:os"), bom->os);
    properties_add(&p, STELLA_SV("stella:architecture"), bom->architecture);
    properties_add(&p, STELLA_SV("stella:variant"), bom->variant);
    properties_add(&p, STELLA_SV("stella:distro:id"), bom->distro_id);
    properties_add(&p, STELLA_SV("stella:distro:version"), bom->distro_version);
    properties_add(&p, STELLA_SV("stella:distro:name"), bom->distro_name);
    for (uint32_t i = 0; i < bom->layers.count; i++) {
        const stella_bom_layer *layer = STELLA_AT(bom->layers, stella_bom_layer, i);
        add_layer(&p, i, "digest", layer->digest);
        add_layer(&p, i, "diffId", layer->diff_id);
        add_layer(&p, i, "createdBy", layer->created_by);
    }
    return p;
}

/* "<code> <plugin> <path>: <message>" */
static properties error_properties(const stella_bom *bom, stella_arena *arena) {
    properties p = properties_of(arena, bom->errors.count);
    for (uint32_t i = 0; i < bom->errors.count; i++) {
        const stella_bom_error *e = STELLA_AT(bom->errors, stella_bom_error, i);
        const stella_sv text =
            stella_arena_printf(arena, "%.*s %.*s %.*s: %.*s", STELLA_SV_FMT(e->code), STELLA_SV_FMT(e->plugin),
                                STELLA_SV_FMT(stella_sv_first(e->path, ERROR_PATH_SHOWN)), STELLA_SV_FMT(e->message));
        p.is_short |= !text.ptr;
        properties_add(&p, e->severity == STELLA_NOTE_ERROR ? STELLA_SV("stella:error") : STELLA_SV("stella:note"),
                       text);
    }
    return p;
}

/* Nothing says that all there is was found; that something is missing is known when a plugin's part was lost. */
static const cdx_word *aggregate_of(const stella_bom *bom) {
    for (uint32_t i = 0; i < bom->errors.count; i++)
        if (STELLA_AT(bom->errors, stella_bom_error, i)->lost)
            return &cdx_aggregate_incomplete;
    return &cdx_aggregate_unknown;
}

stella_status mapping_root(cdx_document *d, stella_arena *arena, stella_error *err) {
    const stella_bom *bom = d->bom;
    stella_sv purl = {0};
    const stella_status status = subject_purl(bom, arena, &purl, err);
    if (status != STELLA_OK)
        return status;
    const properties of_root = root_properties(bom, arena), of_scan = error_properties(bom, arena);
    if (of_root.is_short || of_scan.is_short)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the document's metadata");
    d->root = (cdx_component){.type = cdx_type_of(root_kind(bom), d->version),
                              .ref = STELLA_SV(CDX_ROOT),
                              .name = bom->subject_name.len ? bom->subject_name : bom->subject_kind,
                              .version = bom->subject_digest.len ? bom->subject_digest : bom->subject_config_digest,
                              .purl = purl,
                              .properties = of_root.items,
                              .property_count = of_root.count};
    d->properties = of_scan.items;
    d->property_count = of_scan.count;
    d->aggregate = aggregate_of(bom);
    return STELLA_OK;
}
