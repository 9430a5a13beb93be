#include "component.h"

#include <stdio.h>

void properties_write(xml_writer *w, const stella_bom_pair *properties, uint32_t count) {
    if (count == 0)
        return;
    xml_begin(w, "properties");
    for (uint32_t i = 0; i < count; i++) {
        xml_begin(w, "property");
        xml_attribute(w, "name", properties[i].name);
        xml_text_end(w, properties[i].value);
    }
    xml_end(w);
}

static void write_supplier(xml_writer *w, stella_sv name) {
    if (name.len == 0)
        return;
    xml_begin(w, "supplier");
    xml_element(w, "name", name);
    xml_end(w);
}

static void write_licenses(xml_writer *w, const cdx_component *c) {
    if (c->license_count == 0)
        return;
    xml_begin(w, "licenses");
    for (uint32_t i = 0; i < c->license_count; i++) {
        const cdx_license *license = &c->licenses[i];
        if (license->how == CDX_LICENSE_EXPRESSION) {
            xml_element(w, "expression", license->text);
            continue;
        }
        xml_begin(w, "license");
        xml_element(w, license->how == CDX_LICENSE_ID ? "id" : "name", license->text);
        xml_end(w);
    }
    xml_end(w);
}

static void write_website(xml_writer *w, stella_sv url) {
    if (url.len == 0)
        return;
    xml_begin(w, "externalReferences");
    xml_begin(w, "reference");
    xml_attribute(w, "type", cdx_reference_website.text);
    xml_element(w, "url", url);
    xml_end(w);
    xml_end(w);
}

static void write_identity(xml_writer *w, const cdx_component *c) {
    xml_begin(w, "identity");
    xml_element(w, "field", c->identity_field->text);
    xml_element_opt(w, "concludedValue", c->identity_value);
    xml_begin(w, "methods");
    for (uint32_t i = 0; i < c->method_count; i++) {
        xml_begin(w, "method");
        xml_element(w, "technique", c->methods[i].technique->text);
        xml_element(w, "confidence", STELLA_SV("1"));
        xml_element(w, "value", c->methods[i].value);
        xml_end(w);
    }
    xml_end(w);
    xml_end(w);
}

static void write_occurrence(xml_writer *w, const cdx_occurrence *o) {
    char line[16];
    xml_begin(w, "occurrence");
    xml_element(w, "location", o->location);
    if (o->line)
        xml_element(w, "line", stella_sv_of(line, (size_t)snprintf(line, sizeof line, "%u", o->line)));
    xml_element_opt(w, "additionalContext", o->context);
    xml_end(w);
}

static void write_evidence(xml_writer *w, const cdx_component *c) {
    if (!c->identity_field)
        return;
    xml_begin(w, "evidence");
    write_identity(w, c);
    xml_begin(w, "occurrences");
    for (uint32_t i = 0; i < c->occurrence_count; i++)
        write_occurrence(w, &c->occurrences[i]);
    xml_end(w);
    xml_end(w);
}

void component_write(xml_writer *w, const cdx_component *c) {
    xml_begin(w, "component");
    xml_attribute(w, "type", c->type->text);
    if (c->ref.len)
        xml_attribute(w, "bom-ref", c->ref);
    write_supplier(w, c->supplier);
    xml_element_opt(w, "publisher", c->publisher);
    xml_element_opt(w, "group", c->group);
    xml_element(w, "name", c->name);
    xml_element_opt(w, "version", c->version);
    xml_element_opt(w, "description", c->description);
    if (c->scope)
        xml_element(w, "scope", c->scope->text);
    write_licenses(w, c);
    xml_element_opt(w, "cpe", c->cpe);
    xml_element_opt(w, "purl", c->purl);
    write_website(w, c->website);
    properties_write(w, c->properties, c->property_count);
    write_evidence(w, c);
    xml_end(w);
}
