#include "cli/scan_cache.h"

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

stella_status cli_cache_open(cli_context *cli, const cli_args *args, cache **out, stella_error *err) {
    const char *asked = cli_value(args, "cache-dir");
    cache_options options = CACHE_OPTIONS_DEFAULT;
    options.root = asked ? absolute(cli, asked) : cli->paths.user_cache_dir;
    if (!options.root[0])
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL,
                                "there is no home directory for a cache: name one with --cache-dir");
    return cache_open(&options, out, err);
}

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

cache *cli_cache_for_scan(cli_context *cli, const cli_args *args) {
    cache *known = NULL;
    stella_error err = {0};
    if (cli_cache_open(cli, args, &known, &err) != STELLA_OK)
        fprintf(cli->err, "stella: nothing is cached: %s%s%s\n", cli_safe(cli, err.path), err.path[0] ? ": " : "",
                cli_safe(cli, err.message));
    return known;
}
