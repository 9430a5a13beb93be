/* plugin_bench.c - what a plugin costs before its first job: reading and verifying it, and loading it into a host. All
 * of the build's own plugins, as an installation has them. */
#include "bench.h"

#include "worker/supervisor.h"

#include <string.h>
#include <unistd.h>

#define ROUNDS 15

static void die(const char *what, const stella_error *err) {
    fprintf(stderr, "plugin_bench: %s: %s%s%s\n", what, err->path, err->path[0] ? ": " : "", err->message);
    exit(1);
}

static catalogue *load(const char *plugin_dir, const char *trust_dir) {
    catalogue *plugins = NULL;
    stella_error err = {0};
    const catalogue_options options = {.plugin_dirs = &plugin_dir,
                                       .plugin_dir_count = 1,
                                       .trust_dirs = &trust_dir,
                                       .trust_dir_count = 1,
                                       .now_ms = (int64_t)time(NULL) * 1000};
    if (catalogue_load(&options, &plugins, &err))
        die(plugin_dir, &err);
    if (catalogue_refusal_count(plugins))
        die("refused", &catalogue_refusal_at(plugins, 0)->error);
    return plugins;
}

static double verify_ms(const char *plugin_dir, const char *trust_dir) {
    const double begin = bench_now_s();
    catalogue *plugins = load(plugin_dir, trust_dir);
    const double ms = (bench_now_s() - begin) * 1e3;
    catalogue_destroy(plugins);
    return ms;
}

/* From a catalogue to a host that is ready; the trial of the plugins is part of it. */
static double host_ms(const char *plugin_dir, const char *trust_dir) {
    stella_error err = {0}, failures[8];
    char ids[8][128];
    supervisor *s = NULL;
    if (supervisor_create(&(supervisor_options){.executable = NULL}, load(plugin_dir, trust_dir), &s, &err))
        die("supervisor", &err);
    const double begin = bench_now_s();
    const uint32_t failed = supervisor_load_failures(s, "scan", failures, ids, 8);
    const double ms = (bench_now_s() - begin) * 1e3;
    supervisor_status status;
    supervisor_status_get(s, &status);
    if (failed || status.hosts_ready != 1)
        die("the host is not ready", failed ? &failures[0] : &err);
    supervisor_destroy(s);
    return ms;
}

static double median(double (*measure)(const char *, const char *), const char *plugin_dir, const char *trust_dir) {
    double ms[ROUNDS];
    measure(plugin_dir, trust_dir); /* fills the page cache */
    for (int i = 0; i < ROUNDS; i++)
        ms[i] = measure(plugin_dir, trust_dir);
    return bench_median(ms, ROUNDS);
}

static uint32_t count_scan_plugins(const catalogue *plugins) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < catalogue_count(plugins); i++)
        count += catalogue_at(plugins, i)->manifest->role == PLUGIN_ROLE_SCAN;
    return count;
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    const char *build = getenv("STELLA_BUILD_DIR");
    char plugin_dir[1024], trust_dir[1024], empty_dir[] = "/var/tmp/plugin-bench.XXXXXX";
    snprintf(plugin_dir, sizeof plugin_dir, "%s/lib/stella/plugins", build ? build : "build");
    snprintf(trust_dir, sizeof trust_dir, "%s/etc/stella/trust.d", build ? build : "build");
    if (!mkdtemp(empty_dir)) {
        perror(empty_dir);
        return 1;
    }
    catalogue *plugins = load(plugin_dir, trust_dir);
    const uint32_t count = catalogue_count(plugins), scan_count = count_scan_plugins(plugins);
    catalogue_destroy(plugins);
    if (!scan_count) {
        fprintf(stderr, "plugin_bench: there are no plugins in %s\n", plugin_dir);
        return 1;
    }
    const double verify = median(verify_ms, plugin_dir, trust_dir) / count;
    const double empty = median(host_ms, empty_dir, trust_dir), full = median(host_ms, plugin_dir, trust_dir);
    rmdir(empty_dir);
    bench_result("plugin.count", count, "plugins", "-");
    bench_result("plugin.verify_per_plugin", verify, "ms", "-");
    bench_result("plugin.load_per_plugin", (full - empty) / scan_count, "ms", "-");
    bench_result("plugin.verify_and_load_per_plugin", verify + (full - empty) / scan_count, "ms", "< 2");
    bench_result("plugin.host_start_empty", empty, "ms", "-");
    bench_result("plugin.host_start_all", full, "ms", "< 50");
    return 0;
}
