/* analysis.c - the host's side of analyze: files, records, the view, and what the plugin says. */
#include "run.h"

static run *run_of(stella_analysis *job) {
    return (run *)job;
}

static int32_t files_next(stella_analysis *job, stella_files *it, stella_file *out) {
    run *r = run_of(job);
    while (it->position < r->tree.count) {
        const tree_entry *e = &r->tree.entries[it->position++];
        if (!e->is_kept || e->hidden_by != TREE_VISIBLE || !tree_meets(r->analyzer, e, it->interest))
            continue;
        tree_fill(e, out);
        if (out->struct_size >= offsetof(stella_file, interest) + sizeof out->interest)
            out->interest = (uint32_t)tree_interest(r->analyzer, e, 3);
        return 1;
    }
    return 0;
}

static int32_t records_next(stella_analysis *job, stella_records *it, stella_record *out) {
    run *r = run_of(job);
    const stella_record *all = it->published ? r->options->published : r->records.at;
    const uint64_t count = it->published ? r->options->published_count : r->records.count;
    while (it->position < count) {
        const uint64_t i = it->position++;
        const stella_record *record = &all[i];
        if (it->kind.len && !stella_sv_eq(it->kind, record->kind))
            continue;
        if (!it->published && r->tree.entries[((const uint32_t *)r->probed.at)[i]].hidden_by != TREE_VISIBLE)
            continue;
        const uint32_t size = out->struct_size;
        memcpy(out, record, size < sizeof *record ? size : sizeof *record);
        out->struct_size = size;
        return 1;
    }
    return 0;
}

static stella_status view_stat(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    const tree_entry *e = tree_find(&run_of(job)->tree, path);
    if (!e)
        return stella_error_at(err, STELLA_E_NOTFOUND, path, "no such file");
    tree_fill(e, out);
    return STELLA_OK;
}

static stella_status view_read(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    run *r = run_of(job);
    tree_entry *e = tree_find(&r->tree, path);
    if (!e || e->kind != STELLA_FILE_REGULAR)
        return stella_error_at(err, STELLA_E_NOTFOUND, path, "no such file");
    if (e->size > 256u << 20)
        return stella_error_at(err, STELLA_E_LIMIT, path, "larger than 256 MiB");
    const int is_served = e->is_kept || (e->wished && e->wished < r->visit);
    if (!is_served && r->visit == run_visits(r))
        return stella_error_at(err, STELLA_E_LIMIT, path, "wished for after the layers were read again");
    if (!is_served) {
        r->is_pending = 1;
        e->wished = e->wished ? e->wished : r->visit;
        return stella_error_at(err, STELLA_E_PENDING, path, "it comes with the next call");
    }
    const stella_status status = tree_read(e, err);
    tree_entry shown = *e;
    shown.is_kept = 1;
    if (status == STELLA_OK)
        tree_fill(&shown, out);
    return status;
}

static stella_component *component_add(stella_analysis *job, stella_sv type, stella_sv name, stella_sv version,
                                       uint32_t flags) {
    static run_component spare; /* when the run's own memory is spent: never NULL */
    run *r = run_of(job);
    run_component *c = stella_arena_alloc(r->arena, 1, sizeof *c);
    run_component **slot = run_push(r, &r->components, sizeof(run_component *));
    if (type.len == 0 || name.len == 0)
        run_problem(r, "a component without type or name");
    if (!c || !slot) {
        run_problem(r, "too many components for the test's memory");
        c = &spare;
    } else {
        *slot = c;
    }
    *c = (run_component){.base = {.head = STELLA_HEAD(stella_component), .ops = &run_component_ops},
                         .run = r,
                         .type = run_copy(r, type),
                         .name = run_copy(r, name),
                         .version = run_copy(r, version),
                         .flags = flags,
                         .introduced = UINT32_MAX};
    return &c->base;
}

static void relate(stella_analysis *job, stella_component *from, stella_component *to, uint32_t kind, uint32_t flags) {
    run *r = run_of(job);
    run_relation *relation = run_push(r, &r->relations, sizeof *relation);
    if (!from || !to || (kind != STELLA_RELATION_DEPENDS_ON && kind != STELLA_RELATION_CONTAINS))
        run_problem(r, "a relation of an unknown kind, or to nothing");
    else if (relation)
        *relation = (run_relation){
            .from = (const run_component *)from, .to = (const run_component *)to, .kind = kind, .flags = flags};
}

