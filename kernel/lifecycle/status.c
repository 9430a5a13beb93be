#include "lifecycle/status.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define OBITUARIES_SHOWN 5
#define FAILURES_MAX     32
#define SERVICE_BYTES    (1u << 20)

static int64_t wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *level_name(sandbox_level level) {
    static const char *const names[] = {
        [SANDBOX_NONE] = "none", [SANDBOX_SECCOMP] = "seccomp", [SANDBOX_FULL] = "full"};
    return names[level];
}

typedef struct load_failures {
    uint32_t count;
    char ids[FAILURES_MAX][128];
    stella_error errors[FAILURES_MAX];
} load_failures;

static const stella_error *failure_of(const load_failures *failures, const char *id) {
    for (uint32_t i = 0; i < failures->count; i++)
        if (strcmp(failures->ids[i], id) == 0)
            return &failures->errors[i];
    return NULL;
}

/* Of a kernel-role plugin: whether the file on disk is the one that runs. */
static const char *kernel_state(const stellad *d, const inventory_plugin *plugin) {
    for (uint32_t i = 0; i < d->services.count; i++)
        if (strcmp(d->services.list[i].id, plugin->id) == 0)
            return strcmp(d->services.list[i].digest, plugin->digest) == 0 ? "running" : "pending";
    return "pending";
}

static void write_plugin(const stellad *d, stella_json_writer *w, const inventory_plugin *plugin,
                         const load_failures *failures) {
    const stella_error *failure = failure_of(failures, plugin->id);
    const char *shown = plugin->role == PLUGIN_ROLE_KERNEL ? kernel_state(d, plugin) : failure ? "failed" : "ready";
    stella_json_begin_object(w);
    stella_json_member_str(w, "id", stella_sv_cstr(plugin->id));
    stella_json_member_str(w, "version", stella_sv_cstr(plugin->version));
    stella_json_member_str(w, "role", stella_sv_cstr(plugin_role_name(plugin->role)));
    stella_json_member_str(w, "digest", stella_sv_cstr(plugin->digest));
    stella_json_member_str(w, "key", stella_sv_cstr(plugin->key_id));
    stella_json_member_str(w, "state", stella_sv_cstr(shown));
    if (failure)
        stella_json_member_str(w, "error", stella_sv_cstr(failure->message));
    stella_json_end_object(w);
}

