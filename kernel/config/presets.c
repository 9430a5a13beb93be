#include "config/presets.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *conf_runtime_dir(void) {
    const char *dir = getenv("XDG_RUNTIME_DIR");
    return geteuid() != 0 && dir && dir[0] == '/' ? dir : NULL;
}

static void add(conf_presets *p, conf_key key, const char *text, const char *origin, int is_final) {
    p->list[p->count++] = (conf_preset){.key = key, .text = text, .origin = origin, .is_final = is_final};
}

/* conf.d lies beside the file, whichever it is. */
static void place_files(conf_presets *p, const paths *installed, const char *file) {
    if (!file) {
        snprintf(p->file, sizeof p->file, "%s/stella.conf", installed->etc_dir);
        snprintf(p->dir, sizeof p->dir, "%s/conf.d", installed->etc_dir);
        return;
    }
    const stella_sv whole = stella_sv_cstr(file);
    const size_t slash = stella_sv_rfind(whole, '/');
    snprintf(p->file, sizeof p->file, "%s", file);
    snprintf(p->dir, sizeof p->dir, "%.*sconf.d", slash == whole.len ? 0 : (int)slash + 1, file);
}

void conf_presets_of(const paths *installed, const char *file, const char *state_dir, const char *runtime_dir,
                     conf_presets *out) {
    conf_presets p = {.count = 0};
    place_files(&p, installed, file);
    const int is_users = runtime_dir && stella_sv_starts(stella_sv_cstr(installed->run_dir), STELLA_SV("/run/"));
    const char *run = is_users ? runtime_dir : installed->run_dir, *below = is_users ? "/stella" : "";
    snprintf(p.socket, sizeof p.socket, "%s%s/stellad.sock", run, below);
    snprintf(p.events, sizeof p.events, "%s%s/events.sock", run, below);
    *out = p;
    add(out, CONF_STATE_DIR, state_dir ? state_dir : installed->state_dir, state_dir ? "--state-dir" : "default",
        state_dir != NULL);
    add(out, CONF_PLUGINS_DIRS, installed->plugin_dir, "default", 0);
    add(out, CONF_PLUGINS_TRUST_DIRS, installed->trust_dir, "default", 0);
    add(out, CONF_HTTP_SOCKET, out->socket, "default", 0);
    add(out, CONF_BUS_SOCKET, out->events, "default", 0);
}

conf_source conf_presets_source(const conf_presets *presets, int file_required) {
    return (conf_source){.file = presets->file,
                         .file_required = file_required,
                         .dir = presets->dir,
                         .presets = presets->list,
                         .preset_count = presets->count};
}
