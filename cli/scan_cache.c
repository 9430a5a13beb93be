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

cache *cli_cache_for_scan(cli_context *cli, const cli_args *args) {
    cache *known = NULL;
    stella_error err = {0};
    if (cli_cache_open(cli, args, &known, &err) != STELLA_OK)
        fprintf(cli->err, "stella: nothing is cached: %s%s%s\n", cli_safe(cli, err.path), err.path[0] ? ": " : "",
                cli_safe(cli, err.message));
    return known;
}
