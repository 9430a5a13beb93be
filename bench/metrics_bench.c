/* metrics_bench.c - what an instrumented call costs, alone and with two threads on one metric. */
#include "bench.h"

#include "metrics/metrics.h"

#include <pthread.h>

#define CALLS 5000000u

static const stella_metrics *face;
static stella_metric *jobs, *wait_seconds;

static void *count(void *unused) {
    (void)unused;
    for (unsigned i = 0; i < CALLS; i++)
        face->add(jobs, 1);
    return NULL;
}

static void *observe(void *unused) {
    (void)unused;
    for (unsigned i = 0; i < CALLS; i++)
        face->observe(wait_seconds, (double)(i & 1023) * 0.01);
    return NULL;
}

static double per_call(void *(*body)(void *), int threads) {
    pthread_t other;
    const double begin = bench_now_s();
    if (threads == 2 && pthread_create(&other, NULL, body, NULL) != 0)
        return -1;
    body(NULL);
    if (threads == 2)
        pthread_join(other, NULL);
    return (bench_now_s() - begin) * 1e6 / CALLS;
}

int main(void) {
    metrics *registry = metrics_create(NULL);
    if (!registry)
        return 1;
    face = metrics_interface(registry);
    jobs = face->metric(face->self, &(stella_metric_spec){.struct_size = sizeof(stella_metric_spec),
                                                          .kind = STELLA_METRIC_COUNTER,
                                                          .name = "bench_jobs_total",
                                                          .help = "Calls"});
    wait_seconds = face->metric(face->self, &(stella_metric_spec){.struct_size = sizeof(stella_metric_spec),
                                                                  .kind = STELLA_METRIC_HISTOGRAM,
                                                                  .name = "bench_wait_seconds",
                                                                  .help = "Waits"});
    bench_result("metrics.counter", per_call(count, 1), "us", "< 0.2");
    bench_result("metrics.histogram", per_call(observe, 1), "us", "< 0.2");
    bench_result("metrics.counter.2_threads", per_call(count, 2), "us", "< 0.2");
    bench_result("metrics.histogram.2_threads", per_call(observe, 2), "us", "< 0.2");
    metrics_destroy(registry);
    return 0;
}
