/* job_bench.c - what a throw-away process costs: starting a host, and one empty job from start to result, that is until
 * its child was reaped and the starter has let go of it. Plugins: those of the worker's tests. */
#include "bench.h"
#include "unit/worker/fixture.h"

#define HOST_ROUNDS 10
#define JOB_ROUNDS  500

static double start_host_ms(const char *const *plugins) {
    supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_worker *w = supervisor_worker(s);
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    const double begun = bench_now_s();
    if (!w->plugin(w->self, "scan", 0, &plugin, NULL))
        abort();
    const double ms = (bench_now_s() - begun) * 1e3;
    supervisor_destroy(s);
    return ms;
}

static void run_jobs(double *ms) {
    static const char *const plugins[] = {"deeds", NULL};
    supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_job_request request = deed("echo");
    for (int i = -1; i < JOB_ROUNDS; i++) { /* the first starts the host */
        const double begun = bench_now_s();
        if (do_job(s, &request, NULL, 0).end != STELLA_END_DONE)
            abort();
        if (i >= 0)
            ms[i] = (bench_now_s() - begun) * 1e3;
    }
    supervisor_destroy(s);
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    static const char *const one[] = {"deeds", NULL};
    static const char *const ten[] = {"deeds",    "innocent", "innocent", "innocent", "innocent", "innocent",
                                      "innocent", "innocent", "innocent", "innocent", NULL};
    double hosts[HOST_ROUNDS], jobs[JOB_ROUNDS];
    for (int i = 0; i < HOST_ROUNDS; i++)
        hosts[i] = start_host_ms(one);
    bench_result("host.start_1_plugin", bench_median(hosts, HOST_ROUNDS), "ms", "< 50");
    for (int i = 0; i < HOST_ROUNDS; i++)
        hosts[i] = start_host_ms(ten);
    bench_result("host.start_10_plugins", bench_median(hosts, HOST_ROUNDS), "ms", "< 50");
    run_jobs(jobs);
    bench_result("job.empty.p50", bench_median(jobs, JOB_ROUNDS), "ms", "< 3");
    bench_result("job.empty.p95", bench_percentile(jobs, JOB_ROUNDS, 0.95), "ms", "< 3");
    return 0;
}
