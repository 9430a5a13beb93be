#include "metrics/metrics.h"

#include "metrics/series.h"

#include <pthread.h>
#include <stdlib.h>

struct metrics {
    stella_metrics face;
    const stella_log *log;
    pthread_mutex_t lock; /* guards the lists; values are atomic */
    stella_metric *first; /* ordered by name, then by registration */
    uint32_t count;
    stella_metric *discard[STELLA_METRIC_HISTOGRAM + 1]; /* by kind: what a refused spec is given */
};

static stella_metric *find(metrics *m, const stella_metric_spec *spec, const char *labels, stella_metric ***place) {
    stella_metric **at = &m->first;
    for (; *at && strcmp((*at)->name, spec->name) <= 0; at = &(*at)->next)
        if (strcmp((*at)->name, spec->name) == 0 && strcmp((*at)->labels, labels) == 0)
            return *at;
    *place = at;
    return NULL;
}

static int has_other_kind(const metrics *m, const stella_metric_spec *spec) {
    for (const stella_metric *s = m->first; s; s = s->next)
        if (strcmp(s->name, spec->name) == 0 && s->kind != spec->kind)
            return 1;
    return 0;
}

static void say_refused(metrics *m, const stella_metric_spec *spec, const char *why) {
    const stella_log_field fields[] = {
        {.key = STELLA_SV("metric"), .value = stella_sv_cstr(spec->name ? spec->name : "")},
        {.key = STELLA_SV("error"), .value = stella_sv_cstr(why)},
    };
    if (m->log)
        m->log->write(m->log->self, STELLA_LOG_WARN, STELLA_SV("metric refused"), fields, 2, sizeof fields[0]);
}

static stella_metric *refuse(metrics *m, const stella_metric_spec *spec, const char *why) {
    say_refused(m, spec, why);
    const int is_known = spec->kind >= STELLA_METRIC_COUNTER && spec->kind <= STELLA_METRIC_HISTOGRAM;
    return m->discard[is_known ? spec->kind : STELLA_METRIC_COUNTER];
}

static stella_metric *insert(metrics *m, const stella_metric_spec *spec, const char *labels) {
    stella_metric **place = NULL;
    stella_metric *known = find(m, spec, labels, &place);
    if (known)
        return known->kind == spec->kind ? known : NULL;
    if (has_other_kind(m, spec) || m->count >= METRICS_SERIES_MAX)
        return NULL;
    stella_metric *made = series_create(spec, labels);
    if (!made)
        return NULL;
    made->next = *place;
    *place = made;
    m->count++;
    return made;
}

static stella_metric *metric(void *self, const stella_metric_spec *spec) {
    metrics *m = self;
    char labels[SERIES_LABELS_SIZE];
    const char *wrong = series_check(spec, labels);
    if (wrong)
        return refuse(m, spec, wrong);
    pthread_mutex_lock(&m->lock);
    stella_metric *found = insert(m, spec, labels);
    pthread_mutex_unlock(&m->lock);
    return found ? found : refuse(m, spec, "it is registered as another kind, or there are too many");
}

metrics *metrics_create(const stella_log *log) {
    metrics *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    pthread_mutex_init(&m->lock, NULL);
    m->log = log;
    m->face = (stella_metrics){.head = STELLA_HEAD(stella_metrics),
                               .self = m,
                               .metric = metric,
                               .add = series_add,
                               .set = series_set,
                               .shift = series_shift,
                               .observe = series_observe};
    for (uint32_t kind = STELLA_METRIC_COUNTER; kind <= STELLA_METRIC_HISTOGRAM; kind++) {
        const stella_metric_spec spec = {.struct_size = sizeof spec, .kind = kind, .name = "discarded", .help = ""};
        m->discard[kind] = series_create(&spec, "");
        if (!m->discard[kind]) {
            metrics_destroy(m);
            return NULL;
        }
    }
    return m;
}

void metrics_destroy(metrics *m) {
    if (!m)
        return;
    while (m->first) {
        stella_metric *next = m->first->next;
        series_destroy(m->first);
        m->first = next;
    }
    for (uint32_t kind = STELLA_METRIC_COUNTER; kind <= STELLA_METRIC_HISTOGRAM; kind++)
        series_destroy(m->discard[kind]);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

void metrics_destroyp(metrics **m) {
    metrics_destroy(*m);
    *m = NULL;
}

const stella_metrics *metrics_interface(metrics *m) {
    return &m->face;
}

stella_metric *metrics_gauge(metrics *m, const char *name, const char *help) {
    return metric(
        m, &(stella_metric_spec){
               .struct_size = sizeof(stella_metric_spec), .kind = STELLA_METRIC_GAUGE, .name = name, .help = help});
}

void metrics_count_to(metrics *m, const char *name, const char *help, uint64_t total) {
    stella_metric *counter = metric(
        m, &(stella_metric_spec){
               .struct_size = sizeof(stella_metric_spec), .kind = STELLA_METRIC_COUNTER, .name = name, .help = help});
    series_raise(counter, total);
}

stella_status metrics_write(metrics *m, const stella_sink *sink, stella_error *err) {
    stella_status status = STELLA_OK;
    pthread_mutex_lock(&m->lock);
    const char *name = "";
    for (const stella_metric *s = m->first; s && status == STELLA_OK; s = s->next) {
        if (strcmp(s->name, name) != 0)
            status = series_write_head(s, sink, err);
        name = s->name;
        if (status == STELLA_OK)
            status = series_write(s, sink, err);
    }
    pthread_mutex_unlock(&m->lock);
    return status;
}
