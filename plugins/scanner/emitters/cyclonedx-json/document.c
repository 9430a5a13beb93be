#include "document.h"

#include "component.h"

#include <stella/analyzer.h>

#include <stdio.h>
#include <time.h>

#define LAST_MS INT64_C(253402300799999) /* the end of the year 9999 */

void document_property(stella_json_writer *w, stella_sv name, stella_sv value) {
    if (value.len == 0)
        return;
    stella_json_begin_object(w);
    stella_json_member_str(w, "name", name);
    stella_json_member_str(w, "value", value);
    stella_json_end_object(w);
}

static void write_timestamp(stella_json_writer *w, int64_t ms) {
    struct tm t;
    char text[40];
    const time_t seconds = (time_t)(ms / 1000);
    if (ms < 0 || ms > LAST_MS || !gmtime_r(&seconds, &t))
        return;
    const size_t len = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &t);
    stella_json_member_str(w, "timestamp", stella_sv_of(text, len));
}

static void write_tool(stella_json_writer *w, stella_sv type, stella_sv name, stella_sv version) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "type", type);
    stella_json_member_str(w, "name", name);
    stella_json_member_opt(w, "version", version);
    stella_json_end_object(w);
}

static void write_tools(stella_json_writer *w, const stella_bom *bom) {
    stella_json_member_object(w, "tools");
    stella_json_member_array(w, "components");
    write_tool(w, STELLA_SV("application"), bom->tool_name, bom->tool_version);
    for (uint32_t i = 0; i < bom->plugins.count; i++) {
        const stella_bom_pair *plugin = STELLA_AT(bom->plugins, stella_bom_pair, i);
        write_tool(w, STELLA_SV("library"), plugin->name, plugin->value);
    }
    stella_json_end_array(w);
    stella_json_end_object(w);
}

static void write_layer_property(stella_json_writer *w, uint32_t layer, const char *what, stella_sv value) {
    char name[64];
    const int len = snprintf(name, sizeof name, "stella:layer:%u:%s", layer, what);
    document_property(w, stella_sv_of(name, (size_t)len), value);
}

static void write_root_properties(stella_json_writer *w, const stella_bom *bom) {
    stella_json_member_array(w, "properties");
    document_property(w, STELLA_SV("stella:digest"), bom->subject_digest);
    document_property(w, STELLA_SV("stella:configDigest"), bom->subject_config_digest);
    document_property(w, STELLA_SV("stella:os"), bom->os);
    document_property(w, STELLA_SV("stella:architecture"), bom->architecture);
    document_property(w, STELLA_SV("stella:variant"), bom->variant);
    document_property(w, STELLA_SV("stella:distro:id"), bom->distro_id);
    document_property(w, STELLA_SV("stella:distro:version"), bom->distro_version);
    document_property(w, STELLA_SV("stella:distro:name"), bom->distro_name);
    for (uint32_t i = 0; i < bom->layers.count; i++) {
        const stella_bom_layer *layer = STELLA_AT(bom->layers, stella_bom_layer, i);
        write_layer_property(w, i, "digest", layer->digest);
        write_layer_property(w, i, "diffId", layer->diff_id);
        write_layer_property(w, i, "createdBy", layer->created_by);
    }
    stella_json_end_array(w);
}

/* An image is a container; a directory with an operating system's identity is one, any other an application. */
static stella_sv root_type(const stella_bom *bom) {
    if (stella_sv_eq(bom->subject_kind, STELLA_SV("image")))
        return STELLA_SV("container");
    return bom->distro_id.len ? STELLA_SV("operating-system") : STELLA_SV("application");
}

static void write_root(stella_json_writer *w, const document *d) {
    const stella_bom *bom = d->bom;
    stella_json_member_object(w, "component");
    stella_json_member_str(w, "type", root_type(bom));
    stella_json_member_str(w, "bom-ref", STELLA_SV(DOCUMENT_ROOT));
    stella_json_member_str(w, "name", bom->subject_name.len ? bom->subject_name : bom->subject_kind);
    stella_json_member_opt(w, "version", bom->subject_digest.len ? bom->subject_digest : bom->subject_config_digest);
    stella_json_member_opt(w, "purl", d->root_purl);
    write_root_properties(w, bom);
    stella_json_end_object(w);
}

static stella_sv error_name(const stella_bom_error *e) {
    return e->severity == STELLA_NOTE_ERROR ? STELLA_SV("stella:error") : STELLA_SV("stella:note");
}

