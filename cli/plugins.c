#include "cli/plugins.h"

#include "plugin/files.h"

#include <stella/auto.h>

#include <time.h>
#include <unistd.h>

int64_t plugins_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *existing(const char *dir) {
    return dir[0] && access(dir, F_OK) == 0 ? dir : NULL;
}

/* The directories that an option names, else those of the installation, of which not all need exist. */
static uint32_t choose(const cli_args *args, const char *option, const char *system, const char *user,
                       const char **dirs) {
    uint32_t count = cli_values(args, option, dirs, PLUGINS_DIRS_MAX);
    if (count)
        return count;
    if (existing(system))
        dirs[count++] = system;
    if (existing(user))
        dirs[count++] = user;
    return count;
}

stella_status plugins_load(cli_context *cli, const cli_args *args, catalogue **out, stella_error *err) {
    const char *plugin_dirs[PLUGINS_DIRS_MAX], *trust_dirs[PLUGINS_DIRS_MAX];
    const catalogue_options options = {
        .plugin_dirs = plugin_dirs,
        .plugin_dir_count = choose(args, "plugin-dir", cli->paths.plugin_dir, cli->paths.user_plugin_dir, plugin_dirs),
        .trust_dirs = trust_dirs,
        .trust_dir_count = choose(args, "trust-dir", cli->paths.trust_dir, "", trust_dirs),
        .user_trust_dir = existing(cli->paths.user_trust_dir),
        .now_ms = plugins_now_ms(),
    };
    return catalogue_load(&options, out, err);
}

const char *plugins_target_dir(cli_context *cli, const cli_args *args) {
    const char *given = cli_value(args, "plugin-dir");
    return given ? given : cli_given(args, "system") ? cli->paths.plugin_dir : cli->paths.user_plugin_dir;
}

static void tell(void *self, const stella_error *why) {
    cli_fail(self, 0, why);
}

stella_status plugins_trust(cli_context *cli, const cli_args *args, trust **out, stella_error *err) {
    const char *dirs[PLUGINS_DIRS_MAX];
    const uint32_t count = choose(args, "trust-dir", cli->paths.trust_dir, "", dirs);
    STELLA_AUTO(trust_destroyp) trust *t = trust_create();
    stella_status status = t ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "out of memory");
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++)
        status = trust_add_dir(t, dirs[i], 0, tell, cli, err);
    const char *user = existing(cli->paths.user_trust_dir);
    if (status == STELLA_OK && user)
        status = trust_add_dir(t, user, 1, tell, cli, err);
    if (status == STELLA_OK)
        *out = STELLA_TAKE(t);
    return status;
}

uint32_t plugins_print_refusals(cli_context *cli, const catalogue *plugins) {
    const uint32_t count = catalogue_refusal_count(plugins);
    for (uint32_t i = 0; i < count; i++)
        cli_fail(cli, 0, &catalogue_refusal_at(plugins, i)->error);
    return count;
}

const char *plugins_manifest_in(cli_context *cli, const char *dir) {
    const char *source = files_join(dir, "manifest.json", cli->arena, NULL);
    return source && access(source, F_OK) == 0 ? source : files_join(dir, "plugin.json", cli->arena, NULL);
}
