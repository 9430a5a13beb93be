#include "spdx2/spdx2.h"

#include "common/facts.h"
#include "common/refs.h"
#include "common/spdx_terms.h"

#include <stdlib.h>

/* A license that is no SPDX one. */
typedef struct free_license {
    stella_sv id;   /* LicenseRef-... */
    stella_sv name; /* empty when its text is more than a name */
    uint32_t position;
} free_license;

typedef struct document {
    stella_reading *reading;
    const stella_json *root;
    const stella_json *packages, *relations;
    free_license *licenses; /* by id */
    uint32_t license_count;
    stella_sv subject; /* id of the package that the document describes; empty: none, or several */
    refs refs;
    int is_short; /* out of memory for what a comment says */
} document;

static stella_sv text(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static const stella_json *list(const stella_json *object, const char *key) {
    static const stella_json none = {.kind = STELLA_JSON_ARRAY};
    const stella_json *value = stella_json_get(object, key);
    return stella_json_is(value, STELLA_JSON_ARRAY) ? value : &none;
}

/* ---- packages ---- */

static int by_id(const void *left, const void *right) {
    return stella_sv_cmp(((const free_license *)left)->id, ((const free_license *)right)->id);
}

/* By id, and of one id the first of the document. */
static int by_id_and_place(const void *left, const void *right) {
    const free_license *a = left, *b = right;
    const int order = by_id(a, b);
    return order ? order : (a->position > b->position) - (a->position < b->position);
}

static stella_status order_licenses(document *d, const stella_json *extracted, stella_error *err) {
    uint32_t kept = 0;
    d->licenses = stella_arena_alloc(d->reading->job->arena, extracted->count, sizeof *d->licenses);
    if (extracted->count && !d->licenses)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u licenses", extracted->count);
    for (uint32_t i = 0; i < extracted->count; i++) {
        const stella_json *license = stella_json_at(extracted, i);
        const stella_sv name = text(license, "name");
        const int is_name =
            stella_sv_eq(name, text(license, "extractedText")) && !stella_sv_eq(name, STELLA_SV("NOASSERTION"));
        d->licenses[i] =
            (free_license){.id = text(license, "licenseId"), .name = is_name ? name : STELLA_SV(""), .position = i};
    }
    if (extracted->count)
        qsort(d->licenses, extracted->count, sizeof *d->licenses, by_id_and_place);
    for (uint32_t i = 0; i < extracted->count; i++)
        if (kept == 0 || by_id(&d->licenses[kept - 1], &d->licenses[i]) != 0)
            d->licenses[kept++] = d->licenses[i];
    d->license_count = kept;
    return STELLA_OK;
}

/* The text of a LicenseRef- that is nothing but a name. */
static stella_sv free_name(const void *self, stella_sv id) {
    const document *d = self;
    const free_license key = {.id = id};
    if (!d->license_count || !stella_sv_starts(id, STELLA_SV("LicenseRef-")))
        return STELLA_SV("");
    const free_license *found = bsearch(&key, d->licenses, d->license_count, sizeof *d->licenses, by_id);
    return found ? found->name : STELLA_SV("");
}

static stella_sv reference(const stella_json *package, const char *type) {
    const stella_json *references = list(package, "externalRefs");
    for (uint32_t i = 0; i < references->count; i++)
        if (stella_sv_eq(text(stella_json_at(references, i), "referenceType"), stella_sv_cstr(type)))
            return text(stella_json_at(references, i), "referenceLocator");
    return STELLA_SV("");
}

static spdx_facts facts_of(const document *d, const stella_json *package) {
    return spdx_facts_of(text(package, "comment"), d->reading->job->arena);
}

static int is_candidate(document *d, const stella_json *package, stella_sv cpe) {
    spdx_facts it = facts_of(d, package);
    int is = 0;
    for (stella_sv name, value; !is && spdx_next_fact(&it, &name, &value);)
        is = stella_sv_eq(name, STELLA_SV(STELLA_PROPERTY_CPE)) && stella_sv_eq(value, cpe);
    d->is_short |= it.is_short;
    return is;
}

static void state_facts(document *d, stella_component *c, const stella_json *package) {
    const stella_sv cpe = reference(package, "cpe23Type");
    spdx_facts it = facts_of(d, package);
    if (cpe.len && !is_candidate(d, package, cpe))
        stella_component_set(c, STELLA_FIELD_CPE, cpe);
    for (stella_sv name, value; spdx_next_fact(&it, &name, &value);)
        facts_state(c, name, value);
    d->is_short |= it.is_short;
}

static stella_status state(document *d, stella_component *c, const stella_json *package, stella_error *err) {
    stella_arena *arena = d->reading->job->arena;
    stella_component_set(c, STELLA_FIELD_KIND, spdx_kind(text(package, "primaryPackagePurpose")));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, text(package, "description"));
    const stella_sv homepage = text(package, "homepage");
    if (!stella_sv_eq(homepage, STELLA_SV("NOASSERTION")) && !stella_sv_eq(homepage, STELLA_SV("NONE")))
        stella_component_set(c, STELLA_FIELD_HOMEPAGE, homepage);
    spdx_source(c, text(package, "sourceInfo"));
    state_facts(d, c, package);
    spdx_licenses(c, text(package, "licenseDeclared"), free_name, d);
    return spdx_people(c, text(package, "supplier"), text(package, "originator"), arena, err);
}

