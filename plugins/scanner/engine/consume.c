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

typedef struct meal {
    collector *c;
    const index_entry *entry;
    uint32_t id;
    body *content;
    int keepers, probers; /* who still wants it */
    uint64_t held;        /* bytes of the file to hold in memory at most */
    stella_file facts;
} meal;

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

/* A file too large to keep is said, not silence; the engine's own wishes are a convenience, and may be refused. */
static int can_keep(meal *m, const wish *w, int says) {
    const analyzer *one = plugin_of(m->c, w);
    if (!w->keeps || m->entry->size <= w->keep_max)
        return w->keeps;
    char text[128];
    const int len = snprintf(text, sizeof text, "not kept: a file of %llu bytes, at most %llu",
                             (unsigned long long)m->entry->size, (unsigned long long)w->keep_max);
    if (one && says)
        evidence_note(one->evidence, m->id, STELLA_E_LIMIT, STELLA_NOTE_ERROR, 0, stella_sv_of(text, (size_t)len),
                      STELLA_SV(""));
    return 0;
}

static void count_guests(meal *m, const matcher_hit *hits, uint32_t count) {
    wish w;
    for (uint32_t at = 0; at < count;) {
        at += next_wish(hits + at, count - at, &w);
        if (is_lost(m->c, &w))
            continue;
        const int keeps = can_keep(m, &w, 1);
        m->keepers += keeps;
        m->probers += w.probes;
        if (keeps)
            m->held = m->entry->size;
    }
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

static stella_status give(meal *m, const wish *w, const probe_content *content, stella_error *err) {
    analyzer *one = plugin_of(m->c, w);
    evidence *to = one ? one->evidence : m->c->analyzers.engine;
    stella_error reason = {0};
    stella_status status = STELLA_OK;
    if (can_keep(m, w, 0)) {
        status = evidence_content(to, m->id, interests_of(w), content->memory, &reason);
        if (status != STELLA_OK && one)
            analyzers_lose(one, &reason);
        else if (status != STELLA_OK)
            evidence_note(to, m->id, (uint32_t)status, STELLA_NOTE_ERROR, 0, stella_sv_cstr(reason.message),
                          STELLA_SV(""));
    }
    if (w->probes && one) {
        const probe_call call = {
            .file = m->id, .facts = &m->facts, .interests = interests_of(w), .max_bytes = w->probe_max};
        m->facts.interest = w->interests[0];
        status = probe_run(&m->c->analyzers, one, &call, content, err);
        if (status != STELLA_OK)
            return status;
    }
    return evidence_settle(to, err);
}

static stella_status serve(meal *m, const matcher_hit *hits, uint32_t count, const probe_content *content,
                           stella_error *err) {
    wish w;
    stella_status status = STELLA_OK;
    for (uint32_t at = 0; at < count && status == STELLA_OK;) {
        at += next_wish(hits + at, count - at, &w);
        if (!is_lost(m->c, &w))
            status = give(m, &w, content, err);
    }
    return status;
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
    meal m = {.c = c, .entry = entry, .id = id, .content = content};
    m.facts = (stella_file){.struct_size = sizeof m.facts,
                            .kind = entry->kind,
                            .type = entry->type,
                            .mode = entry->mode,
                            .size = entry->size,
                            .path = entry->path};
    count_guests(&m, hits, count);
    if (m.keepers + m.probers == 0)
        return STELLA_OK;
    probe_content source = {.stream = content};
    stella_error reason = {0};
    stella_status status = STELLA_OK;
    const uint64_t scratch_end = c->scratch.end;
    const int is_shared = m.keepers > 0 || m.probers > 1;
    if (is_shared && m.held < entry->size && entry->size > SPOOL_BYTES_MAX) {
        collector_note(c, STELLA_E_LIMIT, STELLA_NOTE_ERROR, entry->path,
                       "several analyzers ask for a file of %llu bytes, at most %llu: not read",
                       (unsigned long long)entry->size, (unsigned long long)SPOOL_BYTES_MAX);
        return STELLA_OK;
    }
    if (is_shared && (m.held == entry->size || entry->size <= SPOOL_MEMORY_BYTES)) {
        source = (probe_content){.stream = NULL};
        status = hold(&m, &source.memory, &reason);
    } else if (is_shared) {
        status = spool(&m, &source, &reason);
    }
    if (status != STELLA_OK)
        return alone(&m, status, &reason, err);
    status = serve(&m, hits, count, &source, err);
    if (source.scratch)
        c->scratch.end = scratch_end;
    return status;
}

stella_status consume_supplement(collector *c, const index_entry *entry, uint32_t id, body *content,
                                 stella_error *err) {
    meal m = {.c = c, .entry = entry, .id = id, .content = content};
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
