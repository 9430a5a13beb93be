#include "lifecycle/stellad.h"

#include "http/listen.h"
#include "lifecycle/notify.h"

#include <stella/auto.h>

#include <stdio.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define STOP_REQUESTS_MS 1000 /* after the services: requests under way get their answer */

static int64_t wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static stella_status load_catalogue(const conf *c, catalogue **out, stella_error *err) {
    const char *const *dirs, *const *trust_dirs;
    const uint32_t count = conf_list(c, CONF_PLUGINS_DIRS, &dirs);
    const uint32_t trust_count = conf_list(c, CONF_PLUGINS_TRUST_DIRS, &trust_dirs);
    const catalogue_options options = {.plugin_dirs = dirs,
                                       .plugin_dir_count = count,
                                       .trust_dirs = trust_dirs,
                                       .trust_dir_count = trust_count,
                                       .now_ms = wall_ms()};
    return catalogue_load(&options, out, err);
}

static void say_refusals(const stellad *d) {
    for (uint32_t i = 0; i < d->inventory.refusal_count; i++)
        log_failure(d->log, STELLA_LOG_ERROR, "plugin refused", &d->inventory.refusals[i].error);
}

static stella_status start_supervisor(stellad *d, stella_error *err) {
    catalogue *plugins = NULL;
    stella_status status = load_catalogue(d->conf, &plugins, err);
    if (status == STELLA_OK)
        status = inventory_of(plugins, &d->inventory, err);
    if (status == STELLA_OK)
        say_refusals(d);
    const supervisor_options options = {
        .log = d->log,
        .minimum = (sandbox_level)conf_number(d->conf, CONF_WORKER_SANDBOX_MIN),
        .memory_bytes = (uint64_t)conf_number(d->conf, CONF_WORKER_MEMORY_MB) << 20,
        .memory_bytes_max = (uint64_t)conf_number(d->conf, CONF_WORKER_MEMORY_MAX_MB) << 20,
        .plugin_ms = (uint32_t)conf_number(d->conf, CONF_WORKER_PLUGIN_TIME_S) * 1000,
        .plugin_ms_max = (uint32_t)conf_number(d->conf, CONF_WORKER_PLUGIN_TIME_MAX_S) * 1000,
        .ready_ms = (uint32_t)conf_number(d->conf, CONF_WORKER_READY_S) * 1000,
    };
    if (status == STELLA_OK)
        status = supervisor_create(&options, plugins, &d->supervisor, err);
    if (status != STELLA_OK) {
        catalogue_destroy(plugins);
        return status;
    }
    return services_create(&d->services, plugins, &d->host, err);
}

static stella_status start_http(stellad *d, stella_error *err) {
    http_options options = {
        .socket_path = conf_text(d->conf, CONF_HTTP_SOCKET),
        .tcp_listen = conf_text(d->conf, CONF_HTTP_TCP_LISTEN),
        .tcp_control = (int)conf_number(d->conf, CONF_HTTP_TCP_CONTROL),
        .tcp_per_address_max = (uint32_t)conf_number(d->conf, CONF_HTTP_TCP_PER_ADDRESS_MAX),
        .body_max_bytes = (uint64_t)conf_number(d->conf, CONF_HTTP_BODY_MAX_KB) << 10,
        .headers_max = (uint32_t)conf_number(d->conf, CONF_HTTP_HEADERS_MAX),
        .timeout_s = (uint32_t)conf_number(d->conf, CONF_HTTP_TIMEOUT_S),
        .body_s = (uint32_t)conf_number(d->conf, CONF_HTTP_BODY_S),
        .connections_max = (uint32_t)conf_number(d->conf, CONF_HTTP_CONNECTIONS_MAX),
        .threads = (uint32_t)conf_number(d->conf, CONF_HTTP_THREADS),
        .log = d->log,
        .metrics = metrics_interface(d->metrics),
    };
    listen_inherited(&options.unix_fd, &options.tcp_fd);
    d->http = http_create(&options);
    if (!d->http)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the HTTP server");
    return stellad_add_routes(d, err);
}

static stella_status start_state(stellad *d, stella_error *err) {
    const state_options options = {.dir = conf_text(d->conf, CONF_STATE_DIR),
                                   .size_max_bytes = (uint64_t)conf_number(d->conf, CONF_STATE_SIZE_MAX_MB) << 20,
                                   .log = d->log};
    return state_open(&options, &d->state, err);
}

static stella_status start_bus(stellad *d, stella_error *err) {
    if (!conf_number(d->conf, CONF_BUS_ENABLED))
        return STELLA_OK;
    listen_make_parent(conf_text(d->conf, CONF_BUS_SOCKET));
    return bus_open(conf_text(d->conf, CONF_BUS_SOCKET), NULL, &d->bus, err);
}

static stella_status start_base(stellad *d, stella_error *err) {
    const log_options options = {.fd = STDERR_FILENO,
                                 .format = (log_format)conf_number(d->conf, CONF_LOG_FORMAT),
                                 .level = (int32_t)conf_number(d->conf, CONF_LOG_LEVEL) + STELLA_LOG_ERROR};
    d->logger = log_create(&options);
    d->log = d->logger ? log_interface(d->logger) : NULL;
    d->metrics = metrics_create(d->log);
    d->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return d->logger && d->metrics && d->wake_fd >= 0
               ? STELLA_OK
               : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory or descriptors to start with");
}

/* The state's lock comes before everything that shows: a second daemon leaves no trace. */
static stella_status start_all(stellad *d, stella_error *err) {
    stella_status (*const steps[])(stellad *, stella_error *) = {start_base, start_state, start_http, start_bus,
                                                                 start_supervisor};
    stella_status status = STELLA_OK;
    for (size_t i = 0; status == STELLA_OK && i < sizeof steps / sizeof steps[0]; i++)
        status = steps[i](d, err);
    if (status == STELLA_OK)
        status = services_start(&d->services, err);
    if (status == STELLA_OK)
        status = http_start(d->http, err);
    return status;
}

