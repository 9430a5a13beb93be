/* probe.c - the probe step: every file that meets an interest, of every layer. */
#include "run.h"

#define CHUNK_MAX (1u << 20)

typedef struct probing {
    stella_probe base; /* first: what the plugin sees */
    run *run;
    const tree_entry *entry;
    uint32_t entry_index;
    uint64_t at;
} probing;

static stella_status probe_read(stella_probe *base, stella_sv *chunk, stella_error *err) {
    probing *p = (probing *)base;
    const uint64_t wanted = p->run->options->chunk_bytes;
    const stella_interest *interest = tree_interest_at(p->run->analyzer, base->file->interest);
    *chunk = stella_sv_first(stella_sv_skip(p->entry->bytes, p->at), wanted && wanted < CHUNK_MAX ? wanted : CHUNK_MAX);
    p->at += chunk->len;
    if (interest->max_bytes && p->at > interest->max_bytes)
        return stella_error_at(err, STELLA_E_LIMIT, p->entry->path, "the file is longer than the interest's max_bytes");
    return STELLA_OK;
}

/* The lowest interest met that asks for the whole file (and, when told so, names companions); NULL: none does. */
static const stella_interest *seeking(const probing *p, int with_companions) {
    const stella_analyzer *a = p->run->analyzer;
    for (uint32_t i = 0; i < a->interest_count; i++) {
        const stella_interest *interest = tree_interest_at(a, i);
        const int names = a->interest_stride >= sizeof *interest && interest->companions != NULL;
        if ((interest->mode & STELLA_SEEK) && (names || !with_companions) && tree_meets(a, p->entry, i))
            return interest;
    }
    return NULL;
}

static stella_status check_size(const stella_interest *interest, const tree_entry *e, stella_error *err) {
    if (interest->max_bytes && e->size > interest->max_bytes)
        return stella_error_at(err, STELLA_E_LIMIT, e->path, "the file is longer than the interest's max_bytes");
    return STELLA_OK;
}

static stella_status probe_content(stella_probe *base, stella_sv *out, stella_error *err) {
    const probing *p = (const probing *)base;
    const stella_interest *interest = seeking(p, 0);
    if (!interest)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "the interest does not ask for the whole file");
    const stella_status status = check_size(interest, p->entry, err);
    if (status == STELLA_OK)
        *out = p->entry->bytes;
    return status;
}

/* The word at that position; empty: there is none. */
static stella_sv suffix_at(const char *companions, uint32_t position) {
    stella_sv rest = stella_sv_cstr(companions), word;
    while (stella_sv_split(&rest, ' ', &word))
        if (word.len && position-- == 0)
            return word;
    return STELLA_SV("");
}

static stella_status probe_companion(stella_probe *base, uint32_t position, stella_sv *out, stella_error *err) {
    const probing *p = (const probing *)base;
    const stella_interest *interest = seeking(p, 1);
    const stella_sv suffix = interest ? suffix_at(interest->companions, position) : STELLA_SV("");
    if (suffix.len == 0)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "the interest names no companion %u", position);
    stella_status status = check_size(interest, p->entry, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv path =
        stella_arena_printf(p->run->arena, "%.*s%.*s", STELLA_SV_FMT(p->entry->path), STELLA_SV_FMT(suffix));
    tree_entry *e = path.ptr ? tree_in_layer(&p->run->tree, path, p->entry->layer) : NULL;
    if (!e)
        return stella_error_at(err, STELLA_E_NOTFOUND, path, "this layer has no such file");
    status = check_size(interest, e, err);
    if (status == STELLA_OK)
        status = tree_read(e, err);
    if (status == STELLA_OK)
        *out = e->bytes;
    return status;
}

static stella_status probe_record(stella_probe *base, const stella_record *record, stella_error *err) {
    probing *p = (probing *)base;
    if (record->kind.len == 0 || record->kind.len > 64 || record->key.len > 4096 || record->bytes.len > 16u << 20)
        run_problem(p->run, "a record of %.100s has no kind or is too large", p->entry->name);
    static const uint32_t only[] = {0}; /* of a tree of one layer */
    stella_record *r = run_push(p->run, &p->run->records, sizeof *r);
    uint32_t *index = run_push(p->run, &p->run->probed, sizeof *index);
    if (!r || !index)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for records");
    *r = (stella_record){.struct_size = sizeof *r,
                         .layer = p->entry->layer,
                         .interest = base->file->interest,
                         .kind = run_copy(p->run, record->kind),
                         .key = run_copy(p->run, record->key),
                         .bytes = run_copy(p->run, record->bytes),
                         .path = p->entry->path,
                         .layers = only,
                         .layer_count = STELLA_COUNT(only)};
    *index = p->entry_index;
    return STELLA_OK;
}

static void add_note(run *r, const tree_entry *e, uint32_t severity, uint32_t line, stella_sv message) {
    run_note *note = run_push(r, &r->notes, sizeof *note);
    if (note)
        *note = (run_note){.path = e->path, .message = run_copy(r, message), .severity = severity, .line = line};
}

