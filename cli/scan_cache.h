/* scan_cache.h - where the command line keeps what scans learnt. */
#ifndef CLI_SCAN_CACHE_H
#define CLI_SCAN_CACHE_H

#include "cache.h"
#include "cli/cli.h"

#define CLI_CACHE_OPTION_DIR                                                                                           \
    {                                                                                                                  \
        .name = "cache-dir", .value = "DIR",                                                                           \
        .help = "Keep what was learnt of layers in DIR; default: stella/scanner in $XDG_CACHE_HOME or ~/.cache"        \
    }

#define CLI_CACHE_EXIT_FAILED                                                                                          \
    { CLI_FAILED, "the cache cannot be used, or somebody else is cleaning it" }

/* A size (bytes, or with k, M, G, T: powers of 1024) or an age (seconds, or with m, h, d) among the options; one that was
 * not given leaves *out alone. Returns STELLA_E_INVALID. */
stella_status cli_cache_bytes(const cli_args *args, const char *name, uint64_t *out, stella_error *err);
stella_status cli_cache_age(const cli_args *args, const char *name, uint64_t *out, stella_error *err);

/* For a scan, which can do without: one that cannot be used is told on standard error, and NULL. */
cache *cli_cache_for_scan(cli_context *cli, const cli_args *args);

/* For the verbs of the cache itself. Returns STELLA_E_NOTFOUND without a home directory and --cache-dir, else what
 * cache_open does. */
stella_status cli_cache_open(cli_context *cli, const cli_args *args, cache **out, stella_error *err);

#endif
