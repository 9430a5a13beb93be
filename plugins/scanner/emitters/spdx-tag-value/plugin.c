/* The emitter of SPDX 2.3 tag-value (README.md). */
#include "spdx-tag-value/lines.h"
#include "spdx/package.h"

#include <stella/emitter.h>

#include <stella/auto.h>

static void write_creator(lines *l, stella_bom_pair tool) {
    lines_begin(l, "Creator");
    lines_add(l, STELLA_SV("Tool: "));
    lines_add(l, tool.name);
    lines_add(l, tool.value.len ? STELLA_SV("-") : STELLA_SV(""));
    lines_add(l, tool.value);
    lines_end(l);
}

static void write_heading(lines *l, spdx_document *d) {
    lines_write(l, "SPDXVersion", STELLA_SV("SPDX-2.3"));
    lines_write(l, "DataLicense", STELLA_SV("CC0-1.0"));
    lines_write(l, "SPDXID", STELLA_SV("SPDXRef-DOCUMENT"));
    lines_write(l, "DocumentName", d->name);
    lines_write(l, "DocumentNamespace", d->namespace_);
    lines_write_text(l, "DocumentComment", spdx_document_comment(d));
    lines_write(l, "LicenseListVersion", spdx_short_list_version(d));
    for (uint32_t i = 0; i <= d->bom->plugins.count; i++)
        write_creator(l, spdx_tool(d->bom, i));
    lines_write(l, "Created", stella_sv_cstr(d->created));
}

/* "Organization: NAME (ADDRESS)" */
static void write_actor(lines *l, const char *tag, const spdx_actor *actor) {
    if (actor->name.len == 0)
        return;
    lines_begin(l, tag);
    lines_add(l, actor->is_person ? STELLA_SV("Person: ") : STELLA_SV("Organization: "));
    lines_add(l, actor->name);
    if (actor->address.len) {
        lines_add(l, STELLA_SV(" ("));
        lines_add(l, actor->address);
        lines_add(l, STELLA_SV(")"));
    }
    lines_end(l);
}

static void write_reference(lines *l, const char *category_and_type, stella_sv locator) {
    lines_begin(l, "ExternalRef");
    lines_add(l, stella_sv_cstr(category_and_type));
    lines_add(l, STELLA_SV(" "));
    lines_add(l, locator);
    lines_end(l);
}

static void write_references(lines *l, const spdx_package *p) {
    stella_sv cpe;
    if (p->purl.len)
        write_reference(l, "PACKAGE-MANAGER purl", p->purl);
    for (uint32_t at = 0; spdx_package_cpe(p, &at, &cpe);)
        write_reference(l, "SECURITY cpe23Type", cpe);
}

static stella_sv or_no_assertion(stella_sv text) {
    return text.len ? text : STELLA_SV(SPDX_NO_ASSERTION);
}

static void write_checksum(lines *l, stella_sv sha256) {
    if (sha256.len == 0)
        return;
    lines_begin(l, "PackageChecksum");
    lines_add(l, STELLA_SV("SHA256: "));
    lines_add(l, sha256);
    lines_end(l);
}

