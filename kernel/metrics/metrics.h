/* metrics.h - the registry behind stella/metrics.h, and its text at /metrics (Prometheus exposition format 0.0.4). */
#ifndef KERNEL_METRICS_METRICS_H
#define KERNEL_METRICS_METRICS_H

#include <stella/log.h>
#include <stella/metrics.h>
#include <stella/sink.h>

#define METRICS_SERIES_MAX 10000 /* names with their labels; further ones are counted nowhere */

typedef struct metrics metrics;

/* log  told of refused specs; may be NULL. NULL when memory is short. */
metrics *metrics_create(const stella_log *log);
void metrics_destroy(metrics *m);
void metrics_destroyp(metrics **m);

/* The ABI face: same lifetime as the registry. */
const stella_metrics *metrics_interface(metrics *m);

/* The short form for the kernel's own gauges, which have no labels. */
stella_metric *metrics_gauge(metrics *m, const char *name, const char *help);

/* A counter of the kernel's own, without labels, whose sum is kept elsewhere: raised to total, never lowered. */
void metrics_count_to(metrics *m, const char *name, const char *help, uint64_t total);

/* Writes all metrics, names in byte order, series in order of registration. [any thread] */
stella_status metrics_write(metrics *m, const stella_sink *sink, stella_error *err);

#endif
