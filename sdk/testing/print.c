/* print.c - a run as JSON: sorted, so that it depends on what was said alone. */
#include "run.h"

#include <stella/json.h>
#include <stella/purl.h>

#include <stdlib.h>

static int compare_pairs(const void *x, const void *y) {
    const run_pair *a = x, *b = y;
    const int order = stella_sv_cmp(a->name, b->name);
    return order ? order : stella_sv_cmp(a->value, b->value);
}

static int compare_evidence(const void *x, const void *y) {
    const run_evidence *a = x, *b = y;
    const int order = stella_sv_cmp(a->path, b->path);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static int compare_owned(const void *x, const void *y) {
    return stella_sv_cmp(((const stella_owned *)x)->path, ((const stella_owned *)y)->path);
}

static int compare_layers(const void *x, const void *y) {
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

static int compare_components(const void *x, const void *y) {
    const run_component *a = *(run_component *const *)x, *b = *(run_component *const *)y;
    return stella_sv_cmp(a->ref, b->ref);
}

static int compare_relations(const void *x, const void *y) {
    const run_relation *a = x, *b = y;
    int order = stella_sv_cmp(a->from->ref, b->from->ref);
    order = order ? order : stella_sv_cmp(a->to->ref, b->to->ref);
    return order ? order : (a->kind > b->kind) - (a->kind < b->kind);
}

static void sort(const items *list, size_t size, int (*compare)(const void *, const void *)) {
    if (list->count > 1)
        qsort(list->at, list->count, size, compare);
}

static stella_status set_ref(run *r, run_component *c, stella_error *err) {
    if (c->flags & STELLA_COMPONENT_NO_PURL) {
        c->ref = stella_arena_printf(r->arena, "%.*s:%.*s@%.*s", STELLA_SV_FMT(c->type), STELLA_SV_FMT(c->name),
                                     STELLA_SV_FMT(c->version));
        return STELLA_OK;
    }
    stella_purl purl = {.type = c->type,
                        .namespace_ = c->fields[STELLA_FIELD_NAMESPACE],
                        .name = c->name,
                        .version = c->version,
                        .subpath = c->fields[STELLA_FIELD_SUBPATH]};
    const run_pair *q = c->qualifiers.at;
    for (uint32_t i = 0; i < c->qualifiers.count && i < STELLA_PURL_QUALIFIERS_MAX; i++)
        purl.qualifiers[purl.qualifier_count++] = (stella_purl_qualifier){.key = q[i].name, .value = q[i].value};
    return stella_purl_build(&purl, r->arena, &c->ref, err);
}

static void print_pairs(stella_json_writer *w, const char *key, const items *list) {
    if (list->count == 0)
        return;
    const run_pair *pairs = list->at;
    stella_json_member_array(w, key);
    for (uint32_t i = 0; i < list->count; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "name", pairs[i].name);
        stella_json_member_str(w, "value", pairs[i].value);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void print_licenses(stella_json_writer *w, const items *list) {
    const run_license *licenses = list->at;
    if (list->count == 0)
        return;
    stella_json_member_array(w, "licenses");
    for (uint32_t i = 0; i < list->count; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, licenses[i].how == STELLA_LICENSE_NAME ? "name" : "expression", licenses[i].text);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void print_evidence(stella_json_writer *w, const items *list) {
    const run_evidence *evidence = list->at;
    stella_json_member_array(w, "evidence");
    for (uint32_t i = 0; i < list->count; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "path", evidence[i].path);
        stella_json_member_u64(w, "line", evidence[i].line);
        stella_json_member_u64(w, "layer", evidence[i].layer);
        stella_json_member_str(w, "method", evidence[i].method);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void print_owned(stella_json_writer *w, const items *list) {
    const stella_owned *owned = list->at;
    if (list->count == 0)
        return;
    stella_json_member_array(w, "files");
    for (uint32_t i = 0; i < list->count; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "path", owned[i].path);
        if (owned[i].digest.len) {
            stella_json_key(w, owned[i].digest_alg);
            stella_json_write_str(w, owned[i].digest);
        }
        if (owned[i].flags)
            stella_json_member_u64(w, "flags", owned[i].flags);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

/* Only when there is more to say than which layer introduced it. */
static void print_layers(stella_json_writer *w, const run_component *c) {
    const uint32_t *layers = c->layers.at;
    if (c->layers.count < 2)
        return;
    stella_json_member_array(w, "layers");
    for (uint32_t i = 0; i < c->layers.count; i++)
        stella_json_write_u64(w, layers[i]);
    stella_json_end_array(w);
}

static void print_component(stella_json_writer *w, const run_component *c) {
    static const char *const names[RUN_FIELDS] = {
        NULL,     "namespace",   "subpath",  "kind", "sourceName",   "sourceVersion", "maintainer",
        "vendor", "description", "homepage", "cpe",  "architecture", "installedSize"};
    stella_json_begin_object(w);
    stella_json_member_str(w, "ref", c->ref);
    stella_json_member_str(w, "type", c->type);
    stella_json_member_str(w, "name", c->name);
    stella_json_member_str(w, "version", c->version);
    for (int i = 1; i < RUN_FIELDS; i++)
        stella_json_member_opt(w, names[i], c->fields[i]);
    if (c->flags)
        stella_json_member_u64(w, "flags", c->flags);
    if (c->introduced != UINT32_MAX)
        stella_json_member_u64(w, "introduced", c->introduced);
    print_layers(w, c);
    print_licenses(w, &c->licenses);
    print_evidence(w, &c->evidence);
    print_pairs(w, "properties", &c->properties);
    print_owned(w, &c->owned);
    stella_json_end_object(w);
}

static void print_relations(stella_json_writer *w, const run *r) {
    const run_relation *all = r->relations.at;
    stella_json_member_array(w, "relations");
    for (uint32_t i = 0; i < r->relations.count; i++) {
        if (i > 0 && compare_relations(&all[i], &all[i - 1]) == 0)
            continue;
        stella_json_begin_object(w);
        stella_json_member_str(w, "from", all[i].from->ref);
        stella_json_member_str(w, "to", all[i].to->ref);
        stella_json_member_str(
            w, "kind", all[i].kind == STELLA_RELATION_DEPENDS_ON ? STELLA_SV("depends-on") : STELLA_SV("contains"));
        if (all[i].flags)
            stella_json_member_u64(w, "flags", all[i].flags);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void print_published(stella_json_writer *w, const run *r) {
    const stella_record *records = r->published.at;
    stella_json_member_array(w, "published");
    for (uint32_t i = 0; i < r->published.count; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "kind", records[i].kind);
        stella_json_member_str(w, "key", records[i].key);
        stella_json_member_u64(w, "bytes", records[i].bytes.len);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void print_counts(stella_json_writer *w, const run *r) {
    const run_count *counts = r->counts.at;
    if (!r->counts.count)
        return;
    stella_json_member_object(w, "counts");
    for (uint32_t i = 0; i < r->counts.count; i++) {
        stella_json_key(w, counts[i].name);
        stella_json_write_u64(w, counts[i].n);
    }
    stella_json_end_object(w);
}

void run_print_notes(stella_json_writer *w, const run *r) {
    const run_note *notes = r->notes.at;
    stella_json_member_array(w, "notes");
    for (uint32_t i = 0; i < r->notes.count; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "severity",
                               notes[i].severity == STELLA_NOTE_ERROR ? STELLA_SV("error") : STELLA_SV("info"));
        stella_json_member_str(w, "path", notes[i].path);
        stella_json_member_u64(w, "line", notes[i].line);
        stella_json_member_str(w, "message", notes[i].message);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static int compare_uses(const void *left, const void *right) {
    const run_use *a = left, *b = right;
    int order = (a->node > b->node) - (a->node < b->node);
    if (!order)
        order = stella_sv_cmp(a->path, b->path);
    if (!order)
        order = stella_sv_cmp(a->how, b->how);
    return order ? order : stella_sv_cmp(a->via, b->via);
}

/* Only analyzers that are handed a trace can say any. */
static void print_uses(stella_json_writer *w, run *r) {
    const run_use *uses = r->uses.at;
    if (!run_trace(r->options))
        return;
    sort(&r->uses, sizeof *uses, compare_uses);
    stella_json_member_array(w, "uses");
    for (uint32_t i = 0; i < r->uses.count; i++) {
        stella_json_begin_object(w);
        stella_json_member_u64(w, "node", uses[i].node);
        stella_json_member_str(w, "path", uses[i].path);
        stella_json_member_str(w, "how", uses[i].how);
        stella_json_member_opt(w, "via", uses[i].via);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static stella_status prepare(run *r, stella_error *err) {
    run_component **components = r->components.at;
    for (uint32_t i = 0; i < r->components.count; i++) {
        run_component *c = components[i];
        const stella_status status = set_ref(r, c, err);
        if (status != STELLA_OK)
            return status;
        if (c->evidence.count == 0)
            return stella_error_at(err, STELLA_E_INVALID, c->ref, "a component without evidence");
        sort(&c->properties, sizeof(run_pair), compare_pairs);
        sort(&c->evidence, sizeof(run_evidence), compare_evidence);
        sort(&c->owned, sizeof(stella_owned), compare_owned);
        sort(&c->layers, sizeof(uint32_t), compare_layers);
    }
    sort(&r->components, sizeof(run_component *), compare_components);
    sort(&r->relations, sizeof(run_relation), compare_relations);
    return STELLA_OK;
}

stella_status run_print(run *r, stella_buf *text, stella_error *err) {
    const stella_status status = prepare(r, err);
    if (status != STELLA_OK)
        return status;
    const stella_sink sink = stella_buf_sink(text);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 1);
    stella_json_begin_object(&w);
    stella_json_member_array(&w, "components");
    for (uint32_t i = 0; i < r->components.count; i++)
        print_component(&w, ((run_component **)r->components.at)[i]);
    stella_json_end_array(&w);
    print_relations(&w, r);
    print_published(&w, r);
    run_print_notes(&w, r);
    print_uses(&w, r);
    print_counts(&w, r);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}