static void probe_note(stella_probe *base, uint32_t severity, uint32_t line, stella_sv message) {
    const probing *p = (const probing *)base;
    if (tree_is_visible(p->entry, TREE_VISIBLE - 1)) /* as in a result: notes on files that are still there */
        add_note(p->run, p->entry, severity, line, message);
}

const stella_probe_ops run_probe_ops = {.head = STELLA_HEAD(stella_probe_ops),
                                        .read = probe_read,
                                        .record = probe_record,
                                        .note = probe_note,
                                        .content = probe_content,
                                        .companion = probe_companion};

static stella_status probe_entry(run *r, uint32_t index, uint32_t interest, stella_arena *arena, stella_error *err) {
    tree_entry *e = &r->tree.entries[index];
    stella_file file = STELLA_FILE_INIT;
    stella_status status = tree_read(e, err);
    if (status != STELLA_OK)
        return status;
    tree_fill(e, &file);
    file.interest = interest;
    file.bytes = (stella_sv){0};
    probing p = {.base = {.head = STELLA_HEAD(stella_probe),
                          .ops = &run_probe_ops,
                          .file = &file,
                          .arena = arena,
                          .options = run_options(r->options)},
                 .run = r,
                 .entry = e,
                 .entry_index = index};
    stella_error lost = {0};
    const uint32_t records = r->records.count;
    status = r->analyzer->probe(r->instance, &p.base, &lost);
    if (status != STELLA_OK) { /* as in a result: the file's records are lost, the rest stands */
        r->starved_probes += status == STELLA_E_NOMEM ? 1 : 0;
        r->records.count = r->probed.count = records;
        probe_note(&p.base, STELLA_NOTE_ERROR, 0, stella_sv_cstr(lost.message));
    }
    return STELLA_OK;
}

/* Whether the view that ends with the layer has a record of this kind and key. */
static int is_present(const run *r, const stella_record *wanted, uint32_t layer) {
    const stella_record *records = r->records.at;
    const uint32_t *probed = r->probed.at;
    for (uint32_t i = 0; i < r->records.count; i++) {
        const tree_entry *e = &r->tree.entries[probed[i]];
        if (tree_is_visible(e, layer) && stella_sv_eq(records[i].kind, wanted->kind) &&
            stella_sv_eq(records[i].key, wanted->key))
            return 1;
    }
    return 0;
}

/* Whether a file of that very layer has a record of this kind and key. */
static int is_held_by(const run *r, const stella_record *wanted, uint32_t layer) {
    const stella_record *records = r->records.at;
    for (uint32_t i = 0; i < r->records.count; i++)
        if (records[i].layer == layer && stella_sv_eq(records[i].kind, wanted->kind) &&
            stella_sv_eq(records[i].key, wanted->key))
            return 1;
    return 0;
}

static stella_status set_layers_of(run *r, stella_record *record, stella_error *err) {
    const uint32_t layer_count = r->options->layer_count;
    uint32_t *layers = stella_arena_alloc(r->arena, layer_count, sizeof *layers), layer = layer_count - 1;
    if (!layers)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for records");
    while (layer > 0 && is_present(r, record, layer - 1))
        layer--;
    record->introduced = layer;
    record->layers = layers;
    record->layer_count = 0;
    for (; layer < layer_count; layer++)
        if (is_held_by(r, record, layer))
            layers[record->layer_count++] = layer;
    return STELLA_OK;
}

static stella_status set_layers(run *r, stella_error *err) {
    stella_record *records = r->records.at;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && r->options->layer_count > 1 && i < r->records.count; i++)
        status = set_layers_of(r, &records[i], err);
    return status;
}

stella_status run_probes(run *r, stella_arena *plugin_arena, stella_error *err) {
    for (uint32_t i = 0; i < r->tree.count; i++) {
        const int32_t keep = tree_interest(r->analyzer, &r->tree.entries[i], STELLA_KEEP);
        const int32_t probe = tree_interest(r->analyzer, &r->tree.entries[i], STELLA_PROBE);
        stella_status status = STELLA_OK;
        if (keep >= 0) {
            const uint64_t max = tree_interest_at(r->analyzer, (uint32_t)keep)->max_bytes;
            r->tree.entries[i].is_kept = r->tree.entries[i].size <= (max ? max : 16u << 20);
            if (r->tree.entries[i].is_kept)
                status = tree_read(&r->tree.entries[i], err);
            else
                add_note(r, &r->tree.entries[i], STELLA_NOTE_ERROR, 0, STELLA_SV("larger than the interest allows"));
        }
        if (status == STELLA_OK && probe >= 0 && !r->analyzer->probe)
            run_problem(r, "an interest asks for probe, and there is none");
        else if (status == STELLA_OK && probe >= 0)
            status = probe_entry(r, i, (uint32_t)tree_interest(r->analyzer, &r->tree.entries[i], 3), plugin_arena, err);
        if (status != STELLA_OK)
            return status;
    }
    return set_layers(r, err);
}
