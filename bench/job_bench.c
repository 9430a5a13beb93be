/* job_bench.c - what a throw-away process costs: starting a host with all of a catalogue's plugins, and one empty job
 * from start to result. */
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
    bench_result("host start to ready: 1 plugin", bench_median(hosts, HOST_ROUNDS), "ms", "< 50");
    for (int i = 0; i < HOST_ROUNDS; i++)
        hosts[i] = start_host_ms(ten);
    bench_result("host start to ready: 10 plugins", bench_median(hosts, HOST_ROUNDS), "ms", "< 50");
    run_jobs(jobs);
    bench_result("empty job fork to result: median", bench_median(jobs, JOB_ROUNDS), "ms", "< 3");
    bench_result("empty job fork to result: p95", jobs[JOB_ROUNDS * 95 / 100], "ms", "< 3");
    return 0;
}
