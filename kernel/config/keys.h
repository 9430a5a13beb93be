/* keys.h - the one table of configuration keys: what checks a file, what is shown, what is documented. */
#ifndef KERNEL_CONFIG_KEYS_H
#define KERNEL_CONFIG_KEYS_H

#include <stella/sv.h>

#include <stdint.h>

typedef enum conf_key {
    CONF_LOG_LEVEL,
    CONF_LOG_FORMAT,
    CONF_STATE_DIR,
    CONF_STATE_SIZE_MAX_MB,
    CONF_PLUGINS_DIRS,
    CONF_PLUGINS_TRUST_DIRS,
    CONF_HTTP_SOCKET,
    CONF_HTTP_TCP_LISTEN,
    CONF_HTTP_TCP_CONTROL,
    CONF_HTTP_TCP_PER_ADDRESS_MAX,
    CONF_HTTP_BODY_MAX_KB,
    CONF_HTTP_HEADERS_MAX,
    CONF_HTTP_TIMEOUT_S,
    CONF_HTTP_BODY_S,
    CONF_HTTP_CONNECTIONS_MAX,
    CONF_HTTP_THREADS,
    CONF_BUS_ENABLED,
    CONF_BUS_SOCKET,
    CONF_WORKER_SANDBOX_MIN,
    CONF_WORKER_MEMORY_MB,
    CONF_WORKER_MEMORY_MAX_MB,
    CONF_WORKER_PLUGIN_TIME_S,
    CONF_WORKER_PLUGIN_TIME_MAX_S,
    CONF_WORKER_READY_S,
    CONF_JOBS_THREADS,
    CONF_JOBS_ATTEMPTS_MAX,
    CONF_JOBS_WAITING_MAX,
    CONF_JOBS_TIME_S,
    CONF_LIFECYCLE_DRAIN_S,
    CONF_SCANNER_CACHE_ENABLED,
    CONF_SCANNER_CACHE_ROOT_PATH,
    CONF_SCANNER_CACHE_LAYERS_DIRECTORY_NAME,
    CONF_SCANNER_CACHE_FILE_CAS_DIRECTORY_NAME,
    CONF_SCANNER_CACHE_LAYER_TTL_DAYS,
    CONF_SCANNER_CACHE_FILE_TTL_DAYS,
    CONF_SCANNER_CACHE_MAX_MB,
    CONF_SCANNER_CACHE_WARM_MB_THRESHOLD,
    CONF_SCANNER_CACHE_COLD_MB_THRESHOLD,
    CONF_SCANNER_CACHE_ENABLE_AUTO_EVICTION,
    CONF_SCANNER_CACHE_MAINTENANCE_INTERVAL_S,
    CONF_SCANNER_CACHE_ENABLE_FILE_CAS,
    CONF_SCANNER_CACHE_IMPORT_DIRECTORY,
    CONF_SCANNER_CACHE_EXPORT_DIRECTORY,
    CONF_KEY_COUNT
} conf_key;

typedef enum conf_type {
    CONF_NUMBER, /* min .. max */
    CONF_SWITCH,
    CONF_TEXT,   /* an address and the like; may be empty */
    CONF_PATH,   /* absolute */
    CONF_CHOICE, /* one of choices */
    CONF_LIST    /* absolute paths */
} conf_type;

#define CONF_CHOICES_MAX 5

typedef struct conf_entry {
    const char *path;
    conf_type type;
    int is_live; /* 1: a reload changes it; 0: it takes effect at the next start */
    int64_t min, max;
    const char *fallback; /* the default as it would be written; of CONF_PATH and CONF_LIST what the documentation says,
                             the true one depends on where the program is installed */
    const char *unit;     /* or NULL */
    const char *choices[CONF_CHOICES_MAX];
    const char *help;
} conf_entry;

extern const conf_entry conf_table[CONF_KEY_COUNT];

/* The key of that path. Returns 0 when there is none. */
int conf_key_find(stella_sv path, conf_key *out);

/* Whether some key's path begins with this group. */
int conf_group_is_known(stella_sv group);

/* The known path that is closest to a mistyped one, or NULL when none is close. */
const char *conf_key_nearest(stella_sv path);

/* What a value of the key must be, for errors: "a whole number from 1 to 64 (threads)". */
void conf_key_expected(conf_key key, char *out, size_t size);

#endif