static stella_status add(document *d, const stella_json *package, stella_error *err) {
    facts f = {0};
    spdx_facts it = facts_of(d, package);
    stella_component *c = NULL;
    for (stella_sv name, value; spdx_next_fact(&it, &name, &value);)
        facts_look(&f, name, value);
    d->is_short |= it.is_short;
    const named n = {.purl = reference(package, "purl"),
                     .name = text(package, "name"),
                     .version = text(package, "versionInfo"),
                     .type = f.type.len ? f.type : spdx_kind(text(package, "primaryPackagePurpose")),
                     .flags = f.flags};
    stella_status status = facts_add(d->reading, &n, &c, err);
    if (status != STELLA_OK || !c)
        return status;
    status = state(d, c, package, err);
    return status == STELLA_OK ? refs_add(&d->refs, text(package, "SPDXID"), c, err) : status;
}

static void relate(const document *d, const stella_json *relation) {
    uint32_t kind, flags;
    int is_turned;
    if (!spdx_relation(text(relation, "relationshipType"), text(relation, "comment"), &kind, &flags, &is_turned))
        return;
    stella_component *from = refs_find(&d->refs, text(relation, "spdxElementId"));
    stella_component *to = refs_find(&d->refs, text(relation, "relatedSpdxElement"));
    if (from && to)
        stella_relate(d->reading->job, is_turned ? to : from, is_turned ? from : to, kind, flags);
}

/* ---- the document ---- */

/* The one package that is described; the subject of an image's SBOM. */
static stella_sv described(const document *d) {
    const stella_json *ids = list(d->root, "documentDescribes");
    stella_sv subject = ids->count == 1 ? stella_json_str(stella_json_at(ids, 0)) : STELLA_SV("");
    uint32_t count = ids->count;
    for (uint32_t i = 0; i < d->relations->count; i++) {
        const stella_json *relation = stella_json_at(d->relations, i);
        const stella_sv id = text(relation, "relatedSpdxElement");
        if (!stella_sv_eq(text(relation, "relationshipType"), STELLA_SV("DESCRIBES")) ||
            (subject.len && stella_sv_eq(id, subject)))
            continue;
        subject = id;
        count++;
    }
    return count == 1 ? subject : STELLA_SV("");
}

static stella_sv distro_of(const document *d, const char *member) {
    for (uint32_t i = 0; i < d->packages->count; i++) {
        const stella_json *package = stella_json_at(d->packages, i);
        if (stella_sv_eq(spdx_kind(text(package, "primaryPackagePurpose")), STELLA_SV("operating-system")) &&
            !stella_sv_eq(text(package, "SPDXID"), d->subject))
            return text(package, member);
    }
    return STELLA_SV("");
}

static void state_subject(document *d) {
    stella_subject s = STELLA_SUBJECT_INIT;
    s.name = text(d->root, "name");
    s.created_ms = facts_time(text(stella_json_get(d->root, "creationInfo"), "created"));
    s.distro_id = distro_of(d, "name");
    s.distro_version = distro_of(d, "versionInfo");
    for (uint32_t i = 0; d->subject.len && i < d->packages->count; i++) {
        const stella_json *package = stella_json_at(d->packages, i);
        if (!stella_sv_eq(text(package, "SPDXID"), d->subject))
            continue;
        s.name = text(package, "name");
        if (stella_sv_eq(text(package, "primaryPackagePurpose"), STELLA_SV("CONTAINER")))
            s.kind = STELLA_SV("image");
        spdx_facts it = facts_of(d, package);
        for (stella_sv name, value; spdx_next_fact(&it, &name, &value);)
            facts_subject(&s, name, value);
        d->is_short |= it.is_short;
    }
    stella_reading_subject(d->reading, &s);
}

stella_status spdx2_read(stella_reading *reading, const stella_json *root, stella_error *err) {
    document d = {.reading = reading,
                  .root = root,
                  .packages = list(root, "packages"),
                  .relations = list(root, "relationships"),
                  .refs.arena = reading->job->arena};
    stella_status status = order_licenses(&d, list(root, "hasExtractedLicensingInfos"), err);
    d.subject = described(&d);
    state_subject(&d);
    for (uint32_t i = 0; i < d.packages->count && status == STELLA_OK; i++) {
        const stella_json *package = stella_json_at(d.packages, i);
        if (!d.subject.len || !stella_sv_eq(text(package, "SPDXID"), d.subject))
            status = add(&d, package, err);
    }
    refs_order(&d.refs);
    for (uint32_t i = 0; i < d.relations->count && status == STELLA_OK; i++)
        relate(&d, stella_json_at(d.relations, i));
    return status == STELLA_OK && d.is_short ? stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a comment")
                                             : status;
}