static void write_plugins(const stellad *d, stella_json_writer *w, const load_failures *failures) {
    stella_json_member_array(w, "plugins");
    for (uint32_t i = 0; i < d->inventory.plugin_count; i++)
        write_plugin(d, w, &d->inventory.plugins[i], failures);
    stella_json_end_array(w);
    stella_json_member_array(w, "refusals");
    for (uint32_t i = 0; i < d->inventory.refusal_count; i++) {
        const inventory_refusal *refusal = &d->inventory.refusals[i];
        stella_json_begin_object(w);
        stella_json_member_str(w, "dir", stella_sv_cstr(refusal->dir));
        stella_json_member_str(w, "file", stella_sv_cstr(refusal->error.path));
        stella_json_member_str(w, "message", stella_sv_cstr(refusal->error.message));
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_obituaries(stellad *d, stella_json_writer *w) {
    supervisor_obituary list[OBITUARIES_SHOWN];
    const uint32_t count = supervisor_obituaries(d->supervisor, list, OBITUARIES_SHOWN);
    stella_json_member_array(w, "obituaries");
    for (uint32_t i = 0; i < count; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "role", stella_sv_cstr(list[i].role));
        stella_json_member_str(w, "job", stella_sv_cstr(list[i].kind));
        stella_json_member_opt(w, "input", stella_sv_cstr(list[i].input));
        stella_json_member_opt(w, "plugin", stella_sv_cstr(list[i].plugin));
        stella_json_member_opt(w, "at", stella_sv_cstr(list[i].what));
        stella_json_member_u64(w, "signal", (uint64_t)(list[i].signal > 0 ? list[i].signal : 0));
        stella_json_member_opt(w, "error", stella_sv_cstr(list[i].host_error));
        stella_json_member_opt(w, "log", stella_sv_cstr(list[i].log_tail));
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_work(stellad *d, stella_json_writer *w) {
    supervisor_status status;
    supervisor_status_get(d->supervisor, &status);
    stella_json_member_object(w, "worker");
    stella_json_member_str(w, "sandbox", stella_sv_cstr(status.hosts_ready ? level_name(status.level) : "not started"));
    stella_json_member_u64(w, "hosts", status.hosts_ready);
    stella_json_member_opt(w, "held", stella_sv_cstr(status.held));
    stella_json_member_u64(w, "hostRestarts", status.host_restarts);
    stella_json_member_u64(w, "jobsRunning", status.jobs_running);
    stella_json_member_u64(w, "jobsDone", status.jobs_done);
    stella_json_member_u64(w, "jobsCrashed", status.jobs_crashed);
    write_obituaries(d, w);
    stella_json_end_object(w);
}

/* A service's object is read before it is passed on: a plugin cannot make the document malformed. */
static void write_service(const service *one, stella_arena *arena, stella_json_writer *w) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(SERVICE_BYTES);
    const stella_sink sink = stella_buf_sink(&buf);
    const stella_json *value = NULL;
    stella_json_key(w, stella_sv_cstr(one->id));
    stella_sv text = {0};
    if (one->is_started && one->table.status && one->table.status(one->instance, &sink, NULL) == STELLA_OK)
        text = stella_arena_dup(arena, stella_buf_sv(&buf));
    if (text.ptr && stella_json_parse(text, arena, &value, NULL) == STELLA_OK)
        stella_json_write_value(w, value);
    else
        stella_json_write_null(w);
}

static void write_services(const stellad *d, stella_arena *arena, stella_json_writer *w) {
    stella_json_member_object(w, "services");
    for (uint32_t i = 0; i < d->services.count; i++)
        write_service(&d->services.list[i], arena, w);
    stella_json_end_object(w);
}

static load_failures *find_failures(stellad *d, stella_arena *arena) {
    load_failures *failures = stella_arena_alloc(arena, 1, sizeof *failures);
    if (failures && stellad_has_scanners(d))
        failures->count =
            supervisor_load_failures(d->supervisor, "scan", failures->errors, failures->ids, FAILURES_MAX);
    if (failures && failures->count > FAILURES_MAX)
        failures->count = FAILURES_MAX;
    return failures;
}

static void write_all(stellad *d, const load_failures *failures, stella_arena *arena, stella_json_writer *w) {
    const int is_ready = atomic_load(&d->is_ready);
    supervisor_status work;
    supervisor_status_get(d->supervisor, &work);
    const int lacks_host = inventory_has_role(&d->inventory, PLUGIN_ROLE_SCAN) && work.hosts_ready == 0;
    const int is_degraded = d->inventory.refusal_count > 0 || failures->count > 0 || lacks_host;
    stella_json_begin_object(w);
    stella_json_member_str(w, "version", STELLA_SV(STELLA_VERSION));
    stella_json_member_u64(w, "pid", (uint64_t)getpid());
    stella_json_member_str(w, "state", stella_sv_cstr(!is_ready ? "draining" : is_degraded ? "degraded" : "ready"));
    stella_json_member_u64(w, "startedMs", (uint64_t)d->started_ms);
    stella_json_member_u64(w, "uptimeSeconds", (uint64_t)((wall_ms() - d->started_ms) / 1000));
    stella_json_member_str(w, "stateDir", stella_sv_cstr(conf_text(d->conf, CONF_STATE_DIR)));
    stella_json_member_str(w, "generation", stella_sv_cstr(d->inventory.generation));
    stella_json_member_u64(w, "logLinesDropped", log_dropped(d->logger));
    write_work(d, w);
    write_plugins(d, w, failures);
    write_services(d, arena, w);
    stella_json_end_object(w);
}

stella_status status_write(stellad *d, stella_arena *arena, const stella_sink *sink, stella_error *err) {
    const load_failures *failures = find_failures(d, arena);
    if (!failures)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the status");
    stella_json_writer w;
    stella_json_writer_init(&w, sink, 0);
    pthread_rwlock_rdlock(&d->lock);
    write_all(d, failures, arena, &w);
    pthread_rwlock_unlock(&d->lock);
    return stella_json_finish(&w, err);
}

void status_update_metrics(stellad *d) {
    const stella_metrics *m = metrics_interface(d->metrics);
    supervisor_status status;
    supervisor_status_get(d->supervisor, &status);
    m->set(metrics_gauge(d->metrics, "stellaops_worker_hosts", "Host processes that are ready"), status.hosts_ready);
    m->set(metrics_gauge(d->metrics, "stellaops_worker_jobs_running", "Jobs in a process now"), status.jobs_running);
    metrics_count_to(d->metrics, "stellaops_worker_jobs_done_total", "Jobs ended well since the start",
                     status.jobs_done);
    metrics_count_to(d->metrics, "stellaops_worker_jobs_crashed_total", "Jobs whose process died since the start",
                     status.jobs_crashed);
    metrics_count_to(d->metrics, "stellaops_log_lines_dropped_total", "Log lines that found no room since the start",
                     log_dropped(d->logger));
    m->set(metrics_gauge(d->metrics, "stellaops_start_time_seconds", "When the daemon started, seconds since 1970"),
           d->started_ms / 1000);
}
