#include "cyclonedx/cyclonedx.h"

#include "common/facts.h"
#include "common/refs.h"

typedef struct document {
    stella_reading *reading;
    const stella_json *root;
    refs refs;
} document;

static stella_sv text(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

/* "stella:NAME" of the properties, one after the other. */
static int next_fact(const stella_json *object, uint32_t *at, stella_sv *name, stella_sv *value) {
    const stella_json *properties = stella_json_get(object, "properties");
    const stella_sv prefix = STELLA_SV(FACTS_PREFIX);
    while (stella_json_is(properties, STELLA_JSON_ARRAY) && *at < properties->count) {
        const stella_json *property = stella_json_at(properties, (*at)++);
        *name = text(property, "name");
        *value = text(property, "value");
        if (!stella_sv_starts(*name, prefix))
            continue;
        *name = stella_sv_skip(*name, prefix.len);
        return 1;
    }
    return 0;
}

/* ---- components ---- */

static void state_licenses(stella_component *c, const stella_json *licenses) {
    for (uint32_t i = 0; stella_json_is(licenses, STELLA_JSON_ARRAY) && i < licenses->count; i++) {
        const stella_json *entry = stella_json_at(licenses, i), *license = stella_json_get(entry, "license");
        const stella_sv id = text(license, "id"), name = text(license, "name"), expression = text(entry, "expression");
        if (expression.len || id.len)
            stella_component_license(c, STELLA_LICENSE_EXPRESSION, expression.len ? expression : id);
        else if (name.len)
            stella_component_license(c, STELLA_LICENSE_NAME, name);
    }
}

/* Our own documents name the maintainer as supplier when they know no vendor. */
static void state_people(stella_component *c, const stella_json *component) {
    const stella_sv publisher = text(component, "publisher"),
                    supplier = text(stella_json_get(component, "supplier"), "name");
    const stella_sv maintainer = stella_sv_trim(stella_sv_first(publisher, stella_sv_find(publisher, '<')));
    stella_component_set(c, STELLA_FIELD_MAINTAINER, publisher);
    if (!stella_sv_eq(supplier, maintainer))
        stella_component_set(c, STELLA_FIELD_VENDOR, supplier);
}

static void state_website(stella_component *c, const stella_json *references) {
    for (uint32_t i = 0; stella_json_is(references, STELLA_JSON_ARRAY) && i < references->count; i++)
        if (stella_sv_eq(text(stella_json_at(references, i), "type"), STELLA_SV("website")))
            stella_component_set(c, STELLA_FIELD_HOMEPAGE, text(stella_json_at(references, i), "url"));
}

static void state(stella_component *c, const stella_json *component) {
    uint32_t at = 0;
    stella_component_set(c, STELLA_FIELD_KIND, text(component, "type"));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, text(component, "description"));
    stella_component_set(c, STELLA_FIELD_CPE, text(component, "cpe"));
    state_people(c, component);
    state_licenses(c, stella_json_get(component, "licenses"));
    state_website(c, stella_json_get(component, "externalReferences"));
    for (stella_sv name, value; next_fact(component, &at, &name, &value);)
        facts_state(c, name, value);
}

static stella_status add(stella_reading *reading, const stella_json *component, stella_component **out,
                         stella_error *err) {
    facts f = {0};
    uint32_t at = 0;
    for (stella_sv name, value; next_fact(component, &at, &name, &value);)
        facts_look(&f, name, value);
    if (stella_sv_eq(text(component, "scope"), STELLA_SV("excluded")))
        f.flags |= STELLA_COMPONENT_DEV;
    const named n = {.purl = text(component, "purl"),
                     .name = text(component, "name"),
                     .version = text(component, "version"),
                     .type = f.type.len ? f.type : text(component, "type"),
                     .flags = f.flags};
    const stella_status status = facts_add(reading, &n, out, err);
    if (status == STELLA_OK && *out)
        state(*out, component);
    return status;
}

/* A component inside another is contained in it. The depth is that of JSON: STELLA_JSON_DEPTH_MAX. */
static stella_status add_all(document *d, const stella_json *components, stella_component *parent, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; stella_json_is(components, STELLA_JSON_ARRAY) && i < components->count; i++) {
        const stella_json *component = stella_json_at(components, i);
        stella_component *c = NULL;
        status = add(d->reading, component, &c, err);
        if (c && parent)
            stella_relate(d->reading->job, parent, c, STELLA_RELATION_CONTAINS, 0);
        if (c)
            status = refs_add(&d->refs, text(component, "bom-ref"), c, err);
        if (status == STELLA_OK)
            status = add_all(d, stella_json_get(component, "components"), c ? c : parent, err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static void relate(const document *d, const stella_json *dependency) {
    stella_component *from = refs_find(&d->refs, text(dependency, "ref"));
    const stella_json *on = stella_json_get(dependency, "dependsOn");
    for (uint32_t i = 0; from && stella_json_is(on, STELLA_JSON_ARRAY) && i < on->count; i++) {
        stella_component *to = refs_find(&d->refs, stella_json_str(stella_json_at(on, i)));
        if (to)
            stella_relate(d->reading->job, from, to, STELLA_RELATION_DEPENDS_ON, 0);
    }
}

/* ---- the document ---- */

static stella_sv distro_of(const stella_json *components, const char *member) {
    for (uint32_t i = 0; stella_json_is(components, STELLA_JSON_ARRAY) && i < components->count; i++)
        if (stella_sv_eq(text(stella_json_at(components, i), "type"), STELLA_SV("operating-system")))
            return text(stella_json_at(components, i), member);
    return STELLA_SV("");
}

static void state_subject(const document *d) {
    const stella_json *metadata = stella_json_get(d->root, "metadata");
    const stella_json *component = stella_json_get(metadata, "component");
    const stella_json *components = stella_json_get(d->root, "components");
    stella_subject s = STELLA_SUBJECT_INIT;
    uint32_t at = 0;
    s.name = text(component, "name");
    s.created_ms = facts_time(text(metadata, "timestamp"));
    s.distro_id = distro_of(components, "name");
    s.distro_version = distro_of(components, "version");
    if (stella_sv_eq(text(component, "type"), STELLA_SV("container")))
        s.kind = STELLA_SV("image");
    for (stella_sv name, value; next_fact(component, &at, &name, &value);)
        facts_subject(&s, name, value);
    stella_reading_subject(d->reading, &s);
}

stella_status cyclonedx_read(stella_reading *reading, const stella_json *root, stella_error *err) {
    document d = {.reading = reading, .root = root, .refs.arena = reading->job->arena};
    if (!stella_sv_eq(text(d.root, "bomFormat"), STELLA_SV("CycloneDX")))
        return stella_error_set(err, STELLA_E_FORMAT, "/bomFormat", "not a CycloneDX document");
    state_subject(&d);
    const stella_status status = add_all(&d, stella_json_get(d.root, "components"), NULL, err);
    if (status != STELLA_OK)
        return status;
    refs_order(&d.refs);
    const stella_json *dependencies = stella_json_get(d.root, "dependencies");
    for (uint32_t i = 0; stella_json_is(dependencies, STELLA_JSON_ARRAY) && i < dependencies->count; i++)
        relate(&d, stella_json_at(dependencies, i));
    return STELLA_OK;
}