static stella_status publish(stella_analysis *job, const stella_record *record, stella_error *err) {
    run *r = run_of(job);
    stella_record *copy = run_push(r, &r->published, sizeof *copy);
    if (!copy)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for published records");
    if (record->kind.len == 0 || !memchr(record->kind.ptr, '/', record->kind.len))
        run_problem(r, "a published record's kind has no version (\"stella.distro/1\")");
    *copy = (stella_record){.struct_size = sizeof *copy,
                            .kind = run_copy(r, record->kind),
                            .key = run_copy(r, record->key),
                            .bytes = run_copy(r, record->bytes)};
    return STELLA_OK;
}

static void note(stella_analysis *job, uint32_t severity, stella_sv path, uint32_t line, stella_sv message) {
    run *r = run_of(job);
    run_note *n = run_push(r, &r->notes, sizeof *n);
    if (n)
        *n = (run_note){.path = run_copy(r, path), .message = run_copy(r, message), .severity = severity, .line = line};
}

static int32_t cancelled(stella_analysis *job) {
    run *r = run_of(job);
    r->cancel_calls += r->cancel_calls < UINT32_MAX ? 1 : 0;
    return r->options->cancel_call != 0 && r->cancel_calls >= r->options->cancel_call;
}

/* The plugin runs alone: no earlier phase has said whom a file belongs to. */
static int32_t owner_of(stella_analysis *job, stella_sv path, stella_owner *out) {
    (void)job, (void)path, (void)out;
    return 0;
}

static void count(stella_analysis *job, stella_sv name, uint64_t n) {
    run *r = run_of(job);
    run_count *counts = r->counts.at;
    for (uint32_t i = 0; i < r->counts.count; i++)
        if (stella_sv_eq(counts[i].name, name)) {
            counts[i].n += n;
            return;
        }
    run_count *one = run_push(r, &r->counts, sizeof *one);
    if (one)
        *one = (run_count){.name = run_copy(r, name), .n = n};
}

static const stella_trace *trace(stella_analysis *job) {
    return run_trace(run_of(job)->options);
}

static void use(stella_analysis *job, uint32_t node, stella_sv path, stella_sv how, stella_sv via) {
    run *r = run_of(job);
    const stella_trace *t = run_trace(r->options);
    if (!t || node >= t->nodes.count || !path.len || !how.len)
        run_problem(r, "a use by no node of the trace, or of nothing");
    run_use *one = run_push(r, &r->uses, sizeof *one);
    if (one)
        *one = (run_use){.node = node, .path = run_copy(r, path), .how = run_copy(r, how), .via = run_copy(r, via)};
}

/* Whether the entry is in the directory itself. */
static int is_in(const tree_entry *e, stella_sv directory) {
    const size_t skip = directory.len ? directory.len + 1 : 0;
    if (e->hidden_by != TREE_VISIBLE || e->path.len <= skip || !stella_sv_starts(e->path, directory) ||
        (skip && e->path.ptr[directory.len] != '/'))
        return 0;
    return memchr(e->path.ptr + skip, '/', e->path.len - skip) == NULL;
}

static int32_t view_next(stella_analysis *job, stella_sv directory, stella_entries *it, stella_file *out) {
    run *r = run_of(job);
    const stella_sv slashless = stella_launch_path(r->arena, (stella_sv){0}, directory);
    const tree_entry *at = slashless.len ? tree_find(&r->tree, slashless) : NULL;
    if (slashless.len && !at)
        return 0;
    const stella_sv whole = at ? at->path : slashless;
    while (it->position < r->tree.count) {
        const tree_entry *e = &r->tree.entries[it->position++];
        if (!is_in(e, whole))
            continue;
        tree_fill(e, out);
        return 1;
    }
    return 0;
}

const stella_analysis_ops run_analysis_ops = {.head = STELLA_HEAD(stella_analysis_ops),
                                              .files_next = files_next,
                                              .records_next = records_next,
                                              .view_stat = view_stat,
                                              .view_read = view_read,
                                              .component_add = component_add,
                                              .relate = relate,
                                              .publish = publish,
                                              .note = note,
                                              .cancelled = cancelled,
                                              .owner_of = owner_of,
                                              .count = count,
                                              .trace = trace,
                                              .use = use,
                                              .view_next = view_next};

/* ---- components ----------------------------------------------------------------------------------------------------
 */

