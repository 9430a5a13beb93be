#include "component.h"

#include "common/text.h"
#include "document.h"

#include <stella/component.h>
#include <stella/spdx.h>

#include <stdio.h>

/* The component types of the schema; what is none of them is a library. */
static stella_sv type_of(stella_sv kind) {
    static const stella_sv types[] = {
        STELLA_SV_INIT("application"),
        STELLA_SV_INIT("framework"),
        STELLA_SV_INIT("library"),
        STELLA_SV_INIT("container"),
        STELLA_SV_INIT("platform"),
        STELLA_SV_INIT("operating-system"),
        STELLA_SV_INIT("device"),
        STELLA_SV_INIT("device-driver"),
        STELLA_SV_INIT("firmware"),
        STELLA_SV_INIT("file"),
        STELLA_SV_INIT("data"),
        STELLA_SV_INIT("machine-learning-model"),
        STELLA_SV_INIT("cryptographic-asset"),
    };
    for (uint32_t i = 0; i < STELLA_COUNT(types); i++)
        if (stella_sv_eq(kind, types[i]))
            return kind;
    return STELLA_SV("library");
}

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
static void write_supplier(stella_json_writer *w, const stella_bom_component *c) {
    const stella_sv name =
        c->vendor.len ? c->vendor : stella_sv_trim(stella_sv_first(c->maintainer, stella_sv_find(c->maintainer, '<')));
    if (name.len) {
        stella_json_member_object(w, "supplier");
        stella_json_member_str(w, "name", name);
        stella_json_end_object(w);
    }
    stella_json_member_opt(w, "publisher", c->maintainer);
}

/* The id as the schema of 1.7 takes it. Its list is closed: licenses that SPDX has added since are expressions there.
 */
static stella_sv schema_id(stella_sv text) {
    static const stella_sv newer[] = {
        STELLA_SV_INIT("Brian-Gladman-3-Clause-no-conversion"),
        STELLA_SV_INIT("Bugroff"),
        STELLA_SV_INIT("CC-BY-NC-3.0-IGO"),
        STELLA_SV_INIT("Google-Patent-WebM"),
        STELLA_SV_INIT("Informatica"),
        STELLA_SV_INIT("MVT-1.1"),
        STELLA_SV_INIT("atc-game"),
    };
    const stella_sv id = stella_spdx_license(text);
    for (uint32_t i = 0; id.ptr && i < STELLA_COUNT(newer); i++)
        if (stella_sv_eq(id, newer[i]))
            return (stella_sv){0};
    return id;
}

static void write_license(stella_json_writer *w, const stella_bom_license *license) {
    const int is_expression = license->how == STELLA_LICENSE_EXPRESSION;
    const stella_sv id = is_expression ? schema_id(license->text) : (stella_sv){0};
    stella_json_begin_object(w);
    if (is_expression && !id.ptr) {
        stella_json_member_str(w, "expression", license->text);
    } else {
        stella_json_member_object(w, "license");
        stella_json_member_str(w, id.ptr ? "id" : "name", id.ptr ? id : license->text);
        stella_json_end_object(w);
    }
    stella_json_end_object(w);
}

/* One entry for each license: 1.7 allows identifiers, expressions and names side by side. */
static void write_licenses(stella_json_writer *w, const stella_bom_component *c) {
    if (c->licenses.count == 0)
        return;
    stella_json_member_array(w, "licenses");
    for (uint32_t i = 0; i < c->licenses.count; i++)
        write_license(w, STELLA_AT(c->licenses, stella_bom_license, i));
    stella_json_end_array(w);
}

static void write_website(stella_json_writer *w, const stella_bom_component *c) {
    if (!text_is_web_address(c->homepage))
        return;
    stella_json_member_array(w, "externalReferences");
    stella_json_begin_object(w);
    stella_json_member_str(w, "type", STELLA_SV("website"));
    stella_json_member_str(w, "url", c->homepage);
    stella_json_end_object(w);
    stella_json_end_array(w);
}

static stella_sv technique_of(stella_sv method) {
    if (stella_sv_eq(method, STELLA_SV("binary")))
        return STELLA_SV("binary-analysis");
    if (stella_sv_eq(method, STELLA_SV("package-database")) || stella_sv_eq(method, STELLA_SV("lockfile")) ||
        stella_sv_eq(method, STELLA_SV("metadata")))
        return STELLA_SV("manifest-analysis");
    return STELLA_SV("other");
}

