#include "consume.h"

#include "probe.h"

#include <stdio.h>

/* What one plugin wants of the file at hand. */
typedef struct wish {
    uint32_t plugin; /* as in matcher_hit */
    uint8_t interests[INTERESTS_MAX];
    uint32_t interest_count;
    int keeps, probes;
    uint64_t keep_max, probe_max; /* probe_max 0: no limit */
    int probe_unlimited;
} wish;

/* The file under one of its names. */
typedef struct served_name {
    uint32_t id;
    stella_sv path;
    const matcher_hit *hits;
    uint32_t count;
} served_name;

typedef struct meal {
    collector *c;
    const index_entry *entry;
    served_name first; /* the entry's own; the others come from c->links */
    body *content;
    const probe_content *source; /* where its bytes are, once they are being served */
    int keepers, probers;        /* who still wants it */
    uint64_t held;               /* bytes of the file to hold in memory at most */
    stella_file facts;
} meal;

/* What is done for each plugin that wants the file, under each of its names. */
typedef stella_status (*visit_wish)(meal *m, const served_name *name, const wish *w, stella_error *err);

static void add_hit(wish *w, const matcher_hit *hit) {
    w->interests[w->interest_count++] = hit->interest;
    if (hit->mode & STELLA_KEEP) {
        const uint64_t max = hit->max_bytes ? hit->max_bytes : KEEP_BYTES;
        w->keeps = 1;
        w->keep_max = max > w->keep_max ? max : w->keep_max;
    }
    if (hit->mode & STELLA_PROBE) {
        w->probes = 1;
        w->probe_unlimited |= hit->max_bytes == 0;
        w->probe_max = hit->max_bytes > w->probe_max ? hit->max_bytes : w->probe_max;
    }
}

/* The next plugin's hits, gathered; returns how many there were. */
static uint32_t next_wish(const matcher_hit *hits, uint32_t count, wish *w) {
    uint32_t used = 0;
    w->plugin = hits[0].plugin;
    w->interest_count = 0;
    w->keeps = w->probes = w->probe_unlimited = 0;
    w->keep_max = w->probe_max = 0;
    while (used < count && hits[used].plugin == w->plugin)
        add_hit(w, &hits[used++]);
    if (w->probe_unlimited)
        w->probe_max = 0;
    return used;
}

static analyzer *plugin_of(collector *c, const wish *w) {
    return w->plugin == ANALYZERS_ENGINE ? NULL : &c->analyzers.list[w->plugin - 1];
}

static int is_lost(collector *c, const wish *w) {
    const analyzer *one = plugin_of(c, w);
    return one && one->is_lost;
}

static stella_sv interests_of(const wish *w) {
    return stella_sv_of((const char *)w->interests, w->interest_count);
}

static stella_status each_wish_of(meal *m, const served_name *name, visit_wish visit, stella_error *err) {
    wish w;
    stella_status status = STELLA_OK;
    for (uint32_t at = 0; at < name->count && status == STELLA_OK;) {
        at += next_wish(name->hits + at, name->count - at, &w);
        if (!is_lost(m->c, &w))
            status = visit(m, name, &w, err);
    }
    return status;
}

static stella_status each_wish(meal *m, visit_wish visit, stella_error *err) {
    matcher_hit hits[MATCHER_HITS_MAX];
    linked_name linked;
    stella_status status = each_wish_of(m, &m->first, visit, err);
    for (links_of it = links_at(m->c->links, m->first.id); status == STELLA_OK && links_next(&it, &linked);) {
        const served_name name = {.id = linked.id,
                                  .path = linked.path,
                                  .hits = hits,
                                  .count = links_match(m->c->analyzers.matcher, &linked, m->entry->type, hits)};
        status = each_wish_of(m, &name, visit, err);
    }
    return status;
}

static int is_too_large_to_keep(const meal *m, const wish *w) {
    return w->keeps && m->entry->size > w->keep_max;
}

/* A file too large is said, not silence; the engine's own wishes are a convenience, and may be refused. */
static void note_limit(meal *m, const served_name *name, const wish *w, const char *what, uint64_t max) {
    const analyzer *one = plugin_of(m->c, w);
    char text[128];
    const int len = snprintf(text, sizeof text, "%s: a file of %llu bytes, at most %llu", what,
                             (unsigned long long)m->entry->size, (unsigned long long)max);
    if (one)
        evidence_note(one->evidence, name->id, STELLA_E_LIMIT, STELLA_NOTE_ERROR, 0, stella_sv_of(text, (size_t)len),
                      STELLA_SV(""));
}

static stella_status count_guest(meal *m, const served_name *name, const wish *w, stella_error *err) {
    (void)err;
    m->probers += w->probes;
    if (is_too_large_to_keep(m, w)) {
        note_limit(m, name, w, "not kept", w->keep_max);
    } else if (w->keeps) {
        m->keepers++;
        m->held = m->entry->size;
    }
    return STELLA_OK;
}

static stella_status send_away(meal *m, const served_name *name, const wish *w, stella_error *err) {
    (void)err;
    if (w->probes && !is_too_large_to_keep(m, w))
        note_limit(m, name, w, "not read, because several ask for it", SPOOL_BYTES_MAX);
    return STELLA_OK;
}

