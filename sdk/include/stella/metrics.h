/* stella/metrics.h - host interface "stella.metrics/1": counters, gauges and histograms at /metrics. Role: kernel.
 *
 *     stella_metric *done = metrics->metric(metrics->self, &(stella_metric_spec){
 *         .struct_size = sizeof(stella_metric_spec), .kind = STELLA_METRIC_COUNTER,
 *         .name = "stellaops_scanner_jobs_total", .help = "Jobs that ended", .labels = labels, .label_count = 1});
 *     metrics->add(done, 1);
 *
 * Register once, keep the handle: add, set and observe are a few atomic instructions, register takes a lock. */
#ifndef STELLA_METRICS_H
#define STELLA_METRICS_H

#include <stella/plugin.h>

STELLA_BEGIN_DECLS

#define STELLA_METRICS_INTERFACE "stella.metrics/1"

#define STELLA_METRIC_COUNTER   1 /* only grows; its name ends in _total */
#define STELLA_METRIC_GAUGE     2
#define STELLA_METRIC_HISTOGRAM 3 /* times are seconds */

#define STELLA_METRIC_LABELS_MAX  8
#define STELLA_METRIC_BUCKETS_MAX 24

typedef struct stella_metric stella_metric; /* lives as long as the host */

typedef struct stella_metric_label {
    const char *key; /* [a-z_][a-z0-9_]* */
    const char *value;
} stella_metric_label;

typedef struct stella_metric_spec {
    uint32_t struct_size;
    uint32_t kind;    /* STELLA_METRIC_* */
    const char *name; /* [a-z_][a-z0-9_]*, at most 127 bytes */
    const char *help; /* one sentence; that of the first registration of the name counts */
    const stella_metric_label *labels;
    uint32_t label_count;
    uint32_t bucket_count; /* HISTOGRAM: 0 = 14 buckets from 100 us to 60 s */
    const double *buckets; /* upper bounds, ascending, without +Inf */
} stella_metric_spec;

typedef struct stella_metrics {
    stella_abi_head head;
    void *self;

    /* The metric of that name and labels, made at the first call; everything of spec is copied. Never NULL: a spec that
     * breaks the rules above, or one kind under two names, gives a metric that is counted nowhere, and a log line.
     * [any thread] */
    stella_metric *(*metric)(void *self, const stella_metric_spec *spec);

    void (*add)(stella_metric *metric, uint64_t more);    /* COUNTER. [any thread] */
    void (*set)(stella_metric *metric, int64_t value);    /* GAUGE. [any thread] */
    void (*shift)(stella_metric *metric, int64_t by);     /* GAUGE, up or down. [any thread] */
    void (*observe)(stella_metric *metric, double value); /* HISTOGRAM; not-a-number is dropped. [any thread] */
} stella_metrics;

STELLA_END_DECLS

#endif
