/* The emitter of SPDX 3.0.1 JSON-LD (README.md). */
#include "spdx3-json/graph.h"

#include <stella/emitter.h>

#include <stella/auto.h>

#define INDENT        2
#define IRI_MAX       4096
#define DOCUMENT_NAME "Document"
#define SBOM_NAME     "Sbom"
#define AGENT_NAME    "Agent"

static void write_list(stella_json_writer *w, const char *key, stella_sv only) {
    stella_json_member_array(w, key);
    stella_json_write_str(w, only);
    stella_json_end_array(w);
}

static void write_creation(graph *g) {
    stella_json_begin_object(g->w);
    stella_json_member_str(g->w, "type", STELLA_SV("CreationInfo"));
    stella_json_member_str(g->w, "@id", STELLA_SV("_:creation"));
    stella_json_member_str(g->w, "specVersion", STELLA_SV("3.0.1"));
    stella_json_member_str(g->w, "created", stella_sv_cstr(g->d->created));
    write_list(g->w, "createdBy", graph_iri(g, STELLA_SV(AGENT_NAME)));
    stella_json_member_array(g->w, "createdUsing");
    for (uint32_t i = 0; i <= g->d->bom->plugins.count; i++)
        stella_json_write_str(g->w, graph_numbered(g, "Tool", i));
    stella_json_end_array(g->w);
    stella_json_end_object(g->w);
}

/* The scanner is agent and tool: a document must have been made by somebody. */
static void write_tools(graph *g) {
    graph_begin(g, "SoftwareAgent", STELLA_SV(AGENT_NAME));
    stella_json_member_str(g->w, "name", g->d->bom->tool_name);
    stella_json_end_object(g->w);
    for (uint32_t i = 0; i <= g->d->bom->plugins.count; i++) {
        const stella_bom_pair tool = spdx_tool(g->d->bom, i);
        stella_arena_reset(g->d->scratch);
        const stella_sv name = stella_arena_printf(g->d->scratch, "%.*s%s%.*s", STELLA_SV_FMT(tool.name),
                                                   tool.value.len ? "-" : "", STELLA_SV_FMT(tool.value));
        graph_begin_numbered(g, "Tool", "Tool", i);
        stella_json_member_str(g->w, "name", name.ptr ? name : tool.name);
        stella_json_end_object(g->w);
    }
}

static void write_profiles(stella_json_writer *w) {
    stella_json_member_array(w, "profileConformance");
    stella_json_write_str(w, STELLA_SV("core"));
    stella_json_write_str(w, STELLA_SV("software"));
    stella_json_write_str(w, STELLA_SV("simpleLicensing"));
    stella_json_end_array(w);
}

/* The document holds one SBOM, which holds all packages, its root the subject. */
static void write_document(graph *g) {
    graph_begin(g, "SpdxDocument", STELLA_SV(DOCUMENT_NAME));
    stella_json_member_str(g->w, "name", g->d->name);
    stella_json_member_opt(g->w, "comment", spdx_document_comment(g->d));
    stella_json_member_str(g->w, "dataLicense", graph_iri(g, STELLA_SV("DataLicense")));
    write_profiles(g->w);
    write_list(g->w, "element", graph_iri(g, STELLA_SV(SBOM_NAME)));
    write_list(g->w, "rootElement", graph_iri(g, STELLA_SV(SBOM_NAME)));
    stella_json_end_object(g->w);
    graph_begin(g, "simplelicensing_LicenseExpression", STELLA_SV("DataLicense"));
    stella_json_member_str(g->w, "simplelicensing_licenseExpression", STELLA_SV("CC0-1.0"));
    stella_json_end_object(g->w);
}

static void write_sbom(graph *g) {
    graph_begin(g, "software_Sbom", STELLA_SV(SBOM_NAME));
    write_profiles(g->w);
    write_list(g->w, "software_sbomType", STELLA_SV("analyzed"));
    write_list(g->w, "rootElement", graph_iri(g, spdx_package_id(g->d, STELLA_BOM_ROOT)));
    stella_json_member_array(g->w, "element");
    stella_json_write_str(g->w, graph_iri(g, spdx_package_id(g->d, STELLA_BOM_ROOT)));
    for (uint32_t i = 0; i < g->d->bom->components.count; i++) {
        stella_arena_reset(g->d->scratch);
        stella_json_write_str(g->w, graph_iri(g, spdx_package_id(g->d, i)));
    }
    stella_json_end_array(g->w);
    stella_json_end_object(g->w);
}

static stella_status write_graph(graph *g, stella_error *err) {
    write_creation(g);
    write_tools(g);
    write_document(g);
    write_sbom(g);
    stella_status status = graph_packages(g, err);
    if (status == STELLA_OK)
        status = graph_relations(g, err);
    if (status != STELLA_OK)
        return status;
    graph_licenses(g);
    graph_actors(g);
    return g->iri.failed ? stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an id") : STELLA_OK;
}

static void graph_fini(graph *g) {
    stella_buf_fini(&g->iri);
}

static stella_status write(spdx_document *d, const stella_sink *sink, stella_error *err) {
    stella_json_writer w;
    STELLA_AUTO(graph_fini)
    graph g = {.d = d, .w = &w, .iri = stella_buf_of(IRI_MAX), .expressions.arena = d->arena, .actors.arena = d->arena};
    stella_buf_add(&g.iri, d->namespace_);
    stella_buf_u8(&g.iri, '#');
    g.iri_base = g.iri.len;
    stella_json_writer_init(&w, sink, d->namespace_.len ? INDENT : 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "@context", STELLA_SV("https://spdx.org/rdf/3.0.1/spdx-context.jsonld"));
    stella_json_member_array(&w, "@graph");
    const stella_status status = write_graph(&g, err);
    if (status != STELLA_OK)
        return status;
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    return spdx_emit(bom, out, write, err);
}

static const char *const versions[] = {"3.0.1", NULL};

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "spdx3-json",
                                       .media_type = "application/spdx+json",
                                       .emit = emit,
                                       .versions = versions};

STELLA_PLUGIN("org.stella-ops.emitter.spdx3-json", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
