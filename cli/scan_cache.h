/* scan_cache.h - where the command line keeps what scans learnt. */
#ifndef CLI_SCAN_CACHE_H
#define CLI_SCAN_CACHE_H

#include "cache.h"
#include "cli/cli.h"

/* The options "cache-dir" and "config" of every verb that uses it. */
#define CLI_CACHE_OPTIONS                                                                                              \
    {.name = "cache-dir",                                                                                              \
     .value = "DIR",                                                                                                   \
     .help = "Keep what was learnt of layers in DIR; default: stella/scanner in $XDG_CACHE_HOME or ~/.cache"},         \
    {                                                                                                                  \
        .name = "config", .value = "FILE",                                                                             \
        .help = "Take scanner.cache.* from FILE, and conf.d beside it, instead of the installation's"                  \
    }

#define CLI_CACHE_EXIT_FAILED                                                                                          \
    { CLI_FAILED, "the cache cannot be used, or somebody else is cleaning it" }

/* A size (bytes, or with k, M, G, T: powers of 1024) or an age (seconds, or with m, h, d) among the options; one that was
 * not given leaves *out alone. Returns STELLA_E_INVALID. */
stella_status cli_cache_bytes(const cli_args *args, const char *name, uint64_t *out, stella_error *err);
stella_status cli_cache_age(const cli_args *args, const char *name, uint64_t *out, stella_error *err);

/* Opens the cache as options and configuration have it. A scan can do without one: *out stays NULL when it is switched
 * off, and, told on standard error, when it cannot be used; the other verbs fail then.
 * Returns CLI_DONE, or the exit status when it has told why the verb cannot go on. */
int cli_cache_for_scan(cli_context *cli, const cli_args *args, cache **out);
int cli_cache_open(cli_context *cli, const cli_args *args, cache **out);

#endif
