#include "cli/keys.h"

#include "plugin/files.h"

#include <sys/stat.h>

#define DEFAULT_NAME   "plugins"
#define NAME_BYTES_MAX 64

const char *keys_dir(cli_context *cli) {
    const stella_sv trust = stella_sv_cstr(cli->paths.user_trust_dir);
    const stella_sv parent = stella_sv_first(trust, stella_sv_rfind(trust, '/'));
    if (trust.len == 0)
        return "keys";
    const char *path = stella_arena_printf(cli->arena, "%.*s/keys", STELLA_SV_FMT(parent)).ptr;
    return path ? path : "keys";
}

static int is_file(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

const char *keys_find(cli_context *cli, const char *given, const char *ending) {
    if (given && (strchr(given, '/') || is_file(given)))
        return given;
    const char *name = given ? given : DEFAULT_NAME;
    const int has_ending = stella_sv_ends(stella_sv_cstr(name), stella_sv_cstr(ending));
    const char *path = stella_arena_printf(cli->arena, "%s/%s%s", keys_dir(cli), name, has_ending ? "" : ending).ptr;
    return path ? path : name;
}

int keys_name_is_valid(const char *name) {
    const size_t len = strlen(name);
    return len > 0 && len <= NAME_BYTES_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == len;
}