static run_component *component_of(stella_component *c) {
    return (run_component *)c;
}

static void component_set(stella_component *base, uint32_t field, stella_sv value) {
    run_component *c = component_of(base);
    if (field == 0 || field >= RUN_FIELDS)
        run_problem(c->run, "field %u is unknown", field);
    else
        c->fields[field] = run_copy(c->run, value);
}

static void add_pair(run_component *c, items *list, stella_sv name, stella_sv value) {
    run_pair *pair = run_push(c->run, list, sizeof *pair);
    if (name.len == 0)
        run_problem(c->run, "a property or qualifier without a name");
    if (pair)
        *pair = (run_pair){.name = run_copy(c->run, name), .value = run_copy(c->run, value)};
}

static void component_qualifier(stella_component *c, stella_sv key, stella_sv value) {
    if (value.len)
        add_pair(component_of(c), &component_of(c)->qualifiers, key, value);
}

static void component_property(stella_component *c, stella_sv name, stella_sv value) {
    add_pair(component_of(c), &component_of(c)->properties, name, value);
}

static void component_license(stella_component *base, uint32_t how, stella_sv text) {
    run_component *c = component_of(base);
    const run_license *have = c->licenses.at;
    for (uint32_t i = 0; i < c->licenses.count; i++)
        if (have[i].how == how && stella_sv_eq(have[i].text, text))
            return;
    run_license *license = run_push(c->run, &c->licenses, sizeof *license);
    if (text.len == 0 || (how != STELLA_LICENSE_EXPRESSION && how != STELLA_LICENSE_NAME))
        run_problem(c->run, "a license without text, or of an unknown kind");
    if (license)
        *license = (run_license){.how = how, .text = run_copy(c->run, text)};
}

static void component_evidence(stella_component *base, const stella_file *file, uint32_t line, stella_sv method) {
    run_component *c = component_of(base);
    run_evidence *e = run_push(c->run, &c->evidence, sizeof *e);
    if (file->path.len == 0 || method.len == 0)
        run_problem(c->run, "evidence without a path or a method");
    if (e)
        *e = (run_evidence){.path = run_copy(c->run, file->path),
                            .method = run_copy(c->run, method),
                            .line = line,
                            .layer = file->layer};
}

static void component_owns(stella_component *base, const stella_owned *file) {
    run_component *c = component_of(base);
    stella_owned *owned = run_push(c->run, &c->owned, sizeof *owned);
    if (file->struct_size == 0 || file->path.len == 0 || file->path.ptr[0] == '/')
        run_problem(c->run, "an owned file without size or relative path");
    if ((file->digest.len != 0) != (file->digest_alg.len != 0))
        run_problem(c->run, "an owned file with a digest but no algorithm, or the reverse");
    if (owned)
        *owned = (stella_owned){.struct_size = sizeof *owned,
                                .flags = file->flags,
                                .path = run_copy(c->run, file->path),
                                .digest_alg = run_copy(c->run, file->digest_alg),
                                .digest = run_copy(c->run, file->digest)};
}

static void component_introduced(stella_component *c, uint32_t layer) {
    component_of(c)->introduced = layer;
}

static int has_layer(const run_component *c, uint32_t layer) {
    const uint32_t *have = c->layers.at;
    for (uint32_t i = 0; i < c->layers.count; i++)
        if (have[i] == layer)
            return 1;
    return 0;
}

static void component_layers(stella_component *base, const uint32_t *layers, uint32_t count) {
    run_component *c = component_of(base);
    if (!layers || count == 0)
        run_problem(c->run, "a component's layers without any layer");
    for (uint32_t i = 0; layers && i < count; i++) {
        if (i && layers[i] <= layers[i - 1])
            run_problem(c->run, "a component's layers that are not in ascending order");
        uint32_t *added = has_layer(c, layers[i]) ? NULL : run_push(c->run, &c->layers, sizeof *added);
        if (added)
            *added = layers[i];
        c->introduced = layers[i] < c->introduced ? layers[i] : c->introduced;
    }
}

const stella_component_ops run_component_ops = {.head = STELLA_HEAD(stella_component_ops),
                                                .set = component_set,
                                                .qualifier = component_qualifier,
                                                .license = component_license,
                                                .evidence = component_evidence,
                                                .owns = component_owns,
                                                .property = component_property,
                                                .introduced = component_introduced,
                                                .layers = component_layers};
