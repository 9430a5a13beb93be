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
    int seeks;              /* the probe may ask for the whole file... */
    const char *companions; /* ...and for others beside it */
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
    probe_content source;    /* where its bytes are, once they are being served */
    scratch own;             /* the file itself, when it can be read where it is */
    probe_content waiting;   /* where they are at the end of the layer */
    int keepers, probers;    /* who still wants it */
    int seekers, companies;  /* of the probers: who wants all of it at once; who wants it with companions */
    int is_companion;        /* it may be one, under one of its names... */
    int is_companion_held;   /* ...and is small enough */
    uint64_t held;           /* bytes of the file to hold in memory at most */
    stella_error not_served; /* why those who need it whole cannot have it: its own affair, not the layer's */
    stella_error not_aside;  /* why it cannot wait for the end of the layer */
    stella_file facts;
} meal;

/* What is done for each name of the file; and for each plugin that wants it under that name. */
typedef stella_status (*visit_name)(meal *m, const served_name *name, stella_error *err);
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
        w->seeks |= (hit->mode & STELLA_SEEK) != 0;
        w->companions = w->companions ? w->companions : hit->companions;
    }
}

/* The next plugin's hits, gathered; returns how many there were. */
static uint32_t next_wish(const matcher_hit *hits, uint32_t count, wish *w) {
    uint32_t used = 0;
    memset(w, 0, sizeof *w);
    w->plugin = hits[0].plugin;
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

static stella_status each_name(meal *m, visit_name visit, stella_error *err) {
    matcher_hit hits[MATCHER_HITS_MAX];
    linked_name linked;
    stella_status status = visit(m, &m->first, err);
    for (links_of it = links_at(m->c->links, m->first.id); status == STELLA_OK && links_next(&it, &linked);) {
        const served_name name = {.id = linked.id,
                                  .path = linked.path,
                                  .hits = hits,
                                  .count = links_match(m->c->analyzers.matcher, &linked, m->entry->type, hits)};
        status = visit(m, &name, err);
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

/* What of the file exceeds the probe's own limit is read piece by piece up to it, or not at all. */
static int is_wanted_whole(const meal *m, const wish *w) {
    return w->seeks && (w->probe_max == 0 || m->entry->size <= w->probe_max);
}

static int is_wanted_aside(const meal *m, const wish *w) {
    return w->companions && is_wanted_whole(m, w);
}

static stella_status count_guest(meal *m, const served_name *name, const wish *w, stella_error *err) {
    (void)err;
    m->probers += w->probes;
    m->seekers += is_wanted_whole(m, w);
    m->companies += is_wanted_aside(m, w);
    if (is_too_large_to_keep(m, w)) {
        note_limit(m, name, w, "not kept", w->keep_max);
    } else if (w->keeps) {
        m->keepers++;
        m->held = m->entry->size;
    }
    return STELLA_OK;
}

static stella_status count_guests(meal *m, const served_name *name, stella_error *err) {
    uint64_t max = 0;
    if (matcher_is_companion(m->c->analyzers.matcher, name->path, &max)) {
        m->is_companion = 1;
        m->is_companion_held |= max == 0 || m->entry->size <= max;
    }
    return each_wish_of(m, name, count_guest, err);
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

/* All of the file in the scratch file. That the scratch file is full is not the layer's end. */
static stella_status spool(meal *m, stella_error *err) {
    scratch *s = &m->c->scratch;
    const uint64_t offset = s->end;
    for (stella_sv chunk;;) {
        uint64_t ignored;
        const stella_status status = m->content->read(m->content, &chunk, err);
        if (status != STELLA_OK)
            return status;
        if (chunk.len == 0)
            break;
        if (scratch_add(s, chunk, &ignored, &m->not_served) != STELLA_OK) {
            s->end = offset;
            return STELLA_OK;
        }
    }
    m->source = (probe_content){.scratch = s, .offset = offset, .size = s->end - offset};
    return STELLA_OK;
}

/* A copy for the end of the layer, when the file is elsewhere than in the scratch file now. */
static void set_aside(meal *m) {
    scratch *s = &m->c->scratch;
    m->waiting = m->source;
    if (m->not_served.code != STELLA_OK || m->source.scratch)
        return;
    m->waiting = (probe_content){.scratch = s, .size = m->source.memory.len};
    (void)scratch_add(s, m->source.memory, &m->waiting.offset, &m->not_aside);
}

/* Whether the file waits for the end of the layer: someone wants it then, and there is room. */
static int waits(meal *m) {
    return (m->companies || m->is_companion_held) &&
           aside_reserve(m->c->aside, m->entry->size, &m->not_aside) == STELLA_OK;
}

/* Whether the file can be read where it is, so that of a large one only what is looked at is read. */
static int serve_in_place(meal *m) {
    const int fd = m->content->descriptor ? m->content->descriptor(m->content) : -1;
    if (fd < 0)
        return 0;
    m->own = (scratch){.fd = fd, .end = m->entry->size, .is_shared = 1};
    m->source = (probe_content){.scratch = &m->own, .size = m->entry->size};
    return 1;
}

/* Puts the file where those who want it can read it. */
static stella_status serve(meal *m, stella_error *err) {
    stella_status status = STELLA_OK;
    const uint64_t size = m->entry->size;
    const int is_aside = waits(m);
    if (m->keepers == 0 && m->seekers == 0 && m->probers <= 1 && !is_aside)
        return STELLA_OK; /* one may read it as it streams by */
    if (m->held == size || (size <= SPOOL_MEMORY_BYTES && !is_aside)) {
        stella_sv bytes;
        status = hold(m, &bytes, err);
        if (status == STELLA_OK)
            m->source = (probe_content){.memory = bytes};
    } else if (!is_aside && serve_in_place(m)) {
        return STELLA_OK;
    } else if (size > SPOOL_BYTES_MAX) {
        stella_error_set(&m->not_served, STELLA_E_LIMIT, NULL, "a file of %llu bytes, at most %llu are put by",
                         (unsigned long long)size, (unsigned long long)SPOOL_BYTES_MAX);
    } else {
        status = spool(m, err);
    }
    if (status == STELLA_OK && is_aside)
        set_aside(m);
    return status;
}

static void refuse(const served_name *name, analyzer *one, const stella_error *why) {
    char text[NOTE_BYTES_MAX];
    const int len = snprintf(text, sizeof text, "not read: %s", why->message);
    evidence_note(one->evidence, name->id, (uint32_t)why->code, STELLA_NOTE_ERROR, 0, stella_sv_of(text, (size_t)len),
                  STELLA_SV(""));
}

static void keep(meal *m, const served_name *name, const wish *w) {
    analyzer *one = plugin_of(m->c, w);
    evidence *to = one ? one->evidence : m->c->analyzers.engine;
    stella_error reason = {0};
    const stella_status status = evidence_content(to, name->id, interests_of(w), m->source.memory, &reason);
    if (status != STELLA_OK && one)
        analyzers_lose(one, &reason);
    else if (status != STELLA_OK)
        evidence_note(to, name->id, (uint32_t)status, STELLA_NOTE_ERROR, 0, stella_sv_cstr(reason.message),
                      STELLA_SV(""));
}

static stella_status let_probe(meal *m, const served_name *name, const wish *w, analyzer *one, stella_error *err) {
    const int is_aside = is_wanted_aside(m, w);
    const probe_call call = {.file = name->id,
                             .facts = &m->facts,
                             .interests = interests_of(w),
                             .max_bytes = w->probe_max,
                             .is_limit_told = is_too_large_to_keep(m, w),
                             .seeks = w->seeks,
                             .companions = w->companions};
    m->facts.interest = w->interests[0];
    m->facts.path = name->path;
    if (m->not_served.code != STELLA_OK || (is_aside && m->not_aside.code != STELLA_OK)) {
        refuse(name, one, m->not_served.code != STELLA_OK ? &m->not_served : &m->not_aside);
        return STELLA_OK;
    }
    if (!is_aside)
        return probe_run(&m->c->analyzers, one, &call, &m->source, err);
    stella_error reason = {0};
    if (aside_call(m->c->aside, w->plugin - 1, &call, &m->waiting, &reason) != STELLA_OK)
        refuse(name, one, &reason);
    return STELLA_OK;
}

static stella_status give(meal *m, const served_name *name, const wish *w, stella_error *err) {
    analyzer *one = plugin_of(m->c, w);
    if (w->keeps && !is_too_large_to_keep(m, w))
        keep(m, name, w);
    if (w->probes && one) {
        const stella_status status = let_probe(m, name, w, one, err);
        if (status != STELLA_OK)
            return status;
    }
    return evidence_settle(one ? one->evidence : m->c->analyzers.engine, err);
}

/* Under this name it may be asked for as a companion. */
static void name_companion(meal *m, const served_name *name) {
    const stella_error *failure = m->not_served.code != STELLA_OK  ? &m->not_served
                                  : m->not_aside.code != STELLA_OK ? &m->not_aside
                                                                   : NULL;
    const aside_file file = {
        .id = name->id, .path = name->path, .size = m->entry->size, .content = m->waiting, .failure = failure};
    uint64_t ignored;
    stella_error reason = {0};
    if (matcher_is_companion(m->c->analyzers.matcher, name->path, &ignored) &&
        aside_add(m->c->aside, &file, &reason) != STELLA_OK)
        collector_note(m->c, (uint32_t)reason.code, STELLA_NOTE_ERROR, name->path, "not read: %s", reason.message);
}

static stella_status give_all(meal *m, const served_name *name, stella_error *err) {
    if (m->is_companion)
        name_companion(m, name);
    return each_wish_of(m, name, give, err);
}

static stella_status name_unreadable(meal *m, const served_name *name, stella_error *err) {
    (void)err;
    name_companion(m, name);
    return STELLA_OK;
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
    m.source = (probe_content){.stream = content};
    (void)each_name(&m, count_guests, NULL);
    if (m.keepers + m.probers + m.is_companion == 0)
        return STELLA_OK;
    stella_error reason = {0};
    stella_status status = serve(&m, &reason);
    if (status != STELLA_OK) {
        m.not_served = reason;
        if (m.is_companion)
            (void)each_name(&m, name_unreadable, NULL);
        return alone(&m, status, &reason, err);
    }
    status = each_name(&m, give_all, err);
    const probe_content *used = &m.source;
    if (used->scratch == &c->scratch && !m.waiting.scratch && c->scratch.end == used->offset + used->size)
        c->scratch.end = used->offset; /* no evidence went behind it meanwhile */
    return status;
}

stella_status consume_supplement(collector *c, const index_entry *entry, uint32_t id, body *content,
                                 stella_error *err) {
    meal m = {.c = c, .entry = entry, .content = content};
    stella_sv bytes;
    stella_error reason = {0};
    if (entry->size > KEEP_BYTES_MAX) {
        collector_note(c, STELLA_E_LIMIT, STELLA_NOTE_ERROR, entry->path, "not read: a file of %llu bytes, at most %u",
                       (unsigned long long)entry->size, KEEP_BYTES_MAX);
        return STELLA_OK;
    }
    const stella_status status = hold(&m, &bytes, &reason);
    if (status != STELLA_OK)
        return alone(&m, status, &reason, err);
    if (evidence_content(c->analyzers.engine, id, STELLA_SV(""), bytes, &reason) != STELLA_OK)
        collector_note(c, (uint32_t)reason.code, STELLA_NOTE_ERROR, entry->path, "%s", reason.message);
    return evidence_settle(c->analyzers.engine, err);
}
