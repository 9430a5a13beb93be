#include "check.h"

#include "metrics/metrics.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

static metrics *registry;
static stella_buf text;

static int open_registry(void **state) {
    (void)state;
    registry = metrics_create(NULL);
    text = stella_buf_of(1u << 20);
    return registry ? 0 : -1;
}

static int close_registry(void **state) {
    (void)state;
    metrics_destroy(registry);
    stella_buf_fini(&text);
    return 0;
}

static const char *written(void) {
    stella_buf_fini(&text);
    const stella_sink sink = stella_buf_sink(&text);
    assert_int_equal(metrics_write(registry, &sink, NULL), STELLA_OK);
    return text.ptr ? text.ptr : "";
}

static stella_metric *make(uint32_t kind, const char *name, const char *key, const char *value) {
    const stella_metric_label label = {.key = key, .value = value};
    const stella_metric_spec spec = {.struct_size = sizeof spec,
                                     .kind = kind,
                                     .name = name,
                                     .help = "Help",
                                     .labels = &label,
                                     .label_count = key ? 1 : 0};
    const stella_metrics *m = metrics_interface(registry);
    return m->metric(m->self, &spec);
}

static void writes_names_in_order_with_one_head_each(void **state) {
    (void)state;
    const stella_metrics *m = metrics_interface(registry);
    m->add(make(STELLA_METRIC_COUNTER, "jobs_total", "kind", "b"), 2);
    m->set(make(STELLA_METRIC_GAUGE, "hosts", NULL, NULL), -3);
    m->add(make(STELLA_METRIC_COUNTER, "jobs_total", "kind", "a\"\\\n"), 5);
    assert_string_equal(written(), "# HELP hosts Help\n# TYPE hosts gauge\nhosts -3\n"
                                   "# HELP jobs_total Help\n# TYPE jobs_total counter\n"
                                   "jobs_total{kind=\"b\"} 2\njobs_total{kind=\"a\\\"\\\\\\n\"} 5\n");
}

static void gives_the_same_metric_for_the_same_name_and_labels(void **state) {
    (void)state;
    stella_metric *a = make(STELLA_METRIC_COUNTER, "jobs_total", "kind", "a");
    assert_ptr_equal(a, make(STELLA_METRIC_COUNTER, "jobs_total", "kind", "a"));
    assert_ptr_not_equal(a, make(STELLA_METRIC_COUNTER, "jobs_total", "kind", "b"));
}

static void counts_a_histogram_cumulatively(void **state) {
    (void)state;
    const double bounds[] = {0.5, 2};
    const stella_metric_spec spec = {.struct_size = sizeof spec,
                                     .kind = STELLA_METRIC_HISTOGRAM,
                                     .name = "wait_seconds",
                                     .help = "Wait",
                                     .bucket_count = 2,
                                     .buckets = bounds};
    const stella_metrics *m = metrics_interface(registry);
    stella_metric *wait = m->metric(m->self, &spec);
    m->observe(wait, 0.5);
    m->observe(wait, 1);
    m->observe(wait, 8);
    m->observe(wait, NAN);
    assert_string_equal(written(), "# HELP wait_seconds Wait\n# TYPE wait_seconds histogram\n"
                                   "wait_seconds_bucket{le=\"0.5\"} 1\nwait_seconds_bucket{le=\"2\"} 2\n"
                                   "wait_seconds_bucket{le=\"+Inf\"} 3\nwait_seconds_sum 9.5\nwait_seconds_count 3\n");
}

static void writes_nothing_of_a_refused_metric_and_still_counts_safely(void **state) {
    (void)state;
    const stella_metrics *m = metrics_interface(registry);
    m->add(make(STELLA_METRIC_COUNTER, "jobs", NULL, NULL), 1);       /* no _total */
    m->add(make(STELLA_METRIC_COUNTER, "Jobs_total", NULL, NULL), 1); /* capital */
    m->add(make(STELLA_METRIC_COUNTER, "jobs_total", "9", "x"), 1);   /* label key */
    assert_string_equal(written(), "");
    m->set(make(STELLA_METRIC_GAUGE, "hosts", NULL, NULL), 7);
    m->observe(make(STELLA_METRIC_HISTOGRAM, "hosts", NULL, NULL), 1); /* another kind */
    assert_string_equal(written(), "# HELP hosts Help\n# TYPE hosts gauge\nhosts 7\n");
}

static void *add_many(void *metric) {
    const stella_metrics *m = metrics_interface(registry);
    for (int i = 0; i < 100000; i++)
        m->add(metric, 1);
    return NULL;
}

static void loses_no_count_between_threads(void **state) {
    (void)state;
    stella_metric *jobs = make(STELLA_METRIC_COUNTER, "jobs_total", NULL, NULL);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, jobs), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_non_null(strstr(written(), "\njobs_total 400000\n"));
}

static void a_counter_kept_elsewhere_is_raised_and_never_lowered(void **state) {
    (void)state;
    metrics_count_to(registry, "done_total", "Help", 7);
    metrics_count_to(registry, "done_total", "Help", 5);
    assert_string_equal(written(), "# HELP done_total Help\n# TYPE done_total counter\ndone_total 7\n");
    metrics_count_to(registry, "done_total", "Help", 8);
    assert_non_null(strstr(written(), "\ndone_total 8\n"));
}

#define METRICS_TEST(function) cmocka_unit_test_setup_teardown(function, open_registry, close_registry)

int main(void) {
    const struct CMUnitTest all[] = {
        METRICS_TEST(writes_names_in_order_with_one_head_each),
        METRICS_TEST(gives_the_same_metric_for_the_same_name_and_labels),
        METRICS_TEST(counts_a_histogram_cumulatively),
        METRICS_TEST(writes_nothing_of_a_refused_metric_and_still_counts_safely),
        METRICS_TEST(loses_no_count_between_threads),
        METRICS_TEST(a_counter_kept_elsewhere_is_raised_and_never_lowered),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
