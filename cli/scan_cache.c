#include "cli/scan_cache.h"

#include "config/presets.h"

#include <stella/auto.h>

#include <stdlib.h>
#include <unistd.h>

/* The cache's own paths are absolute: what the user wrote is meant from where he is. */
static const char *absolute(cli_context *cli, const char *path) {
    char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
    if (!here)
        return path;
    char *whole = stella_arena_alloc(cli->arena, 1, strlen(here) + strlen(path) + 2);
    if (whole)
        snprintf(whole, strlen(here) + strlen(path) + 2, "%s/%s", here, path);
    free(here);
    return whole ? whole : path;
}

/* ---- settings -----------------------------------------------------------------------------------------------------
 */

/* The configuration that counts. One that the user named must be good; without the installation's own a scan can do, and
 * says so when it is there but not good. out: NULL when there is none. */
static int load_conf(cli_context *cli, const cli_args *args, conf **out) {
    const char *named = cli_value(args, "config");
    stella_error err = {0};
    conf_presets presets;
    conf_presets_of(&cli->paths, named, NULL, conf_runtime_dir(), &presets);
    const conf_source source = conf_presets_source(&presets, named != NULL);
    const stella_status status = conf_load(&source, out, &err);
    if (status == STELLA_OK)
        return CLI_DONE;
    if (named)
        return cli_fail(cli, CLI_USAGE, &err);
    fprintf(cli->err, "stella: the cache has its defaults, for the configuration cannot be used: %s: %s\n",
            cli_safe(cli, err.path), cli_safe(cli, err.message));
    return CLI_DONE;
}

static uint64_t mib(const conf *c, conf_key key) {
    return (uint64_t)conf_number(c, key) << 20;
}

/* The texts are the configuration's. */
static void read_settings(const conf *c, cache_options *out) {
    const uint64_t warm = mib(c, CONF_SCANNER_CACHE_WARM_MB_THRESHOLD);
    const uint64_t cold = mib(c, CONF_SCANNER_CACHE_COLD_MB_THRESHOLD);
    out->layers_name = conf_text(c, CONF_SCANNER_CACHE_LAYERS_DIRECTORY_NAME);
    out->files_name = conf_text(c, CONF_SCANNER_CACHE_FILE_CAS_DIRECTORY_NAME);
    out->layer_ttl_s = (uint64_t)conf_number(c, CONF_SCANNER_CACHE_LAYER_TTL_DAYS) * CACHE_DAY_S;
    out->file_ttl_s = (uint64_t)conf_number(c, CONF_SCANNER_CACHE_FILE_TTL_DAYS) * CACHE_DAY_S;
    out->max_bytes = mib(c, CONF_SCANNER_CACHE_MAX_MB);
    out->warm_bytes = warm ? warm : out->max_bytes / 5;
    out->cold_bytes = cold ? cold : out->max_bytes / 5 * 4;
    out->interval_s = (uint32_t)conf_number(c, CONF_SCANNER_CACHE_MAINTENANCE_INTERVAL_S);
    out->has_eviction = conf_number(c, CONF_SCANNER_CACHE_ENABLE_AUTO_EVICTION) != 0;
    out->has_files = conf_number(c, CONF_SCANNER_CACHE_ENABLE_FILE_CAS) != 0;
}

/* The directory that the configuration names, as the daemon understands it; empty when it names none. */
static const char *configured_root(cli_context *cli, const conf *c) {
    const char *root = c ? conf_text(c, CONF_SCANNER_CACHE_ROOT_PATH) : "";
    if (!root[0] || root[0] == '/')
        return root;
    const char *whole = stella_arena_printf(cli->arena, "%s/%s", conf_text(c, CONF_STATE_DIR), root).ptr;
    return whole ? whole : "";
}

/* A directory of the installation's configuration is the daemon's: who may not use it has his own. */
static stella_status open_configured(const cli_context *cli, const cli_args *args, const char *root,
                                     cache_options *options, cache **out, stella_error *err) {
    const int is_daemons = root[0] && !cli_given(args, "config");
    options->root = root[0] ? root : cli->paths.user_cache_dir;
    if (is_daemons && cache_open(options, out, NULL) == STELLA_OK)
        return STELLA_OK;
    if (is_daemons)
        options->root = cli->paths.user_cache_dir;
    if (!options->root[0])
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL,
                                "there is no home directory for a cache: name one with --cache-dir");
    return cache_open(options, out, err);
}

static stella_status open_as(cli_context *cli, const cli_args *args, const conf *c, cache **out, stella_error *err) {
    const char *asked = cli_value(args, "cache-dir");
    cache_options options = CACHE_OPTIONS_DEFAULT;
    if (c)
        read_settings(c, &options);
    if (!asked)
        return open_configured(cli, args, configured_root(cli, c), &options, out, err);
    options.root = absolute(cli, asked);
    return cache_open(&options, out, err);
}

int cli_cache_open(cli_context *cli, const cli_args *args, cache **out) {
    STELLA_AUTO(conf_destroyp) conf *c = NULL;
    stella_error err = {0};
    const int status = load_conf(cli, args, &c);
    if (status != CLI_DONE)
        return status;
    return open_as(cli, args, c, out, &err) == STELLA_OK ? CLI_DONE : cli_fail(cli, CLI_FAILED, &err);
}

int cli_cache_for_scan(cli_context *cli, const cli_args *args, cache **out) {
    STELLA_AUTO(conf_destroyp) conf *c = NULL;
    stella_error err = {0};
    const int status = load_conf(cli, args, &c);
    if (status != CLI_DONE)
        return status;
    if (c && !conf_number(c, CONF_SCANNER_CACHE_ENABLED) && !cli_given(args, "cache-dir"))
        return CLI_DONE;
    if (open_as(cli, args, c, out, &err) != STELLA_OK)
        fprintf(cli->err, "stella: nothing is cached: %s%s%s\n", cli_safe(cli, err.path), err.path[0] ? ": " : "",
                cli_safe(cli, err.message));
    return CLI_DONE;
}

/* ---- amounts ------------------------------------------------------------------------------------------------------
 */

typedef struct unit {
    char letter;
    uint64_t worth;
} unit;

static stella_status read_amount(const cli_args *args, const char *name, const unit *units, const char *wanted,
                                 uint64_t *out, stella_error *err) {
    const char *text = cli_value(args, name);
    if (!text)
        return STELLA_OK;
    stella_sv number = stella_sv_cstr(text);
    uint64_t worth = 1, value;
    for (const unit *u = units; u->letter && number.len > 1; u++)
        if (number.ptr[number.len - 1] == u->letter) {
            worth = u->worth;
            number.len--;
            break;
        }
    if (!stella_sv_u64(number, INT64_MAX / worth, &value))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "--%s wants %s, not \"%.60s\"", name, wanted, text);
    *out = value * worth;
    return STELLA_OK;
}

stella_status cli_cache_bytes(const cli_args *args, const char *name, uint64_t *out, stella_error *err) {
    static const unit units[] = {{'k', 1u << 10}, {'M', 1u << 20}, {'G', 1u << 30}, {'T', (uint64_t)1 << 40}, {0, 0}};
    return read_amount(args, name, units, "a size, as in 500M or 2G", out, err);
}

stella_status cli_cache_age(const cli_args *args, const char *name, uint64_t *out, stella_error *err) {
    static const unit units[] = {{'m', 60}, {'h', 3600}, {'d', CACHE_DAY_S}, {0, 0}};
    return read_amount(args, name, units, "an age, as in 12h or 7d", out, err);
}
