/* The rules of SPDX 3.0 (the official model) for packages, relationships, licenses and agents: what must be there, of
 * which kind, words of the closed vocabularies that we know all of, and references that lead somewhere. Elements of
 * other types are looked at for their id and creation alone. */
#include "check.h"

#include "common/check.h"
#include "common/facts.h"

#include <stella/spdx.h>

#define SHOWN 80u

static stella_sv text(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static void check_hash(check *c, const stella_json *hash) {
    if (stella_json_is(stella_json_get(hash, "hashValue"), STELLA_JSON_STRING))
        check_digest(c, hash, text(hash, "algorithm"), text(hash, "hashValue"));
}

static void check_identifier(check *c, const stella_json *identifier) {
    const stella_json *value = stella_json_get(identifier, "identifier");
    if (value && stella_sv_eq(text(identifier, "externalIdentifierType"), STELLA_SV("packageUrl")))
        check_purl(c, value);
    if (value && stella_sv_eq(text(identifier, "externalIdentifierType"), STELLA_SV("cpe23")))
        check_cpe(c, value);
}

/* An element of this document, or one of the model's own individuals. What the document says that it imports is
 * gathered with its own. */
static void check_reference(check *c, const stella_json *value) {
    const stella_sv id = stella_json_str(value);
    if (id.len && !check_has_id(c, id) && !stella_sv_starts(id, STELLA_SV("https://spdx.org/rdf/")) &&
        !stella_sv_starts(id, STELLA_SV("http://spdx.org/licenses/")) &&
        !stella_sv_starts(id, STELLA_SV("https://spdx.org/licenses/")) && !stella_sv_starts(id, STELLA_SV("_:")))
        check_say(c, value, "nothing has the spdxId \"%.*s\"", STELLA_SV_FMT(stella_sv_first(id, SHOWN)));
}

static void check_time(check *c, const stella_json *value) {
    const stella_sv time = stella_json_str(value);
    const int is_first = stella_sv_eq(time, STELLA_SV("1970-01-01T00:00:00Z"));
    if (!is_first && (time.len != 20 || time.ptr[10] != 'T' || time.ptr[19] != 'Z' || facts_time(time) < 0))
        check_say(c, value, "not a time as 2026-01-31T12:00:00Z");
}

static void check_spec(check *c, const stella_json *value) {
    if (!stella_sv_starts(stella_json_str(value), STELLA_SV("3.")))
        check_say(c, value, "not a version of SPDX 3");
}

static void check_targets(check *c, const stella_json *relation) {
    const stella_json *to = stella_json_get(relation, "to");
    if (stella_json_is(to, STELLA_JSON_ARRAY) && to->count == 0)
        check_say(c, to, "a relationship leads to at least one element");
}

static const char *const purposes[] = {
    "application", "archive",         "bom",       "configuration",   "container", "data",
    "device",      "deviceDriver",    "diskImage", "documentation",   "evidence",  "executable",
    "file",        "filesystemImage", "firmware",  "framework",       "install",   "library",
    "manifest",    "model",           "module",    "operatingSystem", "other",     "patch",
    "platform",    "requirement",     "source",    "specification",   "test",      NULL};
static const char *const identifier_types[] = {"cpe22",      "cpe23",         "cve",   "email", "gitoid",    "other",
                                               "packageUrl", "securityOther", "swhid", "swid",  "urlScheme", NULL};

static const check_rule hash_rules[] = {
    {.key = "algorithm", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
    {.key = "hashValue", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
};
static const check_shape hash_shape = CHECK_SHAPE(hash_rules);

static const check_rule identifier_rules[] = {
    {.key = "externalIdentifierType", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .words = identifier_types},
    {.key = "identifier", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
};
static const check_shape identifier_shape = CHECK_SHAPE(identifier_rules);

static const check_rule element_rules[] = {
    {.key = "spdxId", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
    {.key = "creationInfo", .kind = CHECK_ANY, .flags = CHECK_REQUIRED, .also = check_reference},
    {.key = "name", .kind = CHECK_TEXT},
    {.key = "description", .kind = CHECK_TEXT},
    {.key = "comment", .kind = CHECK_TEXT},
    {.key = "externalIdentifier", .kind = CHECK_LIST, .of = &identifier_shape, .also = check_identifier},
};
static const check_shape element_shape = CHECK_SHAPE(element_rules);

static const check_rule creation_rules[] = {
    {.key = "specVersion", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_spec},
    {.key = "created", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_time},
    {.key = "createdBy", .kind = CHECK_LIST, .flags = CHECK_REQUIRED, .also = check_reference},
    {.key = "createdUsing", .kind = CHECK_LIST, .also = check_reference},
};
static const check_shape creation_shape = CHECK_SHAPE(creation_rules);

static const check_rule package_rules[] = {
    {.key = "name", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
    {.key = "software_packageVersion", .kind = CHECK_TEXT},
    {.key = "software_packageUrl", .kind = CHECK_TEXT, .also = check_purl},
    {.key = "software_homePage", .kind = CHECK_TEXT},
    {.key = "software_downloadLocation", .kind = CHECK_TEXT},
    {.key = "software_sourceInfo", .kind = CHECK_TEXT},
    {.key = "software_copyrightText", .kind = CHECK_TEXT},
    {.key = "software_primaryPurpose", .kind = CHECK_TEXT, .words = purposes},
    {.key = "suppliedBy", .kind = CHECK_ANY, .also = check_reference},
    {.key = "originatedBy", .kind = CHECK_LIST, .also = check_reference},
    {.key = "verifiedUsing", .kind = CHECK_LIST, .of = &hash_shape, .also = check_hash},
};
static const check_shape package_shape = CHECK_SHAPE(package_rules);

static const check_rule relation_rules[] = {
    {.key = "from", .kind = CHECK_ANY, .flags = CHECK_REQUIRED, .also = check_reference},
    {.key = "to", .kind = CHECK_LIST, .flags = CHECK_REQUIRED, .also = check_reference},
    {.key = "relationshipType", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
};
static const check_shape relation_shape = CHECK_SHAPE(relation_rules);

static const check_rule license_rules[] = {
    {.key = "simplelicensing_licenseExpression", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED, .also = check_expression},
};
static const check_shape license_shape = CHECK_SHAPE(license_rules);

static const check_rule license_text_rules[] = {
    {.key = "simplelicensing_licenseText", .kind = CHECK_TEXT, .flags = CHECK_REQUIRED},
};
static const check_shape license_text_shape = CHECK_SHAPE(license_text_rules);

static const check_rule collection_rules[] = {
    {.key = "rootElement", .kind = CHECK_LIST, .flags = CHECK_REQUIRED, .also = check_reference},
    {.key = "element", .kind = CHECK_LIST, .also = check_reference},
    {.key = "profileConformance", .kind = CHECK_TEXTS},
};
static const check_shape collection_shape = CHECK_SHAPE(collection_rules);

static const check_shape *shape_of(stella_sv type) {
    static const struct {
        stella_sv type;
        const check_shape *shape;
    } shapes[] = {{STELLA_SV_INIT("software_Package"), &package_shape},
                  {STELLA_SV_INIT("Relationship"), &relation_shape},
                  {STELLA_SV_INIT("LifecycleScopedRelationship"), &relation_shape},
                  {STELLA_SV_INIT("simplelicensing_LicenseExpression"), &license_shape},
                  {STELLA_SV_INIT("simplelicensing_SimpleLicensingText"), &license_text_shape},
                  {STELLA_SV_INIT("SpdxDocument"), &collection_shape},
                  {STELLA_SV_INIT("software_Sbom"), &collection_shape}};
    for (uint32_t i = 0; i < STELLA_COUNT(shapes); i++)
        if (stella_sv_eq(type, shapes[i].type))
            return shapes[i].shape;
    return NULL;
}

static void check_element(check *c, const stella_json *element) {
    const stella_sv type = text(element, "type");
    const check_shape *shape = shape_of(type);
    if (!stella_json_is(element, STELLA_JSON_OBJECT) || type.len == 0) {
        check_say(c, element, "not an object with a type");
        return;
    }
    if (stella_sv_eq(type, STELLA_SV("CreationInfo"))) {
        check_object(c, element, &creation_shape);
    } else {
        check_object(c, element, &element_shape);
        if (shape)
            check_object(c, element, shape);
        if (shape == &relation_shape)
            check_targets(c, element);
    }
}

static uint32_t count_of(const stella_json *graph, const char *type) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < graph->count; i++)
        count += stella_sv_eq(text(stella_json_at(graph, i), "type"), stella_sv_cstr(type));
    return count;
}

stella_status spdx3_check(stella_reading *reading, const stella_json *root, stella_error *err) {
    const stella_json *graph = stella_json_get(root, "@graph");
    check c = {.reading = reading};
    check_format(reading, "SPDX 3, JSON");
    if (!stella_json_is(graph, STELLA_JSON_ARRAY)) {
        check_say(&c, root, "\"@graph\" is no list of elements");
        return STELLA_OK;
    }
    check_ids(&c, root, "spdxId");
    check_more_ids(&c, root, "externalSpdxId");
    if (count_of(graph, "SpdxDocument") != 1)
        check_say(&c, graph, "%u elements of type SpdxDocument; there must be one", count_of(graph, "SpdxDocument"));
    for (uint32_t i = 0; i < graph->count; i++) {
        const size_t outer = check_enter(&c, STELLA_SV("@graph")), inner = check_enter_at(&c, i);
        check_element(&c, stella_json_at(graph, i));
        check_leave(&c, inner);
        check_leave(&c, outer);
    }
    return check_finish(&c, err);
}
