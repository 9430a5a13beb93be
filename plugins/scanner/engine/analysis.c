#include "analysis.h"

#include "identity.h"

#include <stella/auto.h>

#include <stdarg.h>
#include <stdio.h>

#define COUNTER_NAME_MAX 64u

/* ---- failing ------------------------------------------------------------------------------------------------------
 */

void analysis_fail(analysis *job, stella_status code, const char *what, const char *format, ...) {
    if (job->failed.code != STELLA_OK)
        return;
    char message[sizeof job->failed.message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    stella_error_set(&job->failed, code, what, "%s", message);
}

int analysis_accepts(analysis *job, stella_sv text, const char *what) {
    if (job->failed.code != STELLA_OK)
        return 0;
    if ((text.len && !text.ptr) || text.len > PTRDIFF_MAX)
        analysis_fail(job, STELLA_E_INVALID, what, "a text of %zu bytes at no valid address", text.len);
    return job->failed.code == STELLA_OK;
}

stella_sv analysis_keep(analysis *job, stella_sv text) {
    const stella_sv copy = stella_arena_dup(job->stage->arena, text);
    if (!copy.ptr)
        analysis_fail(job, STELLA_E_NOMEM, NULL, "what it states exceeds the memory it may take");
    return copy;
}

stella_sv analysis_keep_cut(analysis *job, stella_sv text, const char *what) {
    if (text.len > ANALYSIS_TEXT_MAX) {
        char message[128];
        const int len = snprintf(message, sizeof message, "%s of %zu bytes, cut at %u", what, text.len,
                                 (unsigned)ANALYSIS_TEXT_MAX);
        analysis_note(job, STELLA_NOTE_ERROR, STELLA_SV("limit"), (stella_sv){0}, 0,
                      stella_sv_of(message, (size_t)len));
    }
    return analysis_keep(job, stella_sv_first(text, ANALYSIS_TEXT_MAX));
}

void *analysis_append(analysis *job, chain *c, size_t size) {
    void *item = job->failed.code == STELLA_OK ? chain_add(c, job->stage->arena, size) : NULL;
    if (!item)
        analysis_fail(job, STELLA_E_NOMEM, NULL, "what it states exceeds the memory it may take");
    return item;
}

void analysis_note(analysis *job, uint32_t severity, stella_sv code, stella_sv path, uint32_t line, stella_sv message) {
    if (job->failed.code != STELLA_OK || job->stage->notes.count > ANALYSIS_NOTES_MAX)
        return;
    const int is_full = job->stage->notes.count == ANALYSIS_NOTES_MAX;
    stella_bom_error *note = analysis_append(job, &job->stage->notes, sizeof *note);
    if (!note)
        return;
    *note = (stella_bom_error){.plugin = job->stage->plugin,
                               .code = is_full ? STELLA_SV("limit") : analysis_keep(job, code),
                               .severity = is_full ? STELLA_NOTE_ERROR : severity,
                               .layer = -1};
    note->message = is_full ? STELLA_SV("there is more that is not listed")
                            : analysis_keep(job, stella_sv_first(message, ANALYSIS_TEXT_MAX));
    if (is_full)
        return;
    note->path = analysis_keep(job, stella_sv_first(path, ANALYSIS_TEXT_MAX));
    note->line = line;
}

/* ---- iterating ----------------------------------------------------------------------------------------------------
 */

void analysis_fill(void *out, uint32_t out_size, const void *made, size_t made_size) {
    const size_t size = out_size < made_size ? out_size : made_size;
    if (size > sizeof(uint32_t)) /* both begin with struct_size */
        memcpy((char *)out + sizeof(uint32_t), (const char *)made + sizeof(uint32_t), size - sizeof(uint32_t));
}

stella_file analysis_file(const analysis *job, view_entry entry, stella_sv path) {
    pack_row facts;
    view_facts(job->world->view, entry, &facts);
    return (stella_file){.struct_size = sizeof(stella_file),
                         .kind = facts.kind,
                         .type = facts.type,
                         .mode = facts.mode,
                         .layer = entry.layer,
                         .size = facts.size,
                         .path = path,
                         .target = facts.target};
}

static int meets(const kept_file *file, uint32_t interest) {
    for (size_t i = 0; i < file->interests.len; i++)
        if ((unsigned char)file->interests.ptr[i] == interest)
            return 1;
    return 0;
}

static int32_t files_next(stella_analysis *base, stella_files *it, stella_file *out) {
    analysis *job = (analysis *)base;
    if (!it || !out) {
        analysis_fail(job, STELLA_E_INVALID, "files_next", "no iterator, or nowhere to put a file");
        return 0;
    }
    for (; job->failed.code == STELLA_OK && it->position < job->evidence.file_count; it->position++) {
        const kept_file *kept = &job->evidence.files[it->position];
        if (!meets(kept, it->interest))
            continue;
        stella_file file = analysis_file(job, kept->entry, kept->path);
        file.interest = (unsigned char)kept->interests.ptr[0];
        file.bytes = kept->bytes;
        analysis_fill(out, out->struct_size, &file, sizeof file);
        it->position++;
        return 1;
    }
    return 0;
}

static int is_wanted(const stella_records *it, stella_sv kind) {
    return it->kind.len == 0 || stella_sv_eq(it->kind, kind);
}

static int own_next(const analysis *job, stella_records *it, stella_record *out) {
    for (; it->position < job->evidence.record_count; it->position++) {
        const kept_record *kept = &job->evidence.records[it->position];
        if (!is_wanted(it, kept->kind))
            continue;
        const layer_set *run = layer_sets_at(&job->sets, kept->run);
        const stella_record record = {.layer = kept->layer,
                                      .introduced = run->layers[0],
                                      .interest = kept->interest,
                                      .kind = kept->kind,
                                      .key = kept->key,
                                      .bytes = kept->bytes,
                                      .path = kept->path,
                                      .layers = run->layers,
                                      .layer_count = run->count};
        analysis_fill(out, out->struct_size, &record, sizeof record);
        it->position++;
        return 1;
    }
    return 0;
}

/* The position counts through the publications of all stages. */
static int published_next(const analysis *job, stella_records *it, stella_record *out) {
    uint64_t first = 0;
    for (uint32_t i = 0; i < job->world->earlier->count; i++) {
        const stage *s = job->world->earlier->items[i];
        for (; it->position >= first && it->position < first + s->publications.count; it->position++) {
            const stella_record *record = &s->published[it->position - first];
            if (!is_wanted(it, record->kind))
                continue;
            analysis_fill(out, out->struct_size, record, sizeof *record);
            it->position++;
            return 1;
        }
        first += s->publications.count;
    }
    return 0;
}

static int32_t records_next(stella_analysis *base, stella_records *it, stella_record *out) {
    analysis *job = (analysis *)base;
    if (!it || !out || it->published > 1)
        analysis_fail(job, STELLA_E_INVALID, "records_next", "no iterator, or nowhere to put a record");
    if (job->failed.code != STELLA_OK || !it || !out)
        return 0;
    return it->published ? published_next(job, it, out) : own_next(job, it, out);
}

/* ---- telling ------------------------------------------------------------------------------------------------------
 */

static stella_status publish(stella_analysis *base, const stella_record *theirs, stella_error *err) {
    analysis *job = (analysis *)base;
    stella_record record = STELLA_RECORD_INIT;
    if (theirs)
        analysis_fill(&record, theirs->struct_size < sizeof record ? theirs->struct_size : sizeof record, theirs,
                      sizeof record);
    if (!theirs || !record.kind.len || record.kind.len > RECORD_KIND_MAX || record.key.len > RECORD_KEY_MAX ||
        record.bytes.len > RECORD_BYTES_MAX)
        analysis_fail(job, STELLA_E_INVALID, "publish", "a record without kind, or larger than a record may be");
    if (analysis_accepts(job, record.kind, "publish kind") && analysis_accepts(job, record.key, "publish key") &&
        analysis_accepts(job, record.bytes, "publish bytes")) {
        stella_record *added = analysis_append(job, &job->stage->publications, sizeof *added);
        if (added)
            *added = (stella_record){.struct_size = sizeof *added,
                                     .kind = analysis_keep(job, record.kind),
                                     .key = analysis_keep(job, record.key),
                                     .bytes = analysis_keep(job, record.bytes)};
    }
    if (job->failed.code != STELLA_OK && err)
        *err = job->failed;
    return job->failed.code;
}

static void note(stella_analysis *base, uint32_t severity, stella_sv path, uint32_t line, stella_sv message) {
    analysis *job = (analysis *)base;
    if (severity != STELLA_NOTE_INFO && severity != STELLA_NOTE_ERROR)
        analysis_fail(job, STELLA_E_INVALID, "note", "severity %u is not known", severity);
    if (analysis_accepts(job, path, "note path") && analysis_accepts(job, message, "note message"))
        analysis_note(job, severity, STELLA_SV("note"), path, line, message);
}

static int32_t cancelled(stella_analysis *base) {
    return ((const analysis *)base)->failed.code != STELLA_OK;
}

static int32_t owner_of(stella_analysis *base, stella_sv path, stella_owner *out) {
    analysis *job = (analysis *)base;
    if (!out)
        analysis_fail(job, STELLA_E_INVALID, "owner_of", "nowhere to put an owner");
    if (!analysis_accepts(job, path, "owner_of path") || !out)
        return 0;
    const stella_bom_file *file = NULL;
    const finding *f = ownership_of(job->world->owners, path, &file);
    if (!f)
        return 0;
    const stella_owner owner = {.flags = file->flags,
                                .purl = f->purl,
                                .type = f->type,
                                .name = f->name,
                                .version = f->version,
                                .path = file->path,
                                .digest_alg = file->digest_alg,
                                .digest = file->digest};
    analysis_fill(out, out->struct_size, &owner, sizeof owner);
    return 1;
}

static int is_counter(stella_sv name) {
    for (size_t i = 0; i < name.len; i++)
        if (!(name.ptr[i] >= 'a' && name.ptr[i] <= 'z') && !(name.ptr[i] >= '0' && name.ptr[i] <= '9') &&
            name.ptr[i] != '_')
            return 0;
    return name.len > 0 && name.len <= COUNTER_NAME_MAX;
}

static void count(stella_analysis *base, stella_sv name, uint64_t n) {
    analysis *job = (analysis *)base;
    if (!analysis_accepts(job, name, "count name"))
        return;
    if (!is_counter(name))
        analysis_fail(job, STELLA_E_INVALID, "count", "a counter has lower-case letters, digits and '_', at most %u",
                      COUNTER_NAME_MAX);
    for (finding_count *known = chain_first(&job->stage->counts); known; known = chain_next(known))
        if (stella_sv_eq(known->name, name)) {
            known->n += n;
            return;
        }
    if (job->stage->counts.count == ANALYSIS_COUNTERS_MAX)
        analysis_fail(job, STELLA_E_LIMIT, "count", "more than %u counters", ANALYSIS_COUNTERS_MAX);
    finding_count *one = analysis_append(job, &job->stage->counts, sizeof *one);
    if (one)
        *one = (finding_count){.name = analysis_keep(job, name), .n = n};
}

static const stella_trace *trace(stella_analysis *base) {
    return ((const analysis *)base)->world->trace;
}

static void use(stella_analysis *base, uint32_t node, stella_sv path, stella_sv how, stella_sv via) {
    analysis *job = (analysis *)base;
    if (!job->world->trace || node >= job->world->trace->nodes.count)
        analysis_fail(job, STELLA_E_INVALID, "use", "node %u is none of the trace", node);
    if (!analysis_accepts(job, path, "use path") || !analysis_accepts(job, how, "use how") ||
        !analysis_accepts(job, via, "use via"))
        return;
    if (job->stage->uses.count == ANALYSIS_USES_MAX) {
        analysis_fail(job, STELLA_E_LIMIT, "use", "more than %u files that are used", ANALYSIS_USES_MAX);
        return;
    }
    finding_use *one = analysis_append(job, &job->stage->uses, sizeof *one);
    if (one)
        *one = (finding_use){.node = node,
                             .path = analysis_keep(job, path),
                             .how = analysis_keep(job, how),
                             .via = analysis_keep(job, via)};
}

static const stella_analysis_ops ops = {.head = STELLA_HEAD(stella_analysis_ops),
                                        .files_next = files_next,
                                        .records_next = records_next,
                                        .view_stat = analysis_view_stat,
                                        .view_read = analysis_view_read,
                                        .component_add = analysis_component_add,
                                        .relate = analysis_relate,
                                        .publish = publish,
                                        .note = note,
                                        .cancelled = cancelled,
                                        .owner_of = owner_of,
                                        .count = count,
                                        .trace = trace,
                                        .use = use,
                                        .view_next = analysis_view_next};

/* ---- the call -----------------------------------------------------------------------------------------------------
 */

/* Every component names what proves it. */
static void check_evidence(analysis *job) {
    for (const finding *f = chain_first(&job->stage->findings); f; f = chain_next(f))
        if (!f->evidence.count)
            analysis_fail(job, STELLA_E_INVALID, "component_add", "component %.*s has no evidence",
                          STELLA_SV_FMT(f->name));
}

static stella_status call(analysis *job, stella_error *err) {
    const analysis_plugin *plugin = job->plugin;
    stella_error said = {0};
    stella_job_enter(job->world->job, 0, plugin->index, STELLA_SV("analyze"));
    const stella_status status = plugin->table->analyze(plugin->instance, &job->base, &said);
    stella_job_leave(job->world->job, 0);
    if (job->failed.code == STELLA_OK && status == STELLA_OK)
        check_evidence(job);
    if (job->failed.code != STELLA_OK) {
        if (err)
            *err = job->failed;
        return job->failed.code;
    }
    if (status == STELLA_OK || job->wish_count)
        return status == STELLA_OK && !job->wish_count ? STELLA_OK : STELLA_E_PENDING;
    said.message[sizeof said.message - 1] = said.path[sizeof said.path - 1] = '\0';
    return stella_error_set(err, status, said.path, "%s", said.message[0] ? said.message : "it gave no reason");
}

void analysis_init(analysis *job, const analysis_world *world, const analysis_plugin *plugin, stella_arena *arena,
                   stage *s, chain *wishes, stella_arena *wish_arena) {
    *job = (analysis){.base = {.head = STELLA_HEAD(stella_analysis),
                               .ops = &ops,
                               .arena = arena,
                               .layer_count = view_layer_count(world->view),
                               .options = world->options},
                      .world = world,
                      .plugin = plugin,
                      .stage = s,
                      .sets = {.arena = s->arena},
                      .wishes = wishes,
                      .wish_arena = wish_arena};
    job->refused =
        (finding){.base = {.head = STELLA_HEAD(stella_component), .ops = &analysis_component_ops}, .job = job};
}

stella_status analysis_run(const analysis_world *world, const analysis_plugin *plugin, chain *wishes,
                           stella_arena *wish_arena, stage **out, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(world->call_bytes);
    STELLA_AUTO(stage_destroyp)
    stage *s = stage_create(plugin->id, plugin->version, plugin->table->phase, world->stage_bytes);
    if (!arena || !s)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to call the analyzer");
    analysis job;
    analysis_init(&job, world, plugin, arena, s, wishes, wish_arena);
    stella_status status = records_collect(world->view, world->packs, plugin->id, plugin->digest, s->arena, &s->notes,
                                           &job.sets, &job.evidence, err);
    if (status == STELLA_OK)
        status = call(&job, err);
    if (status == STELLA_OK)
        status = identity_name(s, err);
    if (status == STELLA_OK)
        status = stage_settle(s, err);
    if (status == STELLA_OK)
        *out = STELLA_TAKE(s);
    return status;
}