/* "<code> <plugin> <path>: <message>" */
static void write_errors(stella_json_writer *w, const stella_bom *bom) {
    if (bom->errors.count == 0)
        return;
    stella_json_member_array(w, "properties");
    for (uint32_t i = 0; i < bom->errors.count; i++) {
        const stella_bom_error *e = STELLA_AT(bom->errors, stella_bom_error, i);
        char text[1024];
        const int len =
            snprintf(text, sizeof text, "%.*s %.*s %.*s: %.*s", STELLA_SV_FMT(e->code), STELLA_SV_FMT(e->plugin),
                     STELLA_SV_FMT(stella_sv_first(e->path, 512)), STELLA_SV_FMT(e->message));
        const size_t shown = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
        document_property(w, error_name(e), stella_sv_of(text, shown));
    }
    stella_json_end_array(w);
}

static void write_metadata(stella_json_writer *w, const document *d) {
    stella_json_member_object(w, "metadata");
    write_timestamp(w, d->bom->created_ms);
    write_tools(w, d->bom);
    write_root(w, d);
    write_errors(w, d->bom);
    stella_json_end_object(w);
}

static stella_sv ref_of(const stella_bom *bom, uint32_t index) {
    return index == STELLA_BOM_ROOT ? STELLA_SV(DOCUMENT_ROOT)
                                    : STELLA_AT(bom->components, stella_bom_component, index)->ref;
}

/* The edges of one component. Relations are ordered by from and to, so *at walks once over all of them; contains and
 * dependsOn to the same component are one edge here. */
static void write_dependency(stella_json_writer *w, const stella_bom *bom, uint32_t from, uint32_t *at) {
    uint32_t last = from;
    stella_json_begin_object(w);
    stella_json_member_str(w, "ref", ref_of(bom, from));
    stella_json_member_array(w, "dependsOn");
    for (; *at < bom->relations.count; (*at)++) {
        const stella_bom_relation *r = STELLA_AT(bom->relations, stella_bom_relation, *at);
        if (r->from != from)
            break;
        if (r->to != last)
            stella_json_write_str(w, ref_of(bom, r->to));
        last = r->to;
    }
    stella_json_end_array(w);
    stella_json_end_object(w);
}

static void write_dependencies(stella_json_writer *w, const stella_bom *bom) {
    uint32_t at = 0;
    stella_json_member_array(w, "dependencies");
    for (uint32_t i = 0; i < bom->components.count; i++)
        write_dependency(w, bom, i, &at);
    write_dependency(w, bom, STELLA_BOM_ROOT, &at); /* the greatest index: behind all others */
    stella_json_end_array(w);
}

/* Nothing says that all there is was found; that something is missing is known when a plugin's part was lost. */
static void write_compositions(stella_json_writer *w, const stella_bom *bom) {
    int is_incomplete = 0;
    for (uint32_t i = 0; i < bom->errors.count; i++)
        is_incomplete |= STELLA_AT(bom->errors, stella_bom_error, i)->lost != 0;
    stella_json_member_array(w, "compositions");
    stella_json_begin_object(w);
    stella_json_member_str(w, "aggregate", is_incomplete ? STELLA_SV("incomplete") : STELLA_SV("unknown"));
    stella_json_member_array(w, "assemblies");
    stella_json_write_str(w, STELLA_SV(DOCUMENT_ROOT));
    stella_json_end_array(w);
    stella_json_end_object(w);
    stella_json_end_array(w);
}

void document_write(stella_json_writer *w, const document *d) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "$schema", STELLA_SV("http://cyclonedx.org/schema/bom-1.7.schema.json"));
    stella_json_member_str(w, "bomFormat", STELLA_SV("CycloneDX"));
    stella_json_member_str(w, "specVersion", STELLA_SV("1.7"));
    stella_json_member_opt(w, "serialNumber", d->serial);
    stella_json_member_u64(w, "version", 1);
    write_metadata(w, d);
    stella_json_member_array(w, "components");
    for (uint32_t i = 0; i < d->bom->components.count; i++)
        component_write(w, d->bom, STELLA_AT(d->bom->components, stella_bom_component, i));
    stella_json_end_array(w);
    write_dependencies(w, d->bom);
    write_compositions(w, d->bom);
    stella_json_end_object(w);
}
