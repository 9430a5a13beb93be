#include "metrics/series.h"

#include <stella/file.h> /* STELLA_COUNT */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LINE_MAX_BYTES (2 * (SERIES_LABELS_SIZE + SERIES_NAME_MAX) + 128) /* sum and count are written at once */

static const double default_bounds[] = {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 2.5, 10, 30, 60};

static int is_name(const char *name, size_t max) {
    size_t i = 0;
    for (; name[i]; i++) {
        const char c = name[i];
        if (!((c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9')))
            return 0;
    }
    return i > 0 && i <= max;
}

/* Adds key="value", with the value escaped as the exposition format wants it. Returns 0 when there is no room. */
static int add_label(char *out, size_t *used, const stella_metric_label *label) {
    const size_t room = SERIES_LABELS_SIZE;
    int put = snprintf(out + *used, room - *used, "%s%s=\"", *used ? "," : "", label->key);
    if (put < 0 || (size_t)put >= room - *used)
        return 0;
    *used += (size_t)put;
    for (const char *c = label->value; *c; c++) {
        const int is_special = *c == '"' || *c == '\\' || *c == '\n';
        if (room - *used < 5) /* escape, quote and NUL */
            return 0;
        if (is_special)
            out[(*used)++] = '\\';
        out[(*used)++] = *c == '\n' ? 'n' : *c;
    }
    out[(*used)++] = '"';
    out[*used] = '\0';
    return 1;
}

static const char *check_labels(const stella_metric_spec *spec, char labels[SERIES_LABELS_SIZE]) {
    size_t used = 0;
    labels[0] = '\0';
    if (spec->label_count > STELLA_METRIC_LABELS_MAX)
        return "it has more than 8 labels";
    for (uint32_t i = 0; i < spec->label_count; i++) {
        if (!spec->labels[i].key || !spec->labels[i].value || !is_name(spec->labels[i].key, SERIES_NAME_MAX))
            return "a label's key is not [a-z_][a-z0-9_]*";
        if (!add_label(labels, &used, &spec->labels[i]))
            return "its labels are longer than 1023 bytes";
    }
    return NULL;
}

static const char *check_buckets(const stella_metric_spec *spec) {
    if (spec->bucket_count > STELLA_METRIC_BUCKETS_MAX)
        return "it has more than 24 buckets";
    for (uint32_t i = 0; i < spec->bucket_count; i++)
        if (!isfinite(spec->buckets[i]) || (i > 0 && spec->buckets[i] <= spec->buckets[i - 1]))
            return "its buckets do not ascend";
    return NULL;
}

const char *series_check(const stella_metric_spec *spec, char labels[SERIES_LABELS_SIZE]) {
    if (spec->struct_size < sizeof *spec)
        return "its structure is too small";
    if (spec->kind < STELLA_METRIC_COUNTER || spec->kind > STELLA_METRIC_HISTOGRAM)
        return "its kind is unknown";
    if (!spec->name || !is_name(spec->name, SERIES_NAME_MAX))
        return "its name is not [a-z_][a-z0-9_]* of at most 127 bytes";
    if (spec->kind == STELLA_METRIC_COUNTER && !stella_sv_ends(stella_sv_cstr(spec->name), STELLA_SV("_total")))
        return "it is a counter and its name does not end in _total";
    const char *wrong = check_buckets(spec);
    return wrong ? wrong : check_labels(spec, labels);
}

stella_metric *series_create(const stella_metric_spec *spec, const char *labels) {
    stella_metric *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->kind = spec->kind;
    s->name = strdup(spec->name);
    s->help = strdup(spec->help ? spec->help : "");
    s->labels = strdup(labels);
    if (!s->name || !s->help || !s->labels) {
        series_destroy(s);
        return NULL;
    }
    const int is_default = spec->bucket_count == 0;
    s->bucket_count = is_default ? STELLA_COUNT(default_bounds) : spec->bucket_count;
    memcpy(s->bounds, is_default ? default_bounds : spec->buckets, s->bucket_count * sizeof s->bounds[0]);
    return s;
}

void series_destroy(stella_metric *s) {
    if (!s)
        return;
    free(s->name);
    free(s->help);
    free(s->labels);
    free(s);
}

void series_add(stella_metric *s, uint64_t more) {
    atomic_fetch_add_explicit(&s->count, more, memory_order_relaxed);
}

/* Two scrapes at once may bring their totals in either order: the higher one holds. */
void series_raise(stella_metric *s, uint64_t total) {
    unsigned long long have = atomic_load_explicit(&s->count, memory_order_relaxed);
    while (have < total &&
           !atomic_compare_exchange_weak_explicit(&s->count, &have, total, memory_order_relaxed, memory_order_relaxed))
        ;
}

void series_set(stella_metric *s, int64_t value) {
    atomic_store_explicit(&s->gauge, value, memory_order_relaxed);
}

void series_shift(stella_metric *s, int64_t by) {
    atomic_fetch_add_explicit(&s->gauge, by, memory_order_relaxed);
}

void series_observe(stella_metric *s, double value) {
    if (isnan(value))
        return;
    uint32_t at = 0;
    while (at < s->bucket_count && value > s->bounds[at])
        at++;
    if (at < s->bucket_count)
        atomic_fetch_add_explicit(&s->buckets[at], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->count, 1, memory_order_relaxed);
    double sum = atomic_load_explicit(&s->sum, memory_order_relaxed);
    while (
        !atomic_compare_exchange_weak_explicit(&s->sum, &sum, sum + value, memory_order_relaxed, memory_order_relaxed))
        ;
}

/* A help text may hold anything but raw newlines and backslashes. */
static stella_status write_help(const stella_metric *s, const stella_sink *sink, stella_error *err) {
    char text[512];
    size_t used = 0;
    for (const char *c = s->help; *c && used < sizeof text - 3; c++) {
        if (*c == '\\' || *c == '\n')
            text[used++] = '\\';
        text[used++] = *c == '\n' ? 'n' : *c;
    }
    return stella_sink_write(sink, stella_sv_of(text, used), err);
}

stella_status series_write_head(const stella_metric *s, const stella_sink *sink, stella_error *err) {
    static const char *const kinds[] = {
        [STELLA_METRIC_COUNTER] = "counter", [STELLA_METRIC_GAUGE] = "gauge", [STELLA_METRIC_HISTOGRAM] = "histogram"};
    char line[SERIES_NAME_MAX + 64];
    snprintf(line, sizeof line, "# HELP %s ", s->name);
    stella_status status = stella_sink_write(sink, stella_sv_cstr(line), err);
    if (status == STELLA_OK)
        status = write_help(s, sink, err);
    snprintf(line, sizeof line, "\n# TYPE %s %s\n", s->name, kinds[s->kind]);
    return status == STELLA_OK ? stella_sink_write(sink, stella_sv_cstr(line), err) : status;
}

static stella_status write_histogram(const stella_metric *s, const stella_sink *sink, stella_error *err) {
    stella_status status = STELLA_OK;
    const char *comma = s->labels[0] ? "," : "";
    unsigned long long below = 0;
    char line[LINE_MAX_BYTES];
    for (uint32_t i = 0; i < s->bucket_count && status == STELLA_OK; i++) {
        below += atomic_load_explicit(&s->buckets[i], memory_order_relaxed);
        snprintf(line, sizeof line, "%s_bucket{%s%sle=\"%g\"} %llu\n", s->name, s->labels, comma, s->bounds[i], below);
        status = stella_sink_write(sink, stella_sv_cstr(line), err);
    }
    if (status != STELLA_OK)
        return status;
    /* Observations go on meanwhile: the count must not be seen below the buckets. */
    unsigned long long count = atomic_load_explicit(&s->count, memory_order_relaxed);
    count = count < below ? below : count;
    snprintf(line, sizeof line, "%s_bucket{%s%sle=\"+Inf\"} %llu\n", s->name, s->labels, comma, count);
    status = stella_sink_write(sink, stella_sv_cstr(line), err);
    const char *open = s->labels[0] ? "{" : "", *close = s->labels[0] ? "}" : "";
    snprintf(line, sizeof line, "%s_sum%s%s%s %.17g\n%s_count%s%s%s %llu\n", s->name, open, s->labels, close,
             atomic_load_explicit(&s->sum, memory_order_relaxed), s->name, open, s->labels, close, count);
    return status == STELLA_OK ? stella_sink_write(sink, stella_sv_cstr(line), err) : status;
}

stella_status series_write(const stella_metric *s, const stella_sink *sink, stella_error *err) {
    if (s->kind == STELLA_METRIC_HISTOGRAM)
        return write_histogram(s, sink, err);
    char line[LINE_MAX_BYTES];
    const char *open = s->labels[0] ? "{" : "", *close = s->labels[0] ? "}" : "";
    if (s->kind == STELLA_METRIC_COUNTER)
        snprintf(line, sizeof line, "%s%s%s%s %llu\n", s->name, open, s->labels, close, atomic_load(&s->count));
    else
        snprintf(line, sizeof line, "%s%s%s%s %lld\n", s->name, open, s->labels, close, atomic_load(&s->gauge));
    return stella_sink_write(sink, stella_sv_cstr(line), err);
}
