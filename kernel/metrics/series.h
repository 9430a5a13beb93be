/* series.h - one metric with its labels: checking the spec, counting, writing. */
#ifndef KERNEL_METRICS_SERIES_H
#define KERNEL_METRICS_SERIES_H

#include <stella/metrics.h>
#include <stella/sink.h>

#include <stdatomic.h>

#define SERIES_NAME_MAX    127u
#define SERIES_LABELS_SIZE 1024u /* key="value",... with its NUL */

struct stella_metric {
    stella_metric *next;
    uint32_t kind;
    uint32_t bucket_count;
    char *name, *help, *labels;
    atomic_ullong count; /* of a counter; of a histogram's observations */
    atomic_llong gauge;
    _Atomic double sum; /* of a histogram */
    double bounds[STELLA_METRIC_BUCKETS_MAX];
    atomic_ullong buckets[STELLA_METRIC_BUCKETS_MAX]; /* each its own share, made cumulative when written */
};

/* Checks a spec and renders its labels. Returns what is wrong with it, or NULL. */
const char *series_check(const stella_metric_spec *spec, char labels[SERIES_LABELS_SIZE]);

/* From a checked spec; NULL when memory is short. destroy takes NULL. */
stella_metric *series_create(const stella_metric_spec *spec, const char *labels);
void series_destroy(stella_metric *s);

void series_add(stella_metric *s, uint64_t more);
void series_raise(stella_metric *s, uint64_t total); /* to total; one that is higher stays */
void series_set(stella_metric *s, int64_t value);
void series_shift(stella_metric *s, int64_t by);
void series_observe(stella_metric *s, double value);

/* The HELP and TYPE lines; the lines of the values. */
stella_status series_write_head(const stella_metric *s, const stella_sink *sink, stella_error *err);
stella_status series_write(const stella_metric *s, const stella_sink *sink, stella_error *err);

#endif
