#include "mapping.h"

#include "common/text.h"

#include <stella/component.h>

#define COMPONENT_PROPERTIES 18 /* beside the layers and the analyzer's own */
#define OWN_NAME_SHOWN       200
#define VERSION_MAX          1024 /* of the schemas since 1.6 */

/* Ecosystems whose namespace is a group of the publisher's own; a distribution's id is none. */
static int has_group(stella_sv type) {
    static const stella_sv types[] = {STELLA_SV_INIT("maven"), STELLA_SV_INIT("npm"), STELLA_SV_INIT("composer")};
    for (uint32_t i = 0; i < STELLA_COUNT(types); i++)
        if (stella_sv_eq(type, types[i]))
            return 1;
    return 0;
}

/* Who distributes it; when the metadata does not say, who maintains the package: "Name <address>" without the address.
 */
static stella_sv supplier_of(const stella_bom_component *c) {
    return c->vendor.len ? c->vendor
                         : stella_sv_trim(stella_sv_first(c->maintainer, stella_sv_find(c->maintainer, '<')));
}

static stella_sv layer_digest(const stella_bom *bom, uint32_t layer) {
    return layer < bom->layers.count ? STELLA_AT(bom->layers, stella_bom_layer, layer)->digest : STELLA_SV("");
}

static void add_layers(properties *p, const stella_bom *bom, const stella_bom_component *c) {
    const uint32_t last = c->layers.count ? *STELLA_AT(c->layers, uint32_t, c->layers.count - 1) : c->introduced;
    if (bom->layers.count == 0) /* an SBOM in place of an image */
        return;
    properties_add_number(p, STELLA_SV("stella:introduced:layer"), c->introduced);
    properties_add(p, STELLA_SV("stella:introduced:digest"), layer_digest(bom, c->introduced));
    if (last != c->introduced) {
        properties_add_number(p, STELLA_SV("stella:last:layer"), last);
        properties_add(p, STELLA_SV("stella:last:digest"), layer_digest(bom, last));
    }
    for (uint32_t i = 0; i < c->layers.count; i++)
        properties_add_number(p, STELLA_SV("stella:layer"), *STELLA_AT(c->layers, uint32_t, i));
}

/* The programs that reach it, by the files they run. */
static void add_entrypoints(properties *p, const stella_bom *bom, const stella_bom_component *c) {
    for (uint32_t i = 0; i < c->entrypoints.count; i++) {
        const uint32_t entrypoint = *STELLA_AT(c->entrypoints, uint32_t, i);
        properties_add(p, STELLA_SV("stella:usedByEntrypoint"),
                       STELLA_AT(bom->entrypoints, stella_bom_entrypoint, entrypoint)->launcher);
    }
}

/* An analyzer's own properties, "dpkg:section", below our name. */
static void add_own(properties *p, const stella_bom_component *c) {
    for (uint32_t i = 0; i < c->properties.count; i++) {
        const stella_bom_pair *pair = STELLA_AT(c->properties, stella_bom_pair, i);
        const stella_sv name =
            mapping_join(p->arena, STELLA_SV("stella:"), stella_sv_first(pair->name, OWN_NAME_SHOWN));
        p->is_short |= !name.ptr;
        properties_add(p, name, pair->value);
    }
}

/* What is for development only is no part of what runs: that says more than that it is optional. */
static const cdx_word *scope_of(const stella_bom_component *c) {
    if (c->flags & STELLA_COMPONENT_DEV)
        return &cdx_scope_excluded;
    return c->flags & STELLA_COMPONENT_OPTIONAL ? &cdx_scope_optional : NULL;
}

