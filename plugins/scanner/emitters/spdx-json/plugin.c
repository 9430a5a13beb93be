/* The emitter of SPDX 2.3 JSON (README.md). */
#include "spdx/package.h"

#include <stella/emitter.h>
#include <stella/json.h>

#include <stdio.h>

#define INDENT 2

static void write_creator(stella_json_writer *w, stella_bom_pair tool) {
    char text[512];
    const int len = snprintf(text, sizeof text, "Tool: %.*s%s%.*s", STELLA_SV_FMT(stella_sv_first(tool.name, 240)),
                             tool.value.len ? "-" : "", STELLA_SV_FMT(stella_sv_first(tool.value, 240)));
    stella_json_write_str(w, stella_sv_of(text, (size_t)len));
}

static void write_creation(stella_json_writer *w, const spdx_document *d) {
    stella_json_member_object(w, "creationInfo");
    stella_json_member_str(w, "created", stella_sv_cstr(d->created));
    stella_json_member_array(w, "creators");
    for (uint32_t i = 0; i <= d->bom->plugins.count; i++)
        write_creator(w, spdx_tool(d->bom, i));
    stella_json_end_array(w);
    stella_json_member_str(w, "licenseListVersion", spdx_short_list_version(d));
    stella_json_end_object(w);
}

/* "Organization: NAME (ADDRESS)" */
static void write_actor(stella_json_writer *w, const char *key, const spdx_actor *actor) {
    char text[1024];
    if (actor->name.len == 0)
        return;
    const int len = snprintf(text, sizeof text, "%s: %.*s%s%.*s%s", actor->is_person ? "Person" : "Organization",
                             STELLA_SV_FMT(stella_sv_first(actor->name, 480)), actor->address.len ? " (" : "",
                             STELLA_SV_FMT(stella_sv_first(actor->address, 480)), actor->address.len ? ")" : "");
    stella_json_member_str(w, key, stella_sv_of(text, (size_t)len));
}

static void write_reference(stella_json_writer *w, const char *category, const char *type, stella_sv locator) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "referenceCategory", stella_sv_cstr(category));
    stella_json_member_str(w, "referenceType", stella_sv_cstr(type));
    stella_json_member_str(w, "referenceLocator", locator);
    stella_json_end_object(w);
}

static void write_references(stella_json_writer *w, const spdx_package *p) {
    uint32_t at = 0;
    stella_sv cpe;
    int has_cpe = spdx_package_cpe(p, &at, &cpe);
    if (!has_cpe && p->purl.len == 0)
        return;
    stella_json_member_array(w, "externalRefs");
    if (p->purl.len)
        write_reference(w, "PACKAGE-MANAGER", "purl", p->purl);
    for (; has_cpe; has_cpe = spdx_package_cpe(p, &at, &cpe))
        write_reference(w, "SECURITY", "cpe23Type", cpe);
    stella_json_end_array(w);
}

static void write_checksum(stella_json_writer *w, stella_sv sha256) {
    if (sha256.len == 0)
        return;
    stella_json_member_array(w, "checksums");
    stella_json_begin_object(w);
    stella_json_member_str(w, "algorithm", STELLA_SV("SHA256"));
    stella_json_member_str(w, "checksumValue", sha256);
    stella_json_end_object(w);
    stella_json_end_array(w);
}

static stella_sv or_no_assertion(stella_sv text) {
    return text.len ? text : STELLA_SV(SPDX_NO_ASSERTION);
}

static void write_package(stella_json_writer *w, const spdx_package *p) {
    static const char *const purposes[SPDX_PURPOSES] = {
        "APPLICATION", "FRAMEWORK", "LIBRARY", "CONTAINER", "OPERATING_SYSTEM", "DEVICE", "FIRMWARE", "FILE", "OTHER"};
    stella_json_begin_object(w);
    stella_json_member_str(w, "SPDXID", p->id);
    stella_json_member_str(w, "name", p->name);
    stella_json_member_opt(w, "versionInfo", p->version);
    if (p->supplier.name.len)
        write_actor(w, "supplier", &p->supplier);
    else
        stella_json_member_str(w, "supplier", STELLA_SV(SPDX_NO_ASSERTION));
    write_actor(w, "originator", &p->originator);
    stella_json_member_str(w, "downloadLocation", STELLA_SV(SPDX_NO_ASSERTION));
    stella_json_member_bool(w, "filesAnalyzed", 0);
    write_checksum(w, p->sha256);
    stella_json_member_opt(w, "homepage", p->homepage);
    stella_json_member_opt(w, "sourceInfo", p->source_info);
    stella_json_member_str(w, "licenseConcluded", STELLA_SV(SPDX_NO_ASSERTION));
    stella_json_member_str(w, "licenseDeclared", or_no_assertion(p->declared));
    stella_json_member_str(w, "copyrightText", STELLA_SV(SPDX_NO_ASSERTION));
    stella_json_member_opt(w, "description", p->description);
    stella_json_member_opt(w, "comment", p->comment);
    write_references(w, p);
    stella_json_member_str(w, "primaryPackagePurpose", stella_sv_cstr(purposes[p->purpose]));
    stella_json_end_object(w);
}