static void write_identity(stella_json_writer *w, const stella_bom_component *c) {
    stella_json_member_array(w, "identity");
    stella_json_begin_object(w);
    stella_json_member_str(w, "field", c->purl.len ? STELLA_SV("purl") : STELLA_SV("name"));
    stella_json_member_str(w, "concludedValue", c->purl.len ? c->purl : c->name);
    stella_json_member_array(w, "methods");
    for (uint32_t i = 0; i < c->evidence.count; i++) {
        const stella_bom_evidence *e = STELLA_AT(c->evidence, stella_bom_evidence, i);
        stella_json_begin_object(w);
        stella_json_member_str(w, "technique", technique_of(e->method));
        stella_json_member_u64(w, "confidence", 1); /* it stands there in so many words; likelihoods are not invented */
        stella_json_member_str(w, "value", e->path);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
    stella_json_end_object(w);
    stella_json_end_array(w);
}

static void write_occurrences(stella_json_writer *w, const stella_bom *bom, const stella_bom_component *c) {
    stella_json_member_array(w, "occurrences");
    for (uint32_t i = 0; i < c->evidence.count; i++) {
        const stella_bom_evidence *e = STELLA_AT(c->evidence, stella_bom_evidence, i);
        stella_json_begin_object(w);
        stella_json_member_str(w, "location", e->path);
        if (e->line)
            stella_json_member_u64(w, "line", e->line);
        if (e->layer < bom->layers.count)
            stella_json_member_opt(w, "additionalContext", STELLA_AT(bom->layers, stella_bom_layer, e->layer)->digest);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_evidence(stella_json_writer *w, const stella_bom *bom, const stella_bom_component *c) {
    if (c->evidence.count == 0)
        return;
    stella_json_member_object(w, "evidence");
    write_identity(w, c);
    write_occurrences(w, bom, c);
    stella_json_end_object(w);
}

static void write_number(stella_json_writer *w, const char *name, uint32_t value) {
    char text[16];
    const int len = snprintf(text, sizeof text, "%u", value);
    document_property(w, stella_sv_cstr(name), stella_sv_of(text, (size_t)len));
}

static void write_layer_properties(stella_json_writer *w, const stella_bom *bom, const stella_bom_component *c) {
    write_number(w, "stella:introduced:layer", c->introduced);
    if (c->introduced < bom->layers.count)
        document_property(w, STELLA_SV("stella:introduced:digest"),
                          STELLA_AT(bom->layers, stella_bom_layer, c->introduced)->digest);
    for (uint32_t i = 0; i < c->layers.count; i++)
        write_number(w, "stella:layer", *STELLA_AT(c->layers, uint32_t, i));
}

/* An analyzer's own properties, "dpkg:section", below our name. */
static void write_own_property(stella_json_writer *w, const stella_bom_pair *pair) {
    char name[256];
    const int len = snprintf(name, sizeof name, "stella:%.*s", STELLA_SV_FMT(stella_sv_first(pair->name, 200)));
    document_property(w, stella_sv_of(name, (size_t)len), pair->value);
}

static void write_properties(stella_json_writer *w, const stella_bom *bom, const stella_bom_component *c) {
    stella_json_member_array(w, "properties");
    write_layer_properties(w, bom, c);
    document_property(w, STELLA_SV("stella:source:name"), c->source_name);
    document_property(w, STELLA_SV("stella:source:version"), c->source_version);
    document_property(w, STELLA_SV("stella:architecture"), c->architecture);
    if (c->flags & STELLA_COMPONENT_DECLARED)
        document_property(w, STELLA_SV("stella:declared"), STELLA_SV("true"));
    if (!text_is_cpe(c->cpe))
        document_property(w, STELLA_SV("stella:cpe"), c->cpe);
    if (!text_is_web_address(c->homepage))
        document_property(w, STELLA_SV("stella:homepage"), c->homepage);
    if (c->files.count)
        write_number(w, "stella:files", c->files.count);
    for (uint32_t i = 0; i < c->properties.count; i++)
        write_own_property(w, STELLA_AT(c->properties, stella_bom_pair, i));
    stella_json_end_array(w);
}

void component_write(stella_json_writer *w, const stella_bom *bom, const stella_bom_component *c) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "type", type_of(c->kind));
    stella_json_member_str(w, "bom-ref", c->ref);
    write_supplier(w, c);
    if (has_group(c->type))
        stella_json_member_opt(w, "group", c->namespace_);
    stella_json_member_str(w, "name", c->name);
    stella_json_member_opt(w, "version", c->version);
    stella_json_member_opt(w, "description", c->description);
    if (c->flags & STELLA_COMPONENT_DEV)
        stella_json_member_str(w, "scope", STELLA_SV("excluded"));
    write_licenses(w, c);
    if (text_is_cpe(c->cpe))
        stella_json_member_str(w, "cpe", c->cpe);
    stella_json_member_opt(w, "purl", c->purl);
    write_website(w, c);
    write_evidence(w, bom, c);
    write_properties(w, bom, c);
    stella_json_end_object(w);
}
