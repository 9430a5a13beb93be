/* diff_bench.c - the job "image.diff": two results of 5,000 components, as of SBOMs, read, compared and told as JSON; every tenth component has another version,
 * every hundredth another name. */
#include "bench.h"

#include "plugins/scanner/engine/engine.h"

#include <stella/auto.h>
#include <stella/job.h>
#include <stella/testing.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define COMPONENTS 5000
#define ROUNDS     25

static char answer[256];

static stella_status reply(stella_job *job, stella_sv bytes, stella_error *err) {
    (void)job, (void)err;
    (void)snprintf(answer, sizeof answer, "%.*s", STELLA_SV_FMT(bytes));
    return STELLA_OK;
}

static const stella_job_ops ops = {.head = STELLA_HEAD(stella_job_ops), .reply = reply};

static int write_result(const stella_bom *bom, uint64_t *size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    const stella_emitter *emitter = stella_plugin.get_interface(STELLA_EMITTER_INTERFACE);
    int fd = memfd_create("result", MFD_CLOEXEC);
    const stella_sink sink = stella_fd_sink(&fd);
    const stella_emission emission = {.head = STELLA_HEAD(stella_emission), .sink = &sink, .arena = arena};
    if (!arena || fd < 0 || emitter->emit(NULL, bom, &emission, NULL) != STELLA_OK)
        exit(1);
    *size = (uint64_t)lseek(fd, 0, SEEK_END);
    return fd;
}

/* What an SBOM tells: it knows no files. */
static void drop_files(const stella_bom *bom) {
    stella_bom_component *all = (stella_bom_component *)(uintptr_t)bom->components.items;
    for (uint32_t i = 0; i < bom->components.count; i++)
        all[i].files.count = 0;
}

static void change(const stella_bom *bom) {
    stella_bom_component *all = (stella_bom_component *)(uintptr_t)bom->components.items;
    for (uint32_t i = 0; i < bom->components.count; i += 10) {
        all[i].version = STELLA_SV("99.1-1");
        all[i].name = i % 100 ? all[i].name : STELLA_SV("another");
    }
}

static double run_once(const int32_t *fds) {
    stella_job job = {.head = STELLA_HEAD(stella_job),
                      .ops = &ops,
                      .kind = STELLA_SV("image.diff"),
                      .request = STELLA_SV("{\"managed\":true,\"outputs\":[{\"format\":\"json\",\"fd\":2}]}"),
                      .fds = fds,
                      .fd_count = 3,
                      .dir_fd = -1};
    stella_error err = {0};
    const double start = bench_now_s();
    if (engine_diff_job(&job, &err) != STELLA_OK) {
        fprintf(stderr, "image.diff: %s\n", err.message);
        exit(1);
    }
    return (bench_now_s() - start) * 1e3;
}

int main(void) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    const stella_bom *old = stella_testing_bom(arena, COMPONENTS), *new = stella_testing_bom(arena, COMPONENTS);
    double took_ms[ROUNDS];
    uint64_t size = 0;
    drop_files(old);
    drop_files(new);
    change(new);
    const int32_t fds[] = {write_result(old, &size), write_result(new, &size), memfd_create("diff", MFD_CLOEXEC)};
    for (int i = 0; i < ROUNDS; i++)
        took_ms[i] = run_once(fds);
    const off_t told = lseek(fds[2], 0, SEEK_END);
    if (strstr(answer, "\"changes\":0,") || told < COMPONENTS * 10) {
        fprintf(stderr, "image.diff: %s, %lld bytes\n", answer, (long long)told);
        return 1;
    }
    bench_result("diff.json.2x5000_components", bench_median(took_ms, ROUNDS), "ms", "< 20");
    bench_result("diff.json.2x5000_components_size", (double)size / 1e6, "MB", "-");
    for (int i = 0; i < 3; i++)
        (void)close(fds[i]);
    return 0;
}
