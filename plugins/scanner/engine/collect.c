#include "collect.h"

#include "consume.h"
#include "input.h"
#include "sniff.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

stella_status collector_init(collector *c, const collect_options *options, stella_error *err) {
    *c = (collector){.job = options->job,
                     .limits = options->limits,
                     .index = index_create(options->limits.entries),
                     .scratch = {.fd = options->scratch_fd},
                     .aside = aside_create(),
                     .content = stella_buf_of(KEEP_BYTES_MAX),
                     .only = options->only,
                     .only_count = options->only_count,
                     .sniffs_all = options->sniffs_all};
    if (!c->index || !c->aside)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the index");
    const stella_status status = options->links_fd < 0 ? STELLA_OK : links_open(options->links_fd, &c->links, err);
    if (status != STELLA_OK)
        return status;
    const analyzers_choice choice = {
        .is_none = options->only != NULL, .ids = options->plugins, .id_count = options->plugin_count};
    const stella_status made = analyzers_init(&c->analyzers, options->job, &choice, &c->scratch, err);
    c->analyzers.options = options->analyzer_options;
    return made;
}

void collector_fini(collector *c) {
    aside_destroy(c->aside);
    analyzers_fini(&c->analyzers);
    index_destroyp(&c->index);
    links_closep(&c->links);
    stella_buf_fini(&c->content);
}

static int compare(const void *key, const void *element) {
    return stella_sv_cmp(*(const stella_sv *)key, *(const stella_sv *)element);
}

int collector_wants(const collector *c, stella_sv path) {
    return !c->only || bsearch(&path, c->only, c->only_count, sizeof *c->only, compare) != NULL;
}

void collector_note(collector *c, uint32_t code, uint32_t severity, stella_sv path, const char *format, ...) {
    char text[NOTE_BYTES_MAX];
    va_list args;
    va_start(args, format);
    const int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const size_t size = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    evidence_note(c->analyzers.engine, EVIDENCE_NO_FILE, code, severity, 0, stella_sv_of(text, size), path);
}

void collector_unreadable(collector *c, stella_sv path, const char *reason) {
    c->unreadable++;
    collector_note(c, STELLA_E_IO, STELLA_NOTE_ERROR, path, "cannot be read: %s", reason);
}

/* The engine's wish for executable scripts holds for small executable files alone. */
static uint32_t drop_scripts(const index_entry *entry, matcher_hit *hits, uint32_t count) {
    const int may_be = (entry->mode & 0111) && entry->size > 0 && entry->size <= SCRIPT_BYTES;
    if (may_be || count == 0 || hits[0].plugin != ANALYZERS_ENGINE || hits[0].interest != ANALYZERS_SCRIPTS)
        return count;
    memmove(hits, hits + 1, (count - 1) * sizeof *hits);
    return count - 1;
}

static int asks_type(const matcher_hit *hits, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (hits[i].type)
            return 1;
    return 0;
}

static uint32_t of_type(matcher_hit *hits, uint32_t count, uint32_t type) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (hits[i].type == 0 || hits[i].type == type)
            hits[kept++] = hits[i];
    return kept;
}

/* Looks at the first bytes. A file of its own that cannot be read is counted, and keeps no interest. */
static stella_status sniff(collector *c, index_entry *entry, body *content, int *is_readable, stella_error *err) {
    stella_sv first = {0};
    stella_error reason = {0};
    *is_readable = 1;
    if (content->size && content->peek(content, SNIFF_BYTES, &first, &reason) != STELLA_OK) {
        if (!content->can_fail_alone) {
            if (err)
                *err = reason;
            return reason.code;
        }
        collector_unreadable(c, entry->path, reason.message);
        *is_readable = 0;
        return STELLA_OK;
    }
    entry->type = sniff_type(first);
    return STELLA_OK;
}

static stella_status take_regular(collector *c, index_entry *entry, body *content, stella_error *err) {
    matcher_hit hits[MATCHER_HITS_MAX];
    uint32_t count = c->only ? 0 : matcher_match(c->analyzers.matcher, entry->path, hits);
    int is_readable = 1;
    stella_status status = STELLA_OK;
    count = drop_scripts(entry, hits, count);
    if (c->sniffs_all || asks_type(hits, count))
        status = sniff(c, entry, content, &is_readable, err);
    uint32_t id = 0;
    if (status == STELLA_OK)
        status = index_add(c->index, entry, &id, err);
    if (status != STELLA_OK || !is_readable)
        return status;
    if (c->only)
        return consume_supplement(c, entry, id, content, err);
    count = of_type(hits, count, entry->type);
    uint64_t ignored;
    if (count == 0 && !c->links && !matcher_is_companion(c->analyzers.matcher, entry->path, &ignored))
        return STELLA_OK;
    return consume(c, entry, id, content, hits, count, err);
}

stella_status collector_take(collector *c, const index_entry *entry, body *content, stella_error *err) {
    index_entry copy = *entry;
    uint32_t id;
    if (!collector_wants(c, entry->path))
        return STELLA_OK;
    if (content)
        return take_regular(c, &copy, content, err);
    return index_add(c->index, &copy, &id, err);
}
