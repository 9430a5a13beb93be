/* The analyzer of what Bitnami put into an image (README.md). */
#include "common/documents.h"

#include <stella/auto.h>
#include <stella/purl.h>

#define DOCUMENT_BYTES_MAX (16u << 20)
#define PURL_ARENA_MAX     (1u << 20)

enum { SPDX, COMPONENTS };

static const stella_interest interests[] = {
    [SPDX] = {.mode = STELLA_KEEP, .dir = "opt/bitnami", .suffix = ".spdx", .max_bytes = DOCUMENT_BYTES_MAX},
    [COMPONENTS] = {.mode = STELLA_KEEP, .name = ".bitnami_components.json", .max_bytes = DOCUMENT_BYTES_MAX},
};

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

/* ---- .spdx-NAME.spdx: an SPDX document in JSON ----------------------------------------------------------------------
 */

/* The locator of the package's reference of that type; empty when it has none. */
static stella_sv reference_of(const stella_json *package, stella_sv type) {
    const stella_json *list = stella_json_get(package, "externalRefs"), *item;
    for (uint32_t i = 0; (item = stella_json_at(list, i)); i++)
        if (stella_sv_eq(text_of(item, "referenceType"), type))
            return text_of(item, "referenceLocator");
    return STELLA_SV("");
}

static stella_status add_license(stella_component *c, const stella_json *package, stella_error *err) {
    static const char *const fields[] = {"licenseConcluded", "licenseDeclared"};
    for (uint32_t i = 0; i < STELLA_COUNT(fields); i++) {
        const stella_sv text = text_of(package, fields[i]);
        if (text.len && !stella_sv_eq(text, STELLA_SV("NOASSERTION")) && !stella_sv_eq(text, STELLA_SV("NONE")))
            return entry_license(c, text, err);
    }
    return STELLA_OK;
}

/* Packages of other types are named for completeness; the analyzers of their ecosystems find what is there. */
static stella_status take_package(stella_analysis *job, const stella_file *file, const stella_json *package,
                                  stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    stella_purl purl;
    const stella_status ready = entry_scratch(PURL_ARENA_MAX, &scratch, err);
    if (ready != STELLA_OK)
        return ready;
    if (stella_purl_parse(reference_of(package, STELLA_SV("purl")), scratch, &purl, NULL) != STELLA_OK ||
        !stella_sv_eq(purl.type, STELLA_SV("bitnami")))
        return STELLA_OK;
    const entry e = {.type = STELLA_SV("bitnami"),
                     .name = purl.name,
                     .version = purl.version,
                     .line = package->line,
                     .method = "metadata"};
    stella_component *c = entry_add(job, file, &e);
    if (!c)
        return STELLA_OK;
    for (uint32_t i = 0; i < purl.qualifier_count; i++)
        if (stella_sv_eq(purl.qualifiers[i].key, STELLA_SV("arch")))
            entry_qualifier(c, "arch", purl.qualifiers[i].value);
        else if (stella_sv_eq(purl.qualifiers[i].key, STELLA_SV("distro")))
            entry_qualifier(c, "distro", purl.qualifiers[i].value);
    stella_component_set(c, STELLA_FIELD_CPE, reference_of(package, STELLA_SV("cpe23Type")));
    stella_component_set(c, STELLA_FIELD_VENDOR, STELLA_SV("Bitnami"));
    return add_license(c, package, err);
}

static stella_status take_spdx(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    const stella_json *list = stella_json_get(root, "packages"), *package;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && (package = stella_json_at(list, i)); i++)
        status = take_package(self, file, package, err);
    return status;
}

/* ---- .bitnami_components.json of older images -----------------------------------------------------------------------
 */

static stella_status take_components(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    (void)err;
    for (uint32_t i = 0; stella_json_is(root, STELLA_JSON_OBJECT) && i < root->count; i++) {
        const stella_json *item = &root->members[i].value;
        const entry e = {.type = STELLA_SV("bitnami"),
                         .name = root->members[i].key,
                         .version = text_of(item, "version"),
                         .line = item->line,
                         .method = "metadata"};
        stella_component *c = e.version.len ? entry_add(self, file, &e) : NULL;
        if (!c)
            continue;
        entry_qualifier(c, "arch", text_of(item, "arch"));
        entry_qualifier(c, "distro", text_of(item, "distro"));
        stella_component_set(c, STELLA_FIELD_VENDOR, STELLA_SV("Bitnami"));
    }
    return STELLA_OK;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    const stella_status status = documents_read(job, SPDX, stella_json_parse, take_spdx, job, err);
    return status == STELLA_OK ? documents_read(job, COMPONENTS, stella_json_parse, take_components, job, err) : status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.bitnami", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
