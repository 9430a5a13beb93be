#include "cli/scan_host.h"
#include "cli/scan_needs.h"

#include <stella/auto.h>

#include <time.h>
#include <unistd.h>

#define JOB_MEMORY_BYTES (1ull << 30) /* of one child */
#define PLUGIN_MS        60000        /* the longest single call into a plugin that asks for no other limit */
#define DRAIN_MS         0            /* the scan is over: nothing is waited for */
#define FAILURES_MAX     32

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(cli_context *cli, const char *plugin, const stella_error *why) {
    const char *place = strcmp(why->path, plugin) == 0 ? "" : why->path; /* of a whole folder: it is named already */
    fprintf(cli->err, "stella: plugin refused: %s%s%s: %s\n", cli_safe(cli, plugin), place[0] ? ": " : "",
            cli_safe(cli, place), cli_safe(cli, why->message));
}

static stella_status load(cli_context *cli, const char *const *plugin_dirs, uint32_t count, const scan_plan *plan,
                          catalogue **out, stella_error *err) {
    const char *dirs[SCAN_HOST_DIRS_MAX + 2] = {cli->paths.plugin_dir};
    const char *trust_dirs[] = {cli->paths.trust_dir};
    uint32_t dir_count = 1;
    if (cli->paths.user_plugin_dir[0] && access(cli->paths.user_plugin_dir, F_OK) == 0)
        dirs[dir_count++] = cli->paths.user_plugin_dir;
    for (uint32_t i = 0; i < count && i < SCAN_HOST_DIRS_MAX; i++)
        dirs[dir_count++] = plugin_dirs[i];
    const catalogue_options options = {.plugin_dirs = dirs,
                                       .plugin_dir_count = dir_count,
                                       .trust_dirs = trust_dirs,
                                       .trust_dir_count = 1,
                                       .user_trust_dir =
                                           cli->paths.user_trust_dir[0] ? cli->paths.user_trust_dir : NULL,
                                       .now_ms = now_ms(),
                                       .is_needed = plan ? scan_needs : NULL,
                                       .self = plan};
    return catalogue_load(&options, out, err);
}

static uint32_t tell_refusals(cli_context *cli, const catalogue *plugins) {
    const uint32_t count = catalogue_refusal_count(plugins);
    for (uint32_t i = 0; i < count; i++) {
        const catalogue_refusal *refusal = catalogue_refusal_at(plugins, i);
        tell(cli, refusal->dir, &refusal->error);
    }
    return count;
}

static uint32_t tell_failures(cli_context *cli, supervisor *s, const char *role) {
    stella_error errors[FAILURES_MAX] = {{0}};
    char ids[FAILURES_MAX][128] = {{0}};
    const uint32_t count = supervisor_load_failures(s, role, errors, ids, FAILURES_MAX);
    for (uint32_t i = 0; i < count && i < FAILURES_MAX; i++)
        tell(cli, ids[i], &errors[i]);
    return count;
}

stella_status scan_host_open(cli_context *cli, const char *const *plugin_dirs, uint32_t plugin_dir_count,
                             const scan_plan *plan, scan_host *out, stella_error *err) {
    STELLA_AUTO(catalogue_destroyp) catalogue *plugins = NULL;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = NULL;
    stella_status status = load(cli, plugin_dirs, plugin_dir_count, plan, &plugins, err);
    if (status != STELLA_OK)
        return status;
    if (tell_refusals(cli, plugins))
        return stella_error_set(err, STELLA_E_DENIED, NULL, "not every plugin can be used: mend or remove it");
    const supervisor_options options = {.memory_bytes = JOB_MEMORY_BYTES, .plugin_ms = PLUGIN_MS};
    status = supervisor_create(&options, plugins, &s, err);
    if (status != STELLA_OK)
        return status;
    plugins = NULL; /* the supervisor's now */
    *out = (scan_host){.cli = cli, .supervisor = STELLA_TAKE(s)};
    return STELLA_OK;
}

stella_status scan_host_prepare(void *host, const char *role, stella_error *err) {
    const scan_host *h = host;
    if (tell_failures(h->cli, h->supervisor, role))
        return stella_error_set(err, STELLA_E_DENIED, NULL, "not every plugin can be used: mend or remove it");
    return STELLA_OK;
}

void scan_host_end(scan_host *host) {
    if (host->supervisor)
        supervisor_drain(host->supervisor, DRAIN_MS);
    supervisor_destroyp(&host->supervisor);
}

const char *scan_host_sandbox(const scan_host *host) {
    static const char *const names[] = {[SANDBOX_NONE] = "none",
                                        [SANDBOX_SECCOMP] = "seccomp (this kernel has no Landlock)",
                                        [SANDBOX_FULL] = "full (seccomp and Landlock)"};
    supervisor_status status = {0};
    supervisor_status_get(host->supervisor, &status);
    if (!status.hosts_ready)
        return "not needed";
    return names[status.level];
}