/* All of the file in memory: as it lies in the window when it does, else copied together. */
static stella_status hold(meal *m, stella_sv *out, stella_error *err) {
    stella_buf *buf = &m->c->content;
    stella_sv chunk = {0};
    buf->len = 0;
    buf->failed = 0;
    for (int is_first = 1;; is_first = 0) {
        const stella_status status = m->content->read(m->content, &chunk, err);
        if (status != STELLA_OK)
            return status;
        if (is_first && chunk.len == m->entry->size) {
            *out = stella_sv_of(chunk.ptr ? chunk.ptr : "", chunk.len);
            return STELLA_OK;
        }
        if (chunk.len == 0)
            break;
        if (stella_buf_add(buf, chunk) != STELLA_OK)
            return stella_error_at(err, STELLA_E_NOMEM, m->entry->path, "no memory for a file of %llu bytes",
                                   (unsigned long long)m->entry->size);
    }
    *out = stella_sv_of(buf->ptr ? buf->ptr : "", buf->len);
    return STELLA_OK;
}

/* All of the file in the scratch file. */
static stella_status spool(meal *m, probe_content *out, stella_error *err) {
    scratch *s = &m->c->scratch;
    uint64_t offset = s->end, ignored;
    for (stella_sv chunk;;) {
        stella_status status = m->content->read(m->content, &chunk, err);
        if (status == STELLA_OK && chunk.len)
            status = scratch_add(s, chunk, &ignored, err);
        if (status != STELLA_OK)
            return status;
        if (chunk.len == 0)
            break;
    }
    *out = (probe_content){.scratch = s, .offset = offset, .size = s->end - offset};
    return STELLA_OK;
}

static stella_status give(meal *m, const served_name *name, const wish *w, stella_error *err) {
    analyzer *one = plugin_of(m->c, w);
    evidence *to = one ? one->evidence : m->c->analyzers.engine;
    stella_error reason = {0};
    stella_status status = STELLA_OK;
    if (w->keeps && !is_too_large_to_keep(m, w)) {
        status = evidence_content(to, name->id, interests_of(w), m->source->memory, &reason);
        if (status != STELLA_OK && one)
            analyzers_lose(one, &reason);
        else if (status != STELLA_OK)
            evidence_note(to, name->id, (uint32_t)status, STELLA_NOTE_ERROR, 0, stella_sv_cstr(reason.message),
                          STELLA_SV(""));
    }
    if (w->probes && one) {
        const probe_call call = {.file = name->id,
                                 .facts = &m->facts,
                                 .interests = interests_of(w),
                                 .max_bytes = w->probe_max,
                                 .is_limit_told = is_too_large_to_keep(m, w)};
        m->facts.interest = w->interests[0];
        m->facts.path = name->path;
        status = probe_run(&m->c->analyzers, one, &call, m->source, err);
        if (status != STELLA_OK)
            return status;
    }
    return evidence_settle(to, err);
}

/* A file of its own that cannot be read on is counted; in a tar it is the end of the layer. */
static stella_status alone(meal *m, stella_status status, const stella_error *reason, stella_error *err) {
    if (status != STELLA_OK && m->content->can_fail_alone && status != STELLA_E_NOMEM) {
        collector_unreadable(m->c, m->entry->path, reason->message);
        return STELLA_OK;
    }
    if (status != STELLA_OK && err)
        *err = *reason;
    return status;
}

stella_status consume(collector *c, const index_entry *entry, uint32_t id, body *content, const matcher_hit *hits,
                      uint32_t count, stella_error *err) {
    meal m = {.c = c,
              .entry = entry,
              .first = {.id = id, .path = entry->path, .hits = hits, .count = count},
              .content = content};
    m.facts = (stella_file){.struct_size = sizeof m.facts,
                            .kind = entry->kind,
                            .type = entry->type,
                            .mode = entry->mode,
                            .size = entry->size,
                            .path = entry->path};
    (void)each_wish(&m, count_guest, NULL);
    if (m.keepers + m.probers == 0)
        return STELLA_OK;
    probe_content source = {.stream = content};
    stella_error reason = {0};
    stella_status status = STELLA_OK;
    const int is_shared = m.keepers > 0 || m.probers > 1;
    if (is_shared && m.held < entry->size && entry->size > SPOOL_BYTES_MAX)
        return each_wish(&m, send_away, NULL);
    if (is_shared && (m.held == entry->size || entry->size <= SPOOL_MEMORY_BYTES)) {
        source = (probe_content){.stream = NULL};
        status = hold(&m, &source.memory, &reason);
    } else if (is_shared) {
        status = spool(&m, &source, &reason);
    }
    if (status != STELLA_OK)
        return alone(&m, status, &reason, err);
    m.source = &source;
    status = each_wish(&m, give, err);
    if (source.scratch && c->scratch.end == source.offset + source.size) /* no evidence went behind it meanwhile */
        c->scratch.end = source.offset;
    return status;
}

stella_status consume_supplement(collector *c, const index_entry *entry, uint32_t id, body *content,
                                 stella_error *err) {
    meal m = {.c = c, .entry = entry, .content = content};
    stella_sv bytes;
    stella_error reason = {0};
    if (entry->size > KEEP_BYTES) {
        collector_note(c, STELLA_E_LIMIT, STELLA_NOTE_ERROR, entry->path, "not read: a file of %llu bytes, at most %u",
                       (unsigned long long)entry->size, KEEP_BYTES);
        return STELLA_OK;
    }
    const stella_status status = hold(&m, &bytes, &reason);
    if (status != STELLA_OK)
        return alone(&m, status, &reason, err);
    if (evidence_content(c->analyzers.engine, id, STELLA_SV(""), bytes, &reason) != STELLA_OK)
        collector_note(c, (uint32_t)reason.code, STELLA_NOTE_ERROR, entry->path, "%s", reason.message);
    return evidence_settle(c->analyzers.engine, err);
}
