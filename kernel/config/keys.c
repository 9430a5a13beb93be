#include "config/keys.h"

#include <stdio.h>

const conf_entry conf_table[CONF_KEY_COUNT] = {
    [CONF_LOG_LEVEL] = {.path = "log.level",
                        .type = CONF_CHOICE,
                        .is_live = 1,
                        .choices = {"error", "warn", "info", "debug"},
                        .fallback = "info",
                        .help = "The least important events that are written."},
    [CONF_LOG_FORMAT] = {.path = "log.format",
                         .type = CONF_CHOICE,
                         .is_live = 1,
                         .choices = {"auto", "text", "json"},
                         .fallback = "auto",
                         .help = "How events are written to standard error; auto is text on a terminal and json "
                                 "elsewhere."},
    [CONF_STATE_DIR] = {.path = "state.dir",
                        .type = CONF_PATH,
                        .fallback = "/var/lib/stella; in another prefix var/lib/stella below it",
                        .help = "What the daemon keeps: the state store and the results of jobs. One daemon a "
                                "directory."},
    [CONF_STATE_SIZE_MAX_MB] = {.path = "state.size_max_mb",
                                .type = CONF_NUMBER,
                                .min = 16,
                                .max = 1 << 20,
                                .fallback = "4096",
                                .unit = "MiB",
                                .help = "The state store grows to this size, then refuses writes."},
    [CONF_PLUGINS_DIRS] = {.path = "plugins.dirs",
                           .type = CONF_LIST,
                           .is_live = 1,
                           .fallback = "/usr/lib/stella/plugins; in another prefix lib/stella/plugins below it",
                           .help = "Directories with one folder a plugin, searched in this order."},
    [CONF_PLUGINS_TRUST_DIRS] = {.path = "plugins.trust_dirs",
                                 .type = CONF_LIST,
                                 .is_live = 1,
                                 .fallback = "/etc/stella/trust.d; in another prefix etc/stella/trust.d below it",
                                 .help = "Directories with the public keys whose signatures on plugins count, and "
                                         "with revocations."},
    [CONF_HTTP_SOCKET] = {.path = "http.socket",
                          .type = CONF_PATH,
                          .fallback = "/run/stella/stellad.sock; $XDG_RUNTIME_DIR/stella/stellad.sock for a user; in "
                                      "another prefix run/stella/stellad.sock below it",
                          .help = "The unix socket for the command line and local clients, mode 0660: who may write to "
                                  "it controls the daemon."},
    [CONF_HTTP_TCP_LISTEN] = {.path = "http.tcp.listen",
                              .type = CONF_TEXT,
                              .fallback = "",
                              .help = "Address and port to listen on besides, such as 127.0.0.1:8080 or [::1]:8080; "
                                      "empty: none."},
    [CONF_HTTP_TCP_CONTROL] = {.path = "http.tcp.control",
                               .type = CONF_SWITCH,
                               .fallback = "false",
                               .help = "Whether control requests and local files as targets are accepted over TCP too. "
                                       "There is no authentication yet: whoever reaches the port controls the "
                                       "daemon."},
    [CONF_HTTP_TCP_PER_ADDRESS_MAX] = {.path = "http.tcp.per_address_max",
                                       .type = CONF_NUMBER,
                                       .min = 0,
                                       .max = 65536,
                                       .fallback = "64",
                                       .help = "Most connections at once from one address over TCP; 0: as many as "
                                               "http.connections_max, such as behind a proxy."},
    [CONF_HTTP_BODY_MAX_KB] = {.path = "http.body_max_kb",
                               .type = CONF_NUMBER,
                               .min = 1,
                               .max = 4096,
                               .fallback = "1024",
                               .unit = "KiB",
                               .help = "Largest request body."},
    [CONF_HTTP_HEADERS_MAX] = {.path = "http.headers_max",
                               .type = CONF_NUMBER,
                               .min = 8,
                               .max = 1000,
                               .fallback = "64",
                               .help = "Most header lines of a request."},
    [CONF_HTTP_TIMEOUT_S] = {.path = "http.timeout_s",
                             .type = CONF_NUMBER,
                             .min = 1,
                             .max = 3600,
                             .fallback = "30",
                             .unit = "seconds",
                             .help = "A connection on which nothing moves for this long is closed."},
    [CONF_HTTP_BODY_S] = {.path = "http.body_s",
                          .type = CONF_NUMBER,
                          .min = 1,
                          .max = 3600,
                          .fallback = "60",
                          .unit = "seconds",
                          .help = "A request whose body takes longer than this to arrive is cut off, also when "
                                  "something moves."},
    [CONF_HTTP_CONNECTIONS_MAX] = {.path = "http.connections_max",
                                   .type = CONF_NUMBER,
                                   .min = 4,
                                   .max = 65536,
                                   .fallback = "256",
                                   .help = "Most connections at once, for each listener."},
    [CONF_HTTP_THREADS] = {.path = "http.threads",
                           .type = CONF_NUMBER,
                           .min = 1,
                           .max = 64,
                           .fallback = "2",
                           .help = "Threads that answer requests, for each listener."},
    [CONF_BUS_ENABLED] = {.path = "bus.enabled",
                          .type = CONF_SWITCH,
                          .fallback = "true",
                          .help = "Whether events are published for watchers."},
    [CONF_BUS_SOCKET] = {.path = "bus.socket",
                         .type = CONF_PATH,
                         .fallback = "events.sock beside http.socket's default",
                         .help = "Unix socket of the event bus (nng publish/subscribe), mode 0660."},
    [CONF_WORKER_SANDBOX_MIN] = {.path = "worker.sandbox_min",
                                 .type = CONF_CHOICE,
                                 .choices = {"none", "seccomp", "full"},
                                 .fallback = "seccomp",
                                 .help = "The weakest sandbox in which jobs may run; full is seccomp and Landlock."},
    [CONF_WORKER_MEMORY_MB] = {.path = "worker.memory_mb",
                               .type = CONF_NUMBER,
                               .min = 16,
                               .max = 1 << 20,
                               .fallback = "512",
                               .unit = "MiB",
                               .help = "Memory of one job's process unless job or manifest say otherwise."},
    [CONF_WORKER_MEMORY_MAX_MB] = {.path = "worker.memory_max_mb",
                                   .type = CONF_NUMBER,
                                   .min = 16,
                                   .max = 1 << 20,
                                   .fallback = "4096",
                                   .unit = "MiB",
                                   .help = "The most memory that a plugin's manifest may ask for."},
    [CONF_WORKER_PLUGIN_TIME_S] = {.path = "worker.plugin_time_s",
                                   .type = CONF_NUMBER,
                                   .min = 1,
                                   .max = 86400,
                                   .fallback = "60",
                                   .unit = "seconds",
                                   .help = "Longest single call into a plugin unless job or manifest say otherwise."},
    [CONF_WORKER_PLUGIN_TIME_MAX_S] = {.path = "worker.plugin_time_max_s",
                                       .type = CONF_NUMBER,
                                       .min = 1,
                                       .max = 86400,
                                       .fallback = "600",
                                       .unit = "seconds",
                                       .help = "The longest single call that a plugin's manifest may ask for."},
    [CONF_WORKER_READY_S] = {.path = "worker.ready_s",
                             .type = CONF_NUMBER,
                             .min = 1,
                             .max = 600,
                             .fallback = "10",
                             .unit = "seconds",
                             .help = "A host process that is not ready after this is given up."},
    [CONF_JOBS_THREADS] = {.path = "jobs.threads",
                           .type = CONF_NUMBER,
                           .min = 1,
                           .max = 256,
                           .fallback = "2",
                           .help = "Jobs of a service that run at once."},
    [CONF_JOBS_ATTEMPTS_MAX] = {.path = "jobs.attempts_max",
                                .type = CONF_NUMBER,
                                .is_live = 1,
                                .min = 1,
                                .max = 100,
                                .fallback = "3",
                                .help = "How often a job is begun before it counts as failed; a daemon that was killed "
                                        "uses up one."},
    [CONF_JOBS_WAITING_MAX] = {.path = "jobs.waiting_max",
                               .type = CONF_NUMBER,
                               .is_live = 1,
                               .min = 1,
                               .max = 1000000,
                               .fallback = "1000",
                               .help = "Jobs that may wait; further ones are refused with 503."},
    [CONF_JOBS_TIME_S] = {.path = "jobs.time_s",
                          .type = CONF_NUMBER,
                          .is_live = 1,
                          .min = 1,
                          .max = 86400,
                          .fallback = "600",
                          .unit = "seconds",
                          .help = "Longest run of one job."},
    [CONF_LIFECYCLE_DRAIN_S] = {.path = "lifecycle.drain_s",
                                .type = CONF_NUMBER,
                                .is_live = 1,
                                .min = 0,
                                .max = 3600,
                                .fallback = "20",
                                .unit = "seconds",
                                .help = "After SIGTERM running jobs have this long; the rest is found again at the "
                                        "next start."},
    [CONF_SCANNER_CACHE_ENABLED] = {.path = "scanner.cache.enabled",
                                    .type = CONF_SWITCH,
                                    .fallback = "true",
                                    .help = "Whether scans keep what they learnt of layers and images, and use it."},
    [CONF_SCANNER_CACHE_ROOT_PATH] = {.path = "scanner.cache.root_path",
                                      .type = CONF_TEXT,
                                      .fallback = "",
                                      .help =
                                          "Directory of the cache, absolute, or below state.dir; empty: cache/scanner. "
                                          "It must belong to the daemon's user and be writable by nobody else."},
    [CONF_SCANNER_CACHE_LAYERS_DIRECTORY_NAME] = {.path = "scanner.cache.layers_directory_name",
                                                  .type = CONF_TEXT,
                                                  .fallback = "layers",
                                                  .help = "Folder of the layers in the cache."},
    [CONF_SCANNER_CACHE_FILE_CAS_DIRECTORY_NAME] = {.path = "scanner.cache.file_cas_directory_name",
                                                    .type = CONF_TEXT,
                                                    .fallback = "cas",
                                                    .help = "Folder of results and descriptions in the cache."},
    [CONF_SCANNER_CACHE_LAYER_TTL_DAYS] =
        {.path = "scanner.cache.layer_ttl_days",
         .type = CONF_NUMBER,
         .min = 0,
         .max = 36500,
         .fallback = "45",
         .unit = "days",
         .help = "A layer that was not used for so long is evicted; 0: never for its age."},
    [CONF_SCANNER_CACHE_FILE_TTL_DAYS] =
        {.path = "scanner.cache.file_ttl_days",
         .type = CONF_NUMBER,
         .min = 0,
         .max = 36500,
         .fallback = "30",
         .unit = "days",
         .help = "A result that was not used for so long is evicted; 0: never for its age."},
    [CONF_SCANNER_CACHE_MAX_MB] = {.path = "scanner.cache.max_mb",
                                   .type = CONF_NUMBER,
                                   .min = 0,
                                   .max = 1 << 30,
                                   .fallback = "5120",
                                   .unit = "MiB",
                                   .help = "The cache never holds more than about this; 0: no limit."},
    [CONF_SCANNER_CACHE_WARM_MB_THRESHOLD] = {.path = "scanner.cache.warm_mb_threshold",
                                              .type = CONF_NUMBER,
                                              .min = 0,
                                              .max = 1 << 30,
                                              .fallback = "0",
                                              .unit = "MiB",
                                              .help = "What eviction by size leaves; 0: a fifth of max_mb."},
    [CONF_SCANNER_CACHE_COLD_MB_THRESHOLD] =
        {.path = "scanner.cache.cold_mb_threshold",
         .type = CONF_NUMBER,
         .min = 0,
         .max = 1 << 30,
         .fallback = "0",
         .unit = "MiB",
         .help = "Above this, the least recently used is evicted; 0: four fifths of max_mb."},
    [CONF_SCANNER_CACHE_ENABLE_AUTO_EVICTION] = {.path = "scanner.cache.enable_auto_eviction",
                                                 .type = CONF_SWITCH,
                                                 .fallback = "true",
                                                 .help = "Whether anything is evicted without being asked for."},
    [CONF_SCANNER_CACHE_MAINTENANCE_INTERVAL_S] = {.path = "scanner.cache.maintenance_interval_s",
                                                   .type = CONF_NUMBER,
                                                   .min = 1,
                                                   .max = 604800,
                                                   .fallback = "900",
                                                   .unit = "seconds",
                                                   .help = "Time between two evictions."},
    [CONF_SCANNER_CACHE_ENABLE_FILE_CAS] =
        {.path = "scanner.cache.enable_file_cas",
         .type = CONF_SWITCH,
         .fallback = "true",
         .help = "Whether whole results, and what archives were found to be, are kept besides layers."},
    [CONF_SCANNER_CACHE_IMPORT_DIRECTORY] = {.path = "scanner.cache.import_directory",
                                             .type = CONF_TEXT,
                                             .fallback = "",
                                             .help = "An export that is taken over at each start; empty: none. One "
                                                     "that is refused is logged, and changes nothing."},
    [CONF_SCANNER_CACHE_EXPORT_DIRECTORY] =
        {.path = "scanner.cache.export_directory",
         .type = CONF_TEXT,
         .fallback = "",
         .help = "Where the cache is exported to at the end of the daemon, absolute; it must be empty or not there, "
                 "else nothing is written. Empty: nowhere."},
};