/* made: what has found its place already. */
static properties properties_of_component(const cdx_document *d, const stella_bom_component *c,
                                          const cdx_component *made) {
    properties p =
        properties_of(d->scratch, COMPONENT_PROPERTIES + c->layers.count + c->properties.count + c->entrypoints.count);
    add_layers(&p, d->bom, c);
    add_entrypoints(&p, d->bom, c);
    properties_add(&p, STELLA_SV("stella:source:name"), c->source_name);
    properties_add(&p, STELLA_SV("stella:source:version"), c->source_version);
    properties_add(&p, STELLA_SV("stella:architecture"), c->architecture);
    if (c->flags & STELLA_COMPONENT_DECLARED)
        properties_add_text(&p, STELLA_SV("stella:declared"), "true");
    if (c->flags & STELLA_COMPONENT_OPTIONAL)
        properties_add_text(&p, STELLA_SV("stella:optional"), "true");
    if (c->flags & STELLA_COMPONENT_MANAGED)
        properties_add_text(&p, STELLA_SV("stella:managed"), "true");
    if (!made->version.len)
        properties_add(&p, STELLA_SV("stella:version"), c->version);
    if (!made->cpe.len)
        properties_add(&p, STELLA_SV("stella:cpe"), c->cpe);
    if (!made->website.len)
        properties_add(&p, STELLA_SV("stella:homepage"), c->homepage);
    if (c->installed_size)
        properties_add_number(&p, STELLA_SV("stella:installedSize"), c->installed_size);
    if (c->files.count)
        properties_add_number(&p, STELLA_SV("stella:files"), c->files.count);
    add_own(&p, c);
    return p;
}

/* Version 1.5 has neither the concluded value nor lines and contexts of occurrences. */
static int add_evidence(const cdx_document *d, const stella_bom_component *c, cdx_component *out) {
    const int is_full = d->version >= CDX_1_6;
    const uint32_t count = c->evidence.count;
    cdx_method *methods = stella_arena_alloc(d->scratch, count, sizeof *methods);
    cdx_occurrence *occurrences = stella_arena_alloc(d->scratch, count, sizeof *occurrences);
    if (!methods || !occurrences)
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        const stella_bom_evidence *e = STELLA_AT(c->evidence, stella_bom_evidence, i);
        methods[i] = (cdx_method){.technique = cdx_technique_of(e->method), .value = e->path};
        occurrences[i] = (cdx_occurrence){.location = e->path,
                                          .line = is_full ? e->line : 0,
                                          .context = is_full ? layer_digest(d->bom, e->layer) : STELLA_SV("")};
    }
    if (count) {
        out->identity_field = c->purl.len ? &cdx_field_purl : &cdx_field_name;
        out->identity_value = !is_full ? STELLA_SV("") : c->purl.len ? c->purl : c->name;
    }
    out->methods = methods;
    out->occurrences = occurrences;
    out->method_count = out->occurrence_count = count;
    return 1;
}

stella_status cdx_component_at(cdx_document *d, uint32_t index, cdx_component *out, stella_error *err) {
    const stella_bom_component *c = STELLA_AT(d->bom->components, stella_bom_component, index);
    stella_arena_reset(d->scratch);
    cdx_component made = {.type = cdx_type_of(c->kind, d->version),
                          .ref = c->ref,
                          .supplier = supplier_of(c),
                          .publisher = c->maintainer,
                          .group = has_group(c->type) ? c->namespace_ : STELLA_SV(""),
                          .name = c->name,
                          .version = c->version.len <= VERSION_MAX ? c->version : STELLA_SV(""),
                          .description = c->description,
                          .scope = scope_of(c),
                          .cpe = text_is_cpe(c->cpe) ? c->cpe : STELLA_SV(""),
                          .purl = c->purl,
                          .website = text_is_web_address(c->homepage) ? c->homepage : STELLA_SV("")};
    const stella_status status = mapping_licenses(d, c, &made, err);
    if (status != STELLA_OK)
        return status;
    const properties p = properties_of_component(d, c, &made);
    if (p.is_short || !add_evidence(d, c, &made))
        return stella_error_at(err, STELLA_E_NOMEM, c->ref, "no memory for a component");
    made.properties = p.items;
    made.property_count = p.count;
    *out = made;
    return STELLA_OK;
}
