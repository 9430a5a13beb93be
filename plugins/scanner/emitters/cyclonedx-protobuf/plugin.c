/* The emitter of CycloneDX as protobuf (README.md). */
#include "component.h"

#include <stella/auto.h>
#include <stella/emitter.h>

#define MESSAGE_BYTES (256u << 20) /* of one component, or of the metadata */

enum {
    BOM_SPEC_VERSION = 1,
    BOM_VERSION,
    BOM_SERIAL_NUMBER,
    BOM_METADATA,
    BOM_COMPONENTS,
    BOM_DEPENDENCIES = 8,
    BOM_COMPOSITIONS
};
enum { METADATA_TIMESTAMP = 1, METADATA_TOOLS, METADATA_COMPONENT = 4, METADATA_PROPERTIES = 8 };
enum { TIMESTAMP_SECONDS = 1 };
enum { TOOL_COMPONENTS = 6 };
enum { DEPENDENCY_REF = 1, DEPENDENCY_DEPENDENCIES };
enum { COMPOSITION_AGGREGATE = 1, COMPOSITION_ASSEMBLIES };

static void write_metadata(wire *w, const cdx_document *d) {
    cdx_component tool;
    wire_begin(w, BOM_METADATA);
    if (d->created_s >= 0) {
        wire_begin(w, METADATA_TIMESTAMP);
        if (d->created_s) /* 0 is what is not there */
            wire_number(w, TIMESTAMP_SECONDS, (uint64_t)d->created_s);
        wire_end(w);
    }
    wire_begin(w, METADATA_TOOLS);
    for (uint32_t i = 0; i < cdx_tool_count(d); i++) {
        cdx_tool(d, i, &tool);
        component_write(w, TOOL_COMPONENTS, &tool);
    }
    wire_end(w);
    component_write(w, METADATA_COMPONENT, &d->root);
    properties_write(w, METADATA_PROPERTIES, d->properties, d->property_count);
    wire_end(w);
}

static void write_dependency(wire *w, const cdx_document *d, uint32_t from, cdx_edges *edges) {
    stella_sv to;
    wire_begin(w, BOM_DEPENDENCIES);
    wire_text(w, DEPENDENCY_REF, cdx_ref(d, from));
    while (cdx_edge_next(d, edges, from, &to)) {
        wire_begin(w, DEPENDENCY_DEPENDENCIES);
        wire_text(w, DEPENDENCY_REF, to);
        wire_end(w);
    }
    wire_end(w);
}

static stella_status write_components(wire *w, cdx_document *d, const stella_sink *sink, stella_error *err) {
    stella_status status = STELLA_OK;
    cdx_component c;
    for (uint32_t i = 0; status == STELLA_OK && i < d->bom->components.count; i++) {
        status = cdx_component_at(d, i, &c, err);
        if (status != STELLA_OK)
            return status;
        component_write(w, BOM_COMPONENTS, &c);
        status = wire_flush(w, sink, err);
    }
    return status;
}

static stella_status write_dependencies(wire *w, const cdx_document *d, const stella_sink *sink, stella_error *err) {
    cdx_edges edges = {0};
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < d->bom->components.count; i++) {
        write_dependency(w, d, i, &edges);
        status = wire_flush(w, sink, err);
    }
    write_dependency(w, d, STELLA_BOM_ROOT, &edges);
    return status;
}

static stella_status write_document(wire *w, cdx_document *d, const stella_sink *sink, stella_error *err) {
    wire_text(w, BOM_SPEC_VERSION, d->version_text);
    wire_number(w, BOM_VERSION, 1);
    wire_text(w, BOM_SERIAL_NUMBER, stella_sv_cstr(d->serial));
    write_metadata(w, d);
    stella_status status = wire_flush(w, sink, err);
    if (status == STELLA_OK)
        status = write_components(w, d, sink, err);
    if (status == STELLA_OK)
        status = write_dependencies(w, d, sink, err);
    if (status != STELLA_OK)
        return status;
    wire_begin(w, BOM_COMPOSITIONS);
    wire_number(w, COMPOSITION_AGGREGATE, d->aggregate->number);
    wire_text(w, COMPOSITION_ASSEMBLIES, d->root.ref);
    wire_end(w);
    return wire_flush(w, sink, err);
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    STELLA_AUTO(cdx_document_fini) cdx_document d = {0};
    STELLA_AUTO(wire_fini) wire w = wire_of(MESSAGE_BYTES);
    const stella_status status = cdx_document_init(&d, bom, out, err);
    return status == STELLA_OK ? write_document(&w, &d, out->sink, err) : status;
}

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "cyclonedx-protobuf",
                                       .media_type = "application/x.vnd.cyclonedx+protobuf",
                                       .emit = emit,
                                       .versions = cdx_versions};

STELLA_PLUGIN("org.stella-ops.emitter.cyclonedx-protobuf", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