static stella_status write_packages(stella_json_writer *w, spdx_document *d, stella_error *err) {
    spdx_package package;
    stella_status status = spdx_package_of(d, STELLA_BOM_ROOT, &package, err);
    stella_json_member_array(w, "packages");
    if (status == STELLA_OK)
        write_package(w, &package);
    for (uint32_t i = 0; i < d->bom->components.count && status == STELLA_OK; i++) {
        status = spdx_package_of(d, i, &package, err);
        if (status == STELLA_OK)
            write_package(w, &package);
    }
    stella_json_end_array(w);
    return status;
}

/* The words behind a free name are all there is of its text. */
static void write_licenses(stella_json_writer *w, const spdx_texts *refs) {
    if (refs->count == 0)
        return;
    stella_json_member_array(w, "hasExtractedLicensingInfos");
    for (uint32_t i = 0; i < refs->count; i++) {
        const spdx_text *ref = &refs->items[i];
        stella_json_begin_object(w);
        stella_json_member_str(w, "licenseId", ref->text);
        stella_json_member_str(w, "extractedText", or_no_assertion(ref->value));
        stella_json_member_opt(w, "name", ref->value);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_relation(stella_json_writer *w, stella_sv from, stella_sv type, stella_sv to, stella_sv comment) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "spdxElementId", from);
    stella_json_member_str(w, "relationshipType", type);
    stella_json_member_str(w, "relatedSpdxElement", to);
    stella_json_member_opt(w, "comment", comment);
    stella_json_end_object(w);
}

static stella_status write_relations(stella_json_writer *w, spdx_document *d, stella_error *err) {
    stella_json_member_array(w, "relationships");
    write_relation(w, STELLA_SV("SPDXRef-DOCUMENT"), STELLA_SV("DESCRIBES"), spdx_package_id(d, STELLA_BOM_ROOT),
                   STELLA_SV(""));
    for (uint32_t i = 0; i < d->bom->relations.count; i++) {
        const spdx_relation r = spdx_relation_of(STELLA_AT(d->bom->relations, stella_bom_relation, i));
        stella_arena_reset(d->scratch);
        const stella_sv from = spdx_package_id(d, r.from), to = spdx_package_id(d, r.to);
        if (!from.ptr || !to.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an id");
        write_relation(w, from, r.type, to, r.comment);
    }
    stella_json_end_array(w);
    return STELLA_OK;
}

static stella_status write(spdx_document *d, const stella_sink *sink, stella_error *err) {
    stella_json_writer w;
    stella_json_writer_init(&w, sink, d->namespace_.len ? INDENT : 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "spdxVersion", STELLA_SV("SPDX-2.3"));
    stella_json_member_str(&w, "dataLicense", STELLA_SV("CC0-1.0"));
    stella_json_member_str(&w, "SPDXID", STELLA_SV("SPDXRef-DOCUMENT"));
    stella_json_member_str(&w, "name", d->name);
    stella_json_member_opt(&w, "documentNamespace", d->namespace_);
    write_creation(&w, d);
    stella_json_member_opt(&w, "comment", spdx_document_comment(d));
    stella_status status = write_packages(&w, d, err);
    if (status != STELLA_OK)
        return status;
    write_licenses(&w, &d->licenses.refs);
    status = write_relations(&w, d, err);
    if (status != STELLA_OK)
        return status;
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    return spdx_emit(bom, out, write, err);
}

static const char *const versions[] = {"2.3", NULL};

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "spdx-json",
                                       .media_type = "application/spdx+json",
                                       .emit = emit,
                                       .versions = versions};

STELLA_PLUGIN("org.stella-ops.emitter.spdx-json", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
