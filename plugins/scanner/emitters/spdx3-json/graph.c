#include "spdx3-json/graph.h"

#include <stdio.h>

#define ID_PREFIX "SPDXRef-"

stella_sv graph_iri(graph *g, stella_sv name) {
    const stella_sv prefix = STELLA_SV(ID_PREFIX);
    g->iri.len = g->iri_base;
    stella_buf_add(&g->iri, stella_sv_starts(name, prefix) ? stella_sv_skip(name, prefix.len) : name);
    return stella_buf_sv(&g->iri);
}

stella_sv graph_numbered(graph *g, const char *name, uint32_t number) {
    char text[64];
    const int len = snprintf(text, sizeof text, "%s-%u", name, number);
    return graph_iri(g, stella_sv_of(text, (size_t)len));
}

static void begin(graph *g, const char *type, stella_sv iri) {
    stella_json_begin_object(g->w);
    stella_json_member_str(g->w, "type", stella_sv_cstr(type));
    stella_json_member_str(g->w, "spdxId", iri);
    stella_json_member_str(g->w, "creationInfo", STELLA_SV("_:creation"));
}

void graph_begin(graph *g, const char *type, stella_sv name) {
    begin(g, type, graph_iri(g, name));
}

void graph_begin_numbered(graph *g, const char *type, const char *name, uint32_t number) {
    begin(g, type, graph_numbered(g, name, number));
}

/* What a license reference of the expression stands for in this document. */
static void write_references(graph *g, stella_sv expression) {
    const spdx_texts *refs = &g->d->licenses.refs;
    stella_sv ref;
    if (!spdx_licenses_next_ref(&expression, &ref))
        return;
    stella_json_member_array(g->w, "simplelicensing_customIdToUri");
    do {
        stella_json_begin_object(g->w);
        stella_json_member_str(g->w, "type", STELLA_SV("DictionaryEntry"));
        stella_json_member_str(g->w, "key", ref);
        stella_json_member_str(g->w, "value",
                               graph_numbered(g, "LicenseText", (uint32_t)(spdx_texts_find(refs, ref) - refs->items)));
        stella_json_end_object(g->w);
    } while (spdx_licenses_next_ref(&expression, &ref));
    stella_json_end_array(g->w);
}

void graph_licenses(graph *g) {
    const spdx_texts *refs = &g->d->licenses.refs;
    for (uint32_t i = 0; i < g->expressions.count; i++) {
        graph_begin_numbered(g, "simplelicensing_LicenseExpression", "License", i);
        stella_json_member_str(g->w, "simplelicensing_licenseExpression", g->expressions.items[i].text);
        stella_json_member_str(g->w, "simplelicensing_licenseListVersion", g->d->list_version);
        write_references(g, g->expressions.items[i].text);
        stella_json_end_object(g->w);
    }
    for (uint32_t i = 0; i < refs->count; i++) {
        const stella_sv text = refs->items[i].value;
        graph_begin_numbered(g, "simplelicensing_SimpleLicensingText", "LicenseText", i);
        stella_json_member_str(g->w, "name", refs->items[i].text);
        stella_json_member_str(g->w, "simplelicensing_licenseText", text.len ? text : STELLA_SV(SPDX_NO_ASSERTION));
        stella_json_end_object(g->w);
    }
}

void graph_actors(graph *g) {
    for (uint32_t i = 0; i < g->actors.count; i++) {
        const stella_sv key = g->actors.items[i].text, text = stella_sv_skip(key, 1);
        const size_t name_len = stella_sv_find(text, '\0');
        const stella_sv address = stella_sv_skip(text, name_len + 1);
        graph_begin_numbered(g, key.ptr[0] == 'P' ? "Person" : "Organization", "Actor", i);
        stella_json_member_str(g->w, "name", stella_sv_first(text, name_len));
        if (address.len) {
            stella_json_member_array(g->w, "externalIdentifier");
            stella_json_begin_object(g->w);
            stella_json_member_str(g->w, "type", STELLA_SV("ExternalIdentifier"));
            stella_json_member_str(g->w, "externalIdentifierType", STELLA_SV("email"));
            stella_json_member_str(g->w, "identifier", address);
            stella_json_end_object(g->w);
            stella_json_end_array(g->w);
        }
        stella_json_end_object(g->w);
    }
}
