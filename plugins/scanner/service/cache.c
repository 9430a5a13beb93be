/* cache.c - the daemon's cache: opened as configured, counted, cleaned by a thread. */
#include "service.h"

#include <stella/auto.h>

#include <errno.h>
#include <stdio.h>
#include <time.h>

#define KEY(name) "scanner.cache." name
#define MIB       ((uint64_t)1 << 20)
#define TEXT_MAX  1024

/* A text of the configuration; the fallback when it is empty. Returns 0 for one that is too long. */
static int text_setting(const scanner_service *s, const char *key, const char *fallback, char out[TEXT_MAX]) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 14);
    stella_sv text = {0};
    if (!arena || s->config->text(s->config->self, key, arena, &text, NULL) != STELLA_OK || text.len == 0)
        text = stella_sv_cstr(fallback);
    return (size_t)snprintf(out, TEXT_MAX, "%.*s", STELLA_SV_FMT(text)) < TEXT_MAX;
}

static void log_error(const scanner_service *s, const char *message, const stella_error *why) {
    const stella_log_field fields[] = {{.key = STELLA_SV("path"), .value = stella_sv_cstr(why->path)},
                                       {.key = STELLA_SV("error"), .value = stella_sv_cstr(why->message)}};
    s->log->write(s->log->self, STELLA_LOG_WARN, stella_sv_cstr(message), fields, 2, sizeof fields[0]);
}

/* ---- metrics ------------------------------------------------------------------------------------------------------
 */

static const char *const kinds[CACHE_KINDS] = {[CACHE_LAYER] = "layer", [CACHE_FILE] = "file"};

static void observe(void *self, cache_event event, cache_kind kind, uint64_t bytes) {
    const scanner_service *s = self;
    s->metrics->add(s->cache_events[event][kind], 1);
    if (event == CACHE_HIT || event == CACHE_STORED || event == CACHE_EVICTED)
        s->metrics->observe(s->cache_bytes[event][kind], (double)bytes);
}