int conf_key_find(stella_sv path, conf_key *out) {
    for (int key = 0; key < CONF_KEY_COUNT; key++)
        if (stella_sv_eq(path, stella_sv_cstr(conf_table[key].path))) {
            *out = (conf_key)key;
            return 1;
        }
    return 0;
}

int conf_group_is_known(stella_sv group) {
    for (int key = 0; key < CONF_KEY_COUNT; key++) {
        const stella_sv path = stella_sv_cstr(conf_table[key].path);
        if (stella_sv_starts(path, group) && path.len > group.len && path.ptr[group.len] == '.')
            return 1;
    }
    return 0;
}

#define NEAR_LENGTH_MAX 64u

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Insertions, deletions and replacements that make one text of the other. */
static size_t distance(stella_sv a, stella_sv b) {
    size_t row[NEAR_LENGTH_MAX + 1];
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            const size_t replaced = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);
            diagonal = row[j];
            row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.len];
}

const char *conf_key_nearest(stella_sv path) {
    const char *nearest = NULL;
    size_t best = 4; /* edits; beyond it a suggestion would be a guess */
    for (int key = 0; key < CONF_KEY_COUNT && path.len <= NEAR_LENGTH_MAX; key++) {
        const stella_sv known = stella_sv_cstr(conf_table[key].path);
        const size_t apart = distance(path, known);
        if (apart < best) {
            best = apart;
            nearest = conf_table[key].path;
        }
    }
    return nearest;
}

static void join_choices(const conf_entry *entry, char *out, size_t size) {
    size_t used = (size_t)snprintf(out, size, "one of");
    for (int i = 0; i < CONF_CHOICES_MAX && entry->choices[i] && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s \"%s\"", i ? "," : "", entry->choices[i]);
}

void conf_key_expected(conf_key key, char *out, size_t size) {
    const conf_entry *entry = &conf_table[key];
    switch (entry->type) {
    case CONF_NUMBER:
        snprintf(out, size, "a whole number from %lld to %lld%s%s", (long long)entry->min, (long long)entry->max,
                 entry->unit ? " " : "", entry->unit ? entry->unit : "");
        break;
    case CONF_SWITCH:
        snprintf(out, size, "true or false");
        break;
    case CONF_TEXT:
        snprintf(out, size, "a text in quotes");
        break;
    case CONF_PATH:
        snprintf(out, size, "an absolute path in quotes");
        break;
    case CONF_CHOICE:
        join_choices(entry, out, size);
        break;
    case CONF_LIST:
        snprintf(out, size, "a list of absolute paths: [\"/a\", \"/b\"]");
        break;
    }
}