static void write_package(lines *l, const spdx_package *p) {
    static const char *const purposes[SPDX_PURPOSES] = {
        "APPLICATION", "FRAMEWORK", "LIBRARY", "CONTAINER", "OPERATING-SYSTEM", "DEVICE", "FIRMWARE", "FILE", "OTHER"};
    lines_title(l, "Package");
    lines_write(l, "PackageName", p->name);
    lines_write(l, "SPDXID", p->id);
    lines_write(l, "PackageVersion", p->version);
    if (p->supplier.name.len)
        write_actor(l, "PackageSupplier", &p->supplier);
    else
        lines_write(l, "PackageSupplier", STELLA_SV(SPDX_NO_ASSERTION));
    write_actor(l, "PackageOriginator", &p->originator);
    lines_write(l, "PackageDownloadLocation", STELLA_SV(SPDX_NO_ASSERTION));
    lines_write(l, "PrimaryPackagePurpose", stella_sv_cstr(purposes[p->purpose]));
    lines_write(l, "FilesAnalyzed", STELLA_SV("false"));
    write_checksum(l, p->sha256);
    lines_write(l, "PackageHomePage", p->homepage);
    lines_write_text(l, "PackageSourceInfo", p->source_info);
    lines_write(l, "PackageLicenseConcluded", STELLA_SV(SPDX_NO_ASSERTION));
    lines_write(l, "PackageLicenseDeclared", or_no_assertion(p->declared));
    lines_write(l, "PackageCopyrightText", STELLA_SV(SPDX_NO_ASSERTION));
    lines_write_text(l, "PackageDescription", p->description);
    lines_write_text(l, "PackageComment", p->comment);
    write_references(l, p);
}

static stella_status write_packages(lines *l, spdx_document *d, stella_error *err) {
    spdx_package package;
    stella_status status = spdx_package_of(d, STELLA_BOM_ROOT, &package, err);
    if (status == STELLA_OK)
        write_package(l, &package);
    for (uint32_t i = 0; i < d->bom->components.count && status == STELLA_OK; i++) {
        status = spdx_package_of(d, i, &package, err);
        if (status == STELLA_OK)
            write_package(l, &package);
    }
    return status;
}

/* The words behind a free name are all there is of its text. */
static void write_licenses(lines *l, const spdx_texts *refs) {
    for (uint32_t i = 0; i < refs->count; i++) {
        lines_title(l, "License");
        lines_write(l, "LicenseID", refs->items[i].text);
        lines_write_text(l, "ExtractedText", or_no_assertion(refs->items[i].value));
        lines_write(l, "LicenseName", or_no_assertion(refs->items[i].value));
    }
}

static void write_relation(lines *l, stella_sv from, stella_sv type, stella_sv to, stella_sv comment) {
    lines_begin(l, "Relationship");
    lines_add(l, from);
    lines_add(l, STELLA_SV(" "));
    lines_add(l, type);
    lines_add(l, STELLA_SV(" "));
    lines_add(l, to);
    lines_end(l);
    lines_write_text(l, "RelationshipComment", comment);
}

static stella_status write_relations(lines *l, spdx_document *d, stella_error *err) {
    lines_title(l, "Relationships");
    write_relation(l, STELLA_SV("SPDXRef-DOCUMENT"), STELLA_SV("DESCRIBES"), spdx_package_id(d, STELLA_BOM_ROOT),
                   STELLA_SV(""));
    for (uint32_t i = 0; i < d->bom->relations.count; i++) {
        const spdx_relation r = spdx_relation_of(STELLA_AT(d->bom->relations, stella_bom_relation, i));
        stella_arena_reset(d->scratch);
        const stella_sv from = spdx_package_id(d, r.from), to = spdx_package_id(d, r.to);
        if (!from.ptr || !to.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an id");
        write_relation(l, from, r.type, to, r.comment);
    }
    return STELLA_OK;
}

static stella_status write(spdx_document *d, const stella_sink *sink, stella_error *err) {
    STELLA_AUTO(lines_fini) lines l = lines_of(sink);
    write_heading(&l, d);
    stella_status status = write_packages(&l, d, err);
    if (status == STELLA_OK) {
        write_licenses(&l, &d->licenses.refs);
        status = write_relations(&l, d, err);
    }
    return status == STELLA_OK ? lines_finish(&l, err) : status;
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    return spdx_emit(bom, out, write, err);
}

static const char *const versions[] = {"2.3", NULL};

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "spdx-tag-value",
                                       .media_type = "text/spdx",
                                       .emit = emit,
                                       .versions = versions};

STELLA_PLUGIN("org.stella-ops.emitter.spdx-tag-value", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
