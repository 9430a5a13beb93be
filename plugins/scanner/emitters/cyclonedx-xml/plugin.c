/* The emitter of CycloneDX as XML (README.md). */
#include "component.h"

#include <stella/auto.h>
#include <stella/emitter.h>

#include <stdio.h>

static void write_metadata(xml_writer *w, const cdx_document *d) {
    cdx_component tool;
    xml_begin(w, "metadata");
    xml_element_opt(w, "timestamp", stella_sv_cstr(d->timestamp));
    xml_begin(w, "tools");
    xml_begin(w, "components");
    for (uint32_t i = 0; i < cdx_tool_count(d); i++) {
        cdx_tool(d, i, &tool);
        component_write(w, &tool);
    }
    xml_end(w);
    xml_end(w);
    component_write(w, &d->root);
    properties_write(w, d->properties, d->property_count);
    xml_end(w);
}

static stella_status write_components(xml_writer *w, cdx_document *d, stella_error *err) {
    cdx_component c;
    xml_begin(w, "components");
    for (uint32_t i = 0; i < d->bom->components.count; i++) {
        const stella_status status = cdx_component_at(d, i, &c, err);
        if (status != STELLA_OK)
            return status;
        component_write(w, &c);
    }
    xml_end(w);
    return STELLA_OK;
}

static void write_dependency(xml_writer *w, const cdx_document *d, uint32_t from, cdx_edges *edges) {
    stella_sv to;
    xml_begin(w, "dependency");
    xml_attribute(w, "ref", cdx_ref(d, from));
    while (cdx_edge_next(d, edges, from, &to)) {
        xml_begin(w, "dependency");
        xml_attribute(w, "ref", to);
        xml_end(w);
    }
    xml_end(w);
}

static void write_dependencies(xml_writer *w, const cdx_document *d) {
    cdx_edges edges = {0};
    xml_begin(w, "dependencies");
    for (uint32_t i = 0; i < d->bom->components.count; i++)
        write_dependency(w, d, i, &edges);
    write_dependency(w, d, STELLA_BOM_ROOT, &edges);
    xml_end(w);
}

static void write_compositions(xml_writer *w, const cdx_document *d) {
    xml_begin(w, "compositions");
    xml_begin(w, "composition");
    xml_element(w, "aggregate", d->aggregate->text);
    xml_begin(w, "assemblies");
    xml_begin(w, "assembly");
    xml_attribute(w, "ref", d->root.ref);
    xml_end(w);
    xml_end(w);
    xml_end(w);
    xml_end(w);
}

static stella_status write_document(xml_writer *w, cdx_document *d, stella_error *err) {
    char space[64];
    const int len =
        snprintf(space, sizeof space, "http://cyclonedx.org/schema/bom/%.*s", STELLA_SV_FMT(d->version_text));
    xml_begin(w, "bom");
    xml_attribute(w, "xmlns", stella_sv_of(space, (size_t)len));
    xml_attribute(w, "serialNumber", stella_sv_cstr(d->serial));
    xml_attribute(w, "version", STELLA_SV("1"));
    write_metadata(w, d);
    const stella_status status = write_components(w, d, err);
    if (status != STELLA_OK)
        return status;
    write_dependencies(w, d);
    write_compositions(w, d);
    xml_end(w);
    return xml_writer_finish(w, err);
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    STELLA_AUTO(cdx_document_fini) cdx_document d = {0};
    xml_writer w;
    const stella_status status = cdx_document_init(&d, bom, out, err);
    if (status != STELLA_OK)
        return status;
    xml_writer_init(&w, out->sink);
    return write_document(&w, &d, err);
}

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "cyclonedx-xml",
                                       .media_type = "application/vnd.cyclonedx+xml",
                                       .emit = emit,
                                       .versions = cdx_versions};

STELLA_PLUGIN("org.stella-ops.emitter.cyclonedx-xml", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
