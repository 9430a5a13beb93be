#include "component.h"

/* Numbers of fields in bom-1.5.proto, bom-1.6.proto and bom-1.7.proto; they are the same in all three. */
enum { PROPERTY_NAME = 1, PROPERTY_VALUE };
enum { ORGANIZATION_NAME = 1 };
enum { CHOICE_LICENSE = 1, CHOICE_EXPRESSION };
enum { LICENSE_ID = 1, LICENSE_NAME };
enum { REFERENCE_TYPE = 1, REFERENCE_URL };
enum { EVIDENCE_IDENTITY = 3, EVIDENCE_OCCURRENCES };
enum { IDENTITY_FIELD = 1, IDENTITY_METHODS = 3, IDENTITY_VALUE = 5 };
enum { METHOD_TECHNIQUE = 1, METHOD_CONFIDENCE, METHOD_VALUE };
enum { OCCURRENCE_LOCATION = 2, OCCURRENCE_LINE, OCCURRENCE_CONTEXT = 6 };
enum {
    COMPONENT_TYPE = 1,
    COMPONENT_REF = 3,
    COMPONENT_SUPPLIER,
    COMPONENT_PUBLISHER = 6,
    COMPONENT_GROUP,
    COMPONENT_NAME,
    COMPONENT_VERSION,
    COMPONENT_DESCRIPTION,
    COMPONENT_SCOPE,
    COMPONENT_LICENSES = 13,
    COMPONENT_CPE = 15,
    COMPONENT_PURL,
    COMPONENT_REFERENCES = 20,
    COMPONENT_PROPERTIES = 22,
    COMPONENT_EVIDENCE
};

void properties_write(wire *w, uint32_t field, const stella_bom_pair *properties, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        wire_begin(w, field);
        wire_text_opt(w, PROPERTY_NAME, properties[i].name);
        wire_text(w, PROPERTY_VALUE, properties[i].value);
        wire_end(w);
    }
}

static void write_supplier(wire *w, stella_sv name) {
    if (name.len == 0)
        return;
    wire_begin(w, COMPONENT_SUPPLIER);
    wire_text(w, ORGANIZATION_NAME, name);
    wire_end(w);
}

static void write_license(wire *w, const cdx_license *license) {
    wire_begin(w, COMPONENT_LICENSES);
    if (license->how == CDX_LICENSE_EXPRESSION) {
        wire_text(w, CHOICE_EXPRESSION, license->text);
    } else {
        wire_begin(w, CHOICE_LICENSE);
        wire_text(w, license->how == CDX_LICENSE_ID ? LICENSE_ID : LICENSE_NAME, license->text);
        wire_end(w);
    }
    wire_end(w);
}

static void write_website(wire *w, stella_sv url) {
    if (url.len == 0)
        return;
    wire_begin(w, COMPONENT_REFERENCES);
    wire_number(w, REFERENCE_TYPE, cdx_reference_website.number);
    wire_text(w, REFERENCE_URL, url);
    wire_end(w);
}

static void write_identity(wire *w, const cdx_component *c) {
    wire_begin(w, EVIDENCE_IDENTITY);
    wire_number(w, IDENTITY_FIELD, c->identity_field->number);
    for (uint32_t i = 0; i < c->method_count; i++) {
        wire_begin(w, IDENTITY_METHODS);
        wire_number(w, METHOD_TECHNIQUE, c->methods[i].technique->number);
        wire_one(w, METHOD_CONFIDENCE);
        wire_text(w, METHOD_VALUE, c->methods[i].value);
        wire_end(w);
    }
    wire_text_opt(w, IDENTITY_VALUE, c->identity_value);
    wire_end(w);
}

static void write_occurrence(wire *w, const cdx_occurrence *o) {
    wire_begin(w, EVIDENCE_OCCURRENCES);
    wire_text_opt(w, OCCURRENCE_LOCATION, o->location);
    if (o->line)
        wire_number(w, OCCURRENCE_LINE, o->line);
    wire_text_opt(w, OCCURRENCE_CONTEXT, o->context);
    wire_end(w);
}

static void write_evidence(wire *w, const cdx_component *c) {
    if (!c->identity_field)
        return;
    wire_begin(w, COMPONENT_EVIDENCE);
    write_identity(w, c);
    for (uint32_t i = 0; i < c->occurrence_count; i++)
        write_occurrence(w, &c->occurrences[i]);
    wire_end(w);
}

void component_write(wire *w, uint32_t field, const cdx_component *c) {
    wire_begin(w, field);
    wire_number(w, COMPONENT_TYPE, c->type->number);
    wire_text_opt(w, COMPONENT_REF, c->ref);
    write_supplier(w, c->supplier);
    wire_text_opt(w, COMPONENT_PUBLISHER, c->publisher);
    wire_text_opt(w, COMPONENT_GROUP, c->group);
    wire_text_opt(w, COMPONENT_NAME, c->name);
    wire_text_opt(w, COMPONENT_VERSION, c->version);
    wire_text_opt(w, COMPONENT_DESCRIPTION, c->description);
    if (c->scope)
        wire_number(w, COMPONENT_SCOPE, c->scope->number);
    for (uint32_t i = 0; i < c->license_count; i++)
        write_license(w, &c->licenses[i]);
    wire_text_opt(w, COMPONENT_CPE, c->cpe);
    wire_text_opt(w, COMPONENT_PURL, c->purl);
    write_website(w, c->website);
    properties_write(w, COMPONENT_PROPERTIES, c->properties, c->property_count);
    write_evidence(w, c);
    wire_end(w);
}
