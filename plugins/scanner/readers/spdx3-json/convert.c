#include "convert.h"

#include "common/shape.h"

#include <stdlib.h>

/* What is known of a name: an element by its id, or a declared license by the id of its package. */
typedef struct entry {
    stella_sv name;
    const stella_json *value;
} entry;

typedef struct entries {
    entry *items;
    uint32_t count;
} entries;

typedef struct graph {
    const stella_json *items;
    stella_arena *arena;
    entries elements, licenses;
    shapes shapes;
} graph;

static stella_sv text(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static int is(stella_sv text_, const char *word) {
    return stella_sv_eq(text_, stella_sv_cstr(word));
}

/* ---- looking up ---- */

static int by_name(const void *left, const void *right) {
    return stella_sv_cmp(((const entry *)left)->name, ((const entry *)right)->name);
}

static const stella_json *find(const entries *e, stella_sv name) {
    const entry key = {.name = name};
    const entry *found = e->count && name.len ? bsearch(&key, e->items, e->count, sizeof key, by_name) : NULL;
    return found ? found->value : NULL;
}

static stella_sv id_of(const stella_json *element) {
    const stella_sv id = text(element, "spdxId");
    return id.len ? id : text(element, "@id");
}

/* What a property refers to: by id, or written out in its place. */
static const stella_json *target(const graph *g, const stella_json *value) {
    return stella_json_is(value, STELLA_JSON_OBJECT) ? value : find(&g->elements, stella_json_str(value));
}

/* The first of a list, or the one that stands alone. */
static const stella_json *first(const stella_json *value) {
    return stella_json_is(value, STELLA_JSON_ARRAY) ? stella_json_at(value, 0) : value;
}

static int is_relation(const stella_json *element, const char *type) {
    const stella_sv class = text(element, "type");
    return (is(class, "Relationship") || is(class, "LifecycleScopedRelationship")) &&
           is(text(element, "relationshipType"), type);
}

static stella_status index_all(graph *g, stella_error *err) {
    g->elements.items = stella_arena_alloc(g->arena, g->items->count, sizeof *g->elements.items);
    g->licenses.items = stella_arena_alloc(g->arena, g->items->count, sizeof *g->licenses.items);
    if (!g->elements.items || !g->licenses.items)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u elements", g->items->count);
    for (uint32_t i = 0; i < g->items->count; i++) {
        const stella_json *element = stella_json_at(g->items, i);
        const stella_sv id = id_of(element), from = text(element, "from");
        if (id.len)
            g->elements.items[g->elements.count++] = (entry){.name = id, .value = element};
        if (from.len && is_relation(element, "hasDeclaredLicense"))
            g->licenses.items[g->licenses.count++] = (entry){.name = from, .value = element};
    }
    if (g->elements.count)
        qsort(g->elements.items, g->elements.count, sizeof(entry), by_name);
    if (g->licenses.count)
        qsort(g->licenses.items, g->licenses.count, sizeof(entry), by_name);
    return STELLA_OK;
}

/* ---- packages ---- */

static void put(graph *g, shape *object, const char *key, stella_sv value, const stella_json *from) {
    if (value.len)
        shape_text(&g->shapes, object, stella_sv_cstr(key), value, from->line);
}

static void copy(graph *g, shape *object, const char *key, const stella_json *from, const char *member) {
    put(g, object, key, text(from, member), from);
}

static shape *append(graph *g, shape *object, const char *key, const stella_json *from) {
    shape *list = shape_get_or_begin(&g->shapes, object, stella_sv_cstr(key), STELLA_JSON_ARRAY, from->line);
    return list ? shape_begin(&g->shapes, list, STELLA_SV(""), STELLA_JSON_OBJECT, from->line) : NULL;
}

static stella_sv identifier(const stella_json *element, const char *type) {
    const stella_json *list = stella_json_get(element, "externalIdentifier");
    for (uint32_t i = 0; stella_json_is(list, STELLA_JSON_ARRAY) && i < list->count; i++)
        if (is(text(stella_json_at(list, i), "externalIdentifierType"), type))
            return text(stella_json_at(list, i), "identifier");
    return STELLA_SV("");
}

static void put_reference(graph *g, shape *package, const char *type, stella_sv locator, const stella_json *from) {
    if (locator.len == 0)
        return;
    shape *made = append(g, package, "externalRefs", from);
    put(g, made, "referenceType", stella_sv_cstr(type), from);
    put(g, made, "referenceLocator", locator, from);
}

/* "Person: NAME (ADDRESS)" */
static void put_agent(graph *g, shape *package, const char *key, const stella_json *agent) {
    const stella_sv name = text(agent, "name"), address = identifier(agent, "email");
    if (name.len == 0)
        return;
    const stella_sv who = stella_arena_printf(
        g->arena, "%s: %.*s%s%.*s%s", is(text(agent, "type"), "Person") ? "Person" : "Organization",
        STELLA_SV_FMT(name), address.len ? " (" : "", STELLA_SV_FMT(address), address.len ? ")" : "");
    g->shapes.is_short |= !who.ptr;
    put(g, package, key, who, agent);
}

static stella_sv purpose_of(stella_sv purpose) {
    static const struct {
        const char *from;
        stella_sv to;
    } purposes[] = {
        {"application", STELLA_SV_INIT("APPLICATION")}, {"framework", STELLA_SV_INIT("FRAMEWORK")},
        {"library", STELLA_SV_INIT("LIBRARY")},         {"container", STELLA_SV_INIT("CONTAINER")},
        {"device", STELLA_SV_INIT("DEVICE")},           {"operatingSystem", STELLA_SV_INIT("OPERATING-SYSTEM")},
        {"firmware", STELLA_SV_INIT("FIRMWARE")},       {"file", STELLA_SV_INIT("FILE")}};
    for (size_t i = 0; i < STELLA_COUNT(purposes); i++)
        if (is(purpose, purposes[i].from))
            return purposes[i].to;
    return STELLA_SV("");
}

static void put_license(graph *g, shape *package, stella_sv id) {
    const stella_json *relation = find(&g->licenses, id);
    const stella_json *license = target(g, first(stella_json_get(relation, "to")));
    if (license)
        copy(g, package, "licenseDeclared", license, "simplelicensing_licenseExpression");
}

static void put_package(graph *g, shape *root, const stella_json *p) {
    shape *made = append(g, root, "packages", p);
    const stella_sv purl = text(p, "software_packageUrl");
    put(g, made, "SPDXID", id_of(p), p);
    copy(g, made, "name", p, "name");
    copy(g, made, "versionInfo", p, "software_packageVersion");
    put_agent(g, made, "supplier", target(g, stella_json_get(p, "suppliedBy")));
    put_agent(g, made, "originator", target(g, first(stella_json_get(p, "originatedBy"))));
    put(g, made, "primaryPackagePurpose", purpose_of(text(p, "software_primaryPurpose")), p);
    copy(g, made, "homepage", p, "software_homePage");
    copy(g, made, "sourceInfo", p, "software_sourceInfo");
    copy(g, made, "description", p, "description");
    copy(g, made, "comment", p, "comment");
    put_license(g, made, id_of(p));
    put_reference(g, made, "purl", purl.len ? purl : identifier(p, "packageUrl"), p);
    put_reference(g, made, "cpe23Type", identifier(p, "cpe23"), p);
}

/* ---- the others ---- */

/* A text that stands for a license of its own: "LicenseRef-..." is its name. */
static void put_license_text(graph *g, shape *root, const stella_json *license) {
    shape *made = append(g, root, "hasExtractedLicensingInfos", license);
    copy(g, made, "licenseId", license, "name");
    copy(g, made, "extractedText", license, "simplelicensing_licenseText");
    copy(g, made, "name", license, "simplelicensing_licenseText");
}

static void put_relation(graph *g, shape *root, const stella_json *relation) {
    static const struct {
        const char *type, *as, *word;
    } types[] = {{"dependsOn", "DEPENDS_ON", ""},
                 {"hasOptionalDependency", "DEPENDS_ON", ", optional"},
                 {"contains", "CONTAINS", ""},
                 {"hasOptionalComponent", "CONTAINS", ", optional"}};
    const stella_json *to = stella_json_get(relation, "to");
    for (size_t k = 0; k < STELLA_COUNT(types); k++) {
        if (!is_relation(relation, types[k].type))
            continue;
        const stella_sv words =
            stella_arena_printf(g->arena, "%.*s%s%s", STELLA_SV_FMT(text(relation, "comment")), types[k].word,
                                is(text(relation, "scope"), "development") ? ", dev" : "");
        g->shapes.is_short |= !words.ptr;
        for (uint32_t i = 0; stella_json_is(to, STELLA_JSON_ARRAY) && i < to->count; i++) {
            shape *made = append(g, root, "relationships", relation);
            copy(g, made, "spdxElementId", relation, "from");
            put(g, made, "relationshipType", stella_sv_cstr(types[k].as), relation);
            put(g, made, "relatedSpdxElement", stella_json_str(stella_json_at(to, i)), relation);
            put(g, made, "comment", words, relation);
        }
    }
}

static int is_package(const stella_json *element) {
    static const char *const types[] = {"software_Package", "ai_AIPackage", "dataset_DatasetPackage"};
    for (size_t i = 0; i < STELLA_COUNT(types); i++)
        if (is(text(element, "type"), types[i]))
            return 1;
    return 0;
}

/* The packages at the root of the document or of its SBOM are what it is about; two are as good as none. */
static void put_described(graph *g, shape *root, const stella_json *collection) {
    const stella_json *roots = stella_json_get(collection, "rootElement");
    shape *list =
        shape_get_or_begin(&g->shapes, root, STELLA_SV("documentDescribes"), STELLA_JSON_ARRAY, collection->line);
    for (uint32_t i = 0; list && list->count < 2 && stella_json_is(roots, STELLA_JSON_ARRAY) && i < roots->count; i++) {
        const stella_sv id = stella_json_str(stella_json_at(roots, i));
        if (is_package(find(&g->elements, id)) && !(list->first && stella_sv_eq(list->first->text, id)))
            shape_text(&g->shapes, list, STELLA_SV(""), id, collection->line);
    }
}

static void put_document(graph *g, shape *root, const stella_json *document) {
    put_described(g, root, document);
    if (!shape_get(root, STELLA_SV("name")))
        copy(g, root, "name", document, "name");
}

static void put_element(graph *g, shape *root, const stella_json *element) {
    const stella_sv type = text(element, "type");
    if (is_package(element))
        put_package(g, root, element);
    else if (is(type, "simplelicensing_SimpleLicensingText"))
        put_license_text(g, root, element);
    else if (is(type, "software_Sbom"))
        put_described(g, root, element);
    else if (is(type, "SpdxDocument"))
        put_document(g, root, element);
    else
        put_relation(g, root, element);
}

/* Of several times that of the document itself. */
static void put_creation(graph *g, shape *root) {
    const stella_json *info = NULL;
    for (uint32_t i = 0; i < g->items->count && !info; i++)
        if (is(text(stella_json_at(g->items, i), "type"), "SpdxDocument"))
            info = target(g, stella_json_get(stella_json_at(g->items, i), "creationInfo"));
    for (uint32_t i = 0; i < g->items->count && !info; i++)
        if (is(text(stella_json_at(g->items, i), "type"), "CreationInfo"))
            info = stella_json_at(g->items, i);
    if (info)
        copy(g, shape_begin(&g->shapes, root, STELLA_SV("creationInfo"), STELLA_JSON_OBJECT, info->line), "created",
             info, "created");
}

stella_status convert_graph(const stella_json *root, stella_arena *arena, const stella_json **out, stella_error *err) {
    graph g = {.items = stella_json_get(root, "@graph"), .arena = arena, .shapes.arena = arena};
    const stella_json *context = first(stella_json_get(root, "@context"));
    if (!stella_json_is(g.items, STELLA_JSON_ARRAY) ||
        !stella_sv_starts(stella_json_str(context), STELLA_SV("https://spdx.org/rdf/3.")))
        return stella_error_set(err, STELLA_E_FORMAT, "/@context", "not an SPDX 3 document of the official context");
    const stella_status status = index_all(&g, err);
    if (status != STELLA_OK)
        return status;
    shape *made = shape_begin(&g.shapes, NULL, STELLA_SV(""), STELLA_JSON_OBJECT, root->line);
    put_creation(&g, made);
    for (uint32_t i = 0; i < g.items->count; i++)
        put_element(&g, made, stella_json_at(g.items, i));
    return shape_finish(&g.shapes, made, out, err);
}
