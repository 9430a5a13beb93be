/* The emitter of CycloneDX as JSON (README.md). */
#include "component.h"

#include <stella/auto.h>
#include <stella/emitter.h>

#include <stdio.h>

#define INDENT 2

static void write_metadata(stella_json_writer *w, const cdx_document *d) {
    cdx_component tool;
    stella_json_member_object(w, "metadata");
    stella_json_member_opt(w, "timestamp", stella_sv_cstr(d->timestamp));
    stella_json_member_object(w, "tools");
    stella_json_member_array(w, "components");
    for (uint32_t i = 0; i < cdx_tool_count(d); i++) {
        cdx_tool(d, i, &tool);
        component_write(w, d->version, &tool);
    }
    stella_json_end_array(w);
    stella_json_end_object(w);
    stella_json_key(w, STELLA_SV("component"));
    component_write(w, d->version, &d->root);
    properties_write(w, d->properties, d->property_count);
    stella_json_end_object(w);
}

static stella_status write_components(stella_json_writer *w, cdx_document *d, stella_error *err) {
    cdx_component c;
    stella_json_member_array(w, "components");
    for (uint32_t i = 0; i < d->bom->components.count; i++) {
        const stella_status status = cdx_component_at(d, i, &c, err);
        if (status != STELLA_OK)
            return status;
        component_write(w, d->version, &c);
    }
    stella_json_end_array(w);
    return STELLA_OK;
}

static void write_dependency(stella_json_writer *w, const cdx_document *d, uint32_t from, cdx_edges *edges) {
    stella_sv to;
    stella_json_begin_object(w);
    stella_json_member_str(w, "ref", cdx_ref(d, from));
    stella_json_member_array(w, "dependsOn");
    while (cdx_edge_next(d, edges, from, &to))
        stella_json_write_str(w, to);
    stella_json_end_array(w);
    stella_json_end_object(w);
}

static void write_dependencies(stella_json_writer *w, const cdx_document *d) {
    cdx_edges edges = {0};
    stella_json_member_array(w, "dependencies");
    for (uint32_t i = 0; i < d->bom->components.count; i++)
        write_dependency(w, d, i, &edges);
    write_dependency(w, d, STELLA_BOM_ROOT, &edges);
    stella_json_end_array(w);
}

static void write_compositions(stella_json_writer *w, const cdx_document *d) {
    stella_json_member_array(w, "compositions");
    stella_json_begin_object(w);
    stella_json_member_str(w, "aggregate", d->aggregate->text);
    stella_json_member_array(w, "assemblies");
    stella_json_write_str(w, d->root.ref);
    stella_json_end_array(w);
    stella_json_end_object(w);
    stella_json_end_array(w);
}

static stella_status write_document(stella_json_writer *w, cdx_document *d, stella_error *err) {
    char schema[64];
    const int len = snprintf(schema, sizeof schema, "http://cyclonedx.org/schema/bom-%.*s.schema.json",
                             STELLA_SV_FMT(d->version_text));
    stella_json_begin_object(w);
    stella_json_member_str(w, "$schema", stella_sv_of(schema, (size_t)len));
    stella_json_member_str(w, "bomFormat", STELLA_SV("CycloneDX"));
    stella_json_member_str(w, "specVersion", d->version_text);
    stella_json_member_str(w, "serialNumber", stella_sv_cstr(d->serial));
    stella_json_member_u64(w, "version", 1);
    write_metadata(w, d);
    const stella_status status = write_components(w, d, err);
    if (status != STELLA_OK)
        return status;
    write_dependencies(w, d);
    write_compositions(w, d);
    stella_json_end_object(w);
    return stella_json_finish(w, err);
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    STELLA_AUTO(cdx_document_fini) cdx_document d = {0};
    stella_json_writer w;
    const stella_status status = cdx_document_init(&d, bom, out, err);
    if (status != STELLA_OK)
        return status;
    stella_json_writer_init(&w, out->sink, INDENT);
    return write_document(&w, &d, err);
}

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "cyclonedx-json",
                                       .media_type = "application/vnd.cyclonedx+json",
                                       .emit = emit,
                                       .versions = cdx_versions};

STELLA_PLUGIN("org.stella-ops.emitter.cyclonedx-json", "0.2.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