static void say_started(const stellad *d) {
    char plugins[16], refused[16], pid[16];
    snprintf(plugins, sizeof plugins, "%u", d->inventory.plugin_count);
    snprintf(refused, sizeof refused, "%u", d->inventory.refusal_count);
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    log_event(d->log, STELLA_LOG_INFO, "ready", "version", STELLA_VERSION, "pid", pid, "socket",
              conf_text(d->conf, CONF_HTTP_SOCKET), "state", conf_text(d->conf, CONF_STATE_DIR), "plugins", plugins,
              "refused", refused, "generation", d->inventory.generation, NULL);
}

stella_status stellad_start(stellad *d, const conf_presets *presets, int config_required, conf **configuration,
                            stella_error *err) {
    *d = (stellad){.presets = presets,
                   .config_required = config_required,
                   .conf = STELLA_TAKE(*configuration),
                   .started_ms = wall_ms(),
                   .wake_fd = -1};
    pthread_rwlock_init(&d->lock, NULL);
    pthread_mutex_init(&d->ask_lock, NULL);
    pthread_cond_init(&d->answered, NULL);
    stellad_offer(d);
    const stella_status status = start_all(d, err);
    if (status != STELLA_OK) {
        if (d->log)
            log_failure(d->log, STELLA_LOG_ERROR, "the daemon does not start", err);
        stellad_stop(d, 0);
        return status;
    }
    atomic_store(&d->is_ready, 1);
    say_started(d);
    stellad_check_host(d);
    notify_send("READY=1");
    return STELLA_OK;
}

void stellad_stop(stellad *d, uint32_t deadline_ms) {
    const int was_ready = atomic_exchange(&d->is_ready, 0);
    services_drain(&d->services, deadline_ms);
    if (d->http)
        http_stop(d->http, deadline_ms ? STOP_REQUESTS_MS : 0);
    if (d->supervisor)
        supervisor_drain(d->supervisor, 0); /* the services have ended their jobs: what runs is nobody's */
    stellad_end_host_check(d);
    services_destroy(&d->services);
    supervisor_destroyp(&d->supervisor);
    http_destroyp(&d->http);
    bus_closep(&d->bus);
    state_closep(&d->state);
    inventory_fini(&d->inventory);
    conf_destroyp(&d->conf);
    if (was_ready)
        log_event(d->log, STELLA_LOG_INFO, "stopped", NULL);
    metrics_destroyp(&d->metrics);
    log_destroyp(&d->logger);
    stella_fd_closep(&d->wake_fd);
    pthread_cond_destroy(&d->answered);
    pthread_mutex_destroy(&d->ask_lock);
    pthread_rwlock_destroy(&d->lock);
}

static void log_problem(void *context, const stella_error *error) {
    log_failure(context, STELLA_LOG_ERROR, "configuration", error);
}

/* Takes plugins on success. */
static stella_status adopt(stellad *d, catalogue **plugins, stella_error *err) {
    STELLA_AUTO(inventory_fini) inventory fresh = {.plugins = NULL};
    stella_status status = inventory_of(*plugins, &fresh, err);
    if (status != STELLA_OK)
        return status;
    const inventory_refusal *refusal = inventory_new_refusal(&d->inventory, &fresh);
    if (refusal) {
        if (err)
            *err = refusal->error;
        return refusal->error.code;
    }
    if (strcmp(fresh.generation, d->inventory.generation) != 0) {
        status = supervisor_adopt(d->supervisor, *plugins, err);
        if (status != STELLA_OK)
            return status;
        *plugins = NULL;
    } else
        supervisor_release_held(d->supervisor);
    pthread_rwlock_wrlock(&d->lock);
    const inventory before = d->inventory;
    d->inventory = fresh;
    fresh = before;
    pthread_rwlock_unlock(&d->lock);
    return STELLA_OK;
}

static void say_pending(const stellad *d, const conf *fresh) {
    for (int key = 0; key < CONF_KEY_COUNT; key++)
        if (!conf_table[key].is_live && conf_differs(d->conf, fresh, (conf_key)key))
            log_event(d->log, STELLA_LOG_WARN, "the change takes effect at the next start", "key", conf_table[key].path,
                      "origin", conf_origin(fresh, (conf_key)key), NULL);
}

stella_status stellad_reload(stellad *d, stella_error *err) {
    STELLA_AUTO(conf_destroyp) conf *fresh = NULL;
    STELLA_AUTO(catalogue_destroyp) catalogue *plugins = NULL;
    conf_source source = conf_presets_source(d->presets, d->config_required);
    source.problem = log_problem;
    source.context = (void *)(uintptr_t)d->log;
    stella_status status = conf_load(&source, &fresh, err);
    if (status == STELLA_OK)
        status = load_catalogue(fresh, &plugins, err);
    if (status == STELLA_OK)
        status = adopt(d, &plugins, err);
    if (status != STELLA_OK)
        return status;
    say_pending(d, fresh);
    log_set(d->logger, (int32_t)conf_number(fresh, CONF_LOG_LEVEL) + STELLA_LOG_ERROR,
            (log_format)conf_number(fresh, CONF_LOG_FORMAT));
    pthread_rwlock_wrlock(&d->lock);
    conf *before = d->conf;
    d->conf = fresh;
    fresh = before;
    pthread_rwlock_unlock(&d->lock);
    services_reload(&d->services, d->log);
    return STELLA_OK;
}
