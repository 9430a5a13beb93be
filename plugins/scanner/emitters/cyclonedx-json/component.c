#include "component.h"

void properties_write(stella_json_writer *w, const stella_bom_pair *properties, uint32_t count) {
    if (count == 0)
        return;
    stella_json_member_array(w, "properties");
    for (uint32_t i = 0; i < count; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "name", properties[i].name);
        stella_json_member_str(w, "value", properties[i].value);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_supplier(stella_json_writer *w, stella_sv name) {
    if (name.len == 0)
        return;
    stella_json_member_object(w, "supplier");
    stella_json_member_str(w, "name", name);
    stella_json_end_object(w);
}

static void write_license(stella_json_writer *w, const cdx_license *license) {
    stella_json_begin_object(w);
    if (license->how == CDX_LICENSE_EXPRESSION) {
        stella_json_member_str(w, "expression", license->text);
    } else {
        stella_json_member_object(w, "license");
        stella_json_member_str(w, license->how == CDX_LICENSE_ID ? "id" : "name", license->text);
        stella_json_end_object(w);
    }
    stella_json_end_object(w);
}

static void write_licenses(stella_json_writer *w, const cdx_component *c) {
    if (c->license_count == 0)
        return;
    stella_json_member_array(w, "licenses");
    for (uint32_t i = 0; i < c->license_count; i++)
        write_license(w, &c->licenses[i]);
    stella_json_end_array(w);
}

static void write_website(stella_json_writer *w, stella_sv url) {
    if (url.len == 0)
        return;
    stella_json_member_array(w, "externalReferences");
    stella_json_begin_object(w);
    stella_json_member_str(w, "type", cdx_reference_website.text);
    stella_json_member_str(w, "url", url);
    stella_json_end_object(w);
    stella_json_end_array(w);
}

static void write_method(stella_json_writer *w, const cdx_method *method) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "technique", method->technique->text);
    stella_json_member_u64(w, "confidence", 1);
    stella_json_member_str(w, "value", method->value);
    stella_json_end_object(w);
}

/* One object in 1.5, a list of them since. */
static void write_identity(stella_json_writer *w, cdx_version version, const cdx_component *c) {
    stella_json_key(w, STELLA_SV("identity"));
    if (version >= CDX_1_6)
        stella_json_begin_array(w);
    stella_json_begin_object(w);
    stella_json_member_str(w, "field", c->identity_field->text);
    stella_json_member_opt(w, "concludedValue", c->identity_value);
    stella_json_member_array(w, "methods");
    for (uint32_t i = 0; i < c->method_count; i++)
        write_method(w, &c->methods[i]);
    stella_json_end_array(w);
    stella_json_end_object(w);
    if (version >= CDX_1_6)
        stella_json_end_array(w);
}

static void write_occurrence(stella_json_writer *w, const cdx_occurrence *o) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "location", o->location);
    if (o->line)
        stella_json_member_u64(w, "line", o->line);
    stella_json_member_opt(w, "additionalContext", o->context);
    stella_json_end_object(w);
}

static void write_evidence(stella_json_writer *w, cdx_version version, const cdx_component *c) {
    if (!c->identity_field)
        return;
    stella_json_member_object(w, "evidence");
    write_identity(w, version, c);
    stella_json_member_array(w, "occurrences");
    for (uint32_t i = 0; i < c->occurrence_count; i++)
        write_occurrence(w, &c->occurrences[i]);
    stella_json_end_array(w);
    stella_json_end_object(w);
}

void component_write(stella_json_writer *w, cdx_version version, const cdx_component *c) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "type", c->type->text);
    stella_json_member_opt(w, "bom-ref", c->ref);
    write_supplier(w, c->supplier);
    stella_json_member_opt(w, "publisher", c->publisher);
    stella_json_member_opt(w, "group", c->group);
    stella_json_member_str(w, "name", c->name);
    stella_json_member_opt(w, "version", c->version);
    stella_json_member_opt(w, "description", c->description);
    if (c->scope)
        stella_json_member_str(w, "scope", c->scope->text);
    write_licenses(w, c);
    stella_json_member_opt(w, "cpe", c->cpe);
    stella_json_member_opt(w, "purl", c->purl);
    write_website(w, c->website);
    write_evidence(w, version, c);
    properties_write(w, c->properties, c->property_count);
    stella_json_end_object(w);
}