static stella_metric *metric(const scanner_service *s, uint32_t type, const char *name, const char *help,
                             cache_kind kind, const char *event) {
    static const double sizes[] = {1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    const stella_metric_label labels[] = {{.key = "kind", .value = kinds[kind]}, {.key = "event", .value = event}};
    return s->metrics->metric(s->metrics->self,
                              &(stella_metric_spec){.struct_size = sizeof(stella_metric_spec),
                                                    .kind = type,
                                                    .name = name,
                                                    .help = help,
                                                    .labels = labels,
                                                    .label_count = event ? 2 : 1,
                                                    .bucket_count = type == STELLA_METRIC_HISTOGRAM ? 7 : 0,
                                                    .buckets = type == STELLA_METRIC_HISTOGRAM ? sizes : NULL});
}

static void make_metrics(scanner_service *s) {
    static const struct {
        const char *name, *help, *event;
    } events[CACHE_EVENTS] = {
        [CACHE_HIT] = {"stellaops_scanner_cache_hits_total", "Entries of the cache that were used", "hit"},
        [CACHE_MISS] = {"stellaops_scanner_cache_misses_total", "Entries that were looked for in vain", "miss"},
        [CACHE_STORED] = {"stellaops_scanner_cache_stored_total", "Entries stored", "stored"},
        [CACHE_EVICTED] = {"stellaops_scanner_cache_evictions_total", "Entries evicted", "evicted"},
        [CACHE_DAMAGED] = {"stellaops_scanner_cache_damaged_total", "Entries that were damaged", "damaged"}};
    for (int event = 0; event < CACHE_EVENTS; event++)
        for (int kind = 0; kind < CACHE_KINDS; kind++) {
            s->cache_events[event][kind] =
                metric(s, STELLA_METRIC_COUNTER, events[event].name, events[event].help, (cache_kind)kind, NULL);
            s->cache_bytes[event][kind] = metric(s, STELLA_METRIC_HISTOGRAM, "stellaops_scanner_cache_bytes",
                                                 "Sizes of entries", (cache_kind)kind, events[event].event);
        }
}

/* ---- the cache ----------------------------------------------------------------------------------------------------
 */

static uint64_t mib_setting(const scanner_service *s, const char *key, uint64_t fallback) {
    const uint64_t value = (uint64_t)service_setting(s, key, 0);
    return value ? value * MIB : fallback;
}

static stella_status open_cache(scanner_service *s, const char *state_dir, stella_error *err) {
    cache_options options = CACHE_OPTIONS_DEFAULT;
    char root[TEXT_MAX], whole[2 * TEXT_MAX], layers[TEXT_MAX], files[TEXT_MAX];
    if (!text_setting(s, KEY("root_path"), "cache/scanner", root) ||
        !text_setting(s, KEY("layers_directory_name"), "layers", layers) ||
        !text_setting(s, KEY("file_cas_directory_name"), "cas", files))
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a path of the cache is too long");
    snprintf(whole, sizeof whole, "%s/%s", state_dir, root);
    options.root = root[0] == '/' ? root : whole;
    options.layers_name = layers;
    options.files_name = files;
    options.layer_ttl_s = (uint64_t)service_setting(s, KEY("layer_ttl_days"), 45) * CACHE_DAY_S;
    options.file_ttl_s = (uint64_t)service_setting(s, KEY("file_ttl_days"), 30) * CACHE_DAY_S;
    options.max_bytes = (uint64_t)service_setting(s, KEY("max_mb"), 5120) * MIB;
    options.warm_bytes = mib_setting(s, KEY("warm_mb_threshold"), options.max_bytes / 5);
    options.cold_bytes = mib_setting(s, KEY("cold_mb_threshold"), options.max_bytes / 5 * 4);
    options.interval_s = (uint32_t)service_setting(s, KEY("maintenance_interval_s"), 900);
    options.has_eviction = service_setting(s, KEY("enable_auto_eviction"), 1) != 0;
    options.has_files = service_setting(s, KEY("enable_file_cas"), 1) != 0;
    options.observe = observe;
    options.self = s;
    return cache_open(&options, &s->cache, err);
}

static void transfer(scanner_service *s, const char *key,
                     stella_status (*how)(cache *, const char *, uint64_t *, stella_error *), const char *refused) {
    char dir[TEXT_MAX];
    uint64_t entries = 0;
    stella_error err = {0};
    if (s->cache && text_setting(s, key, "", dir) && dir[0] && how(s->cache, dir, &entries, &err) != STELLA_OK)
        log_error(s, refused, &err);
}

static void *maintain(void *argument) {
    scanner_service *s = argument;
    const int64_t interval_s = service_setting(s, KEY("maintenance_interval_s"), 900);
    pthread_mutex_lock(&s->lock);
    while (!s->is_draining) {
        struct timespec until;
        pthread_mutex_unlock(&s->lock);
        cache_maintain(s->cache, 0);
        pthread_mutex_lock(&s->lock);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += interval_s;
        while (!s->is_draining && pthread_cond_timedwait(&s->changed, &s->lock, &until) != ETIMEDOUT)
            ;
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

void service_cache_start(scanner_service *s, const char *state_dir) {
    stella_error err = {0};
    if (!service_setting(s, KEY("enabled"), 1))
        return;
    make_metrics(s);
    if (open_cache(s, state_dir, &err) != STELLA_OK) {
        log_error(s, "nothing is cached", &err);
        return;
    }
    transfer(s, KEY("import_directory"), cache_import, "the import into the cache was refused");
    s->has_maintainer = pthread_create(&s->maintainer, NULL, maintain, s) == 0;
}

void service_cache_stop(scanner_service *s) {
    if (s->has_maintainer)
        pthread_join(s->maintainer, NULL);
    s->has_maintainer = 0;
    transfer(s, KEY("export_directory"), cache_export, "the cache was not exported");
}
