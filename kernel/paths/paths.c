#include "paths/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static stella_status join(char out[PATHS_BYTES], const char *base, const char *below, stella_error *err) {
    const int len = snprintf(out, PATHS_BYTES, "%s%s", base, below);
    if (len < 0 || len >= PATHS_BYTES)
        return stella_error_set(err, STELLA_E_LIMIT, base, "the path is longer than %d bytes", PATHS_BYTES - 1);
    return STELLA_OK;
}

/* The parent of the directory that holds the program; "" stands for the root directory. */
static stella_status prefix_of(const char *executable, char out[PATHS_BYTES], stella_error *err) {
    stella_sv path = stella_sv_cstr(executable);
    for (int up = 0; up < 2; up++) {
        const size_t slash = stella_sv_rfind(path, '/');
        if (slash == path.len)
            return stella_error_set(err, STELLA_E_INVALID, executable, "the program is not in a directory of a prefix");
        path = stella_sv_first(path, slash);
    }
    if (path.len >= PATHS_BYTES)
        return stella_error_set(err, STELLA_E_LIMIT, executable, "the path is longer than %d bytes", PATHS_BYTES - 1);
    memcpy(out, path.ptr, path.len);
    out[path.len] = '\0';
    return STELLA_OK;
}

static stella_status of_user(const char *xdg, const char *home, const char *fallback, const char *below,
                             char out[PATHS_BYTES], stella_error *err) {
    if (xdg && xdg[0] == '/')
        return join(out, xdg, below, err);
    if (!home || home[0] != '/')
        return STELLA_OK;
    char base[PATHS_BYTES];
    const stella_status status = join(base, home, fallback, err);
    return status == STELLA_OK ? join(out, base, below, err) : status;
}

static stella_status of_system(paths *p, stella_error *err) {
    /* /bin/stella is /usr/bin/stella on a system with merged directories. */
    const int is_system = strcmp(p->prefix, "/usr") == 0 || p->prefix[0] == '\0';
    const char *root = is_system ? "" : p->prefix;
    const struct {
        char *out;
        const char *base, *below;
    } places[] = {
        {p->etc_dir, root, "/etc/stella"},
        {p->trust_dir, root, "/etc/stella/trust.d"},
        {p->state_dir, root, "/var/lib/stella"},
        {p->run_dir, root, "/run/stella"},
        {p->plugin_dir, is_system ? "/usr" : p->prefix, "/lib/stella/plugins"},
    };
    stella_status status = STELLA_OK;
    for (size_t i = 0; i < sizeof places / sizeof places[0] && status == STELLA_OK; i++)
        status = join(places[i].out, places[i].base, places[i].below, err);
    return status;
}

stella_status paths_of(const paths_origin *origin, paths *out, stella_error *err) {
    paths made = {.prefix = ""};
    stella_status status = prefix_of(origin->executable, made.prefix, err);
    if (status == STELLA_OK)
        status = of_system(&made, err);
    if (status == STELLA_OK)
        status =
            of_user(origin->xdg_config_home, origin->home, "/.config", "/stella/trust.d", made.user_trust_dir, err);
    if (status == STELLA_OK)
        status =
            of_user(origin->xdg_data_home, origin->home, "/.local/share", "/stella/plugins", made.user_plugin_dir, err);
    if (status == STELLA_OK)
        status = of_user(origin->xdg_cache_home, origin->home, "/.cache", "/stella/scanner", made.user_cache_dir, err);
    if (status == STELLA_OK)
        *out = made;
    return status;
}

stella_status paths_find(paths *out, stella_error *err) {
    char executable[PATHS_BYTES];
    const ssize_t len = readlink("/proc/self/exe", executable, sizeof executable);
    if (len < 0)
        return stella_error_set(err, STELLA_E_IO, "/proc/self/exe", "cannot be read: %s; is /proc mounted?",
                                strerror(errno));
    if ((size_t)len >= sizeof executable)
        return stella_error_set(err, STELLA_E_LIMIT, "/proc/self/exe", "the path is longer than %d bytes",
                                PATHS_BYTES - 1);
    executable[len] = '\0';
    const paths_origin origin = {.executable = executable,
                                 .xdg_config_home = secure_getenv("XDG_CONFIG_HOME"),
                                 .xdg_data_home = secure_getenv("XDG_DATA_HOME"),
                                 .xdg_cache_home = secure_getenv("XDG_CACHE_HOME"),
                                 .home = secure_getenv("HOME")};
    return paths_of(&origin, out, err);
}
