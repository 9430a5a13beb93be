/* state_bench.c - durable transactions a second: one writer, then 16 that share their writes to disk. argument: a
 * directory on the disk in question (default: the working directory) */
#include "bench.h"

#include "state/state.h"

#include <pthread.h>
#include <unistd.h>

#define WRITERS   16
#define RUN_S     1.5
#define VALUE_LEN 512

typedef struct writer {
    state *store;
    double until_s;
    uint64_t done;
    int number;
} writer;

/* Each transaction is what an accepted job costs: a document and an event. */
static void *write_jobs(void *argument) {
    writer *w = argument;
    const stella_state *face = state_interface(w->store);
    static const char document[VALUE_LEN];
    while (bench_now_s() < w->until_s) {
        char key[32];
        const int size = snprintf(key, sizeof key, "%03d-%09llu", w->number, (unsigned long long)w->done);
        const stella_state_op job = {.struct_size = sizeof job,
                                     .kind = STELLA_STATE_PUT,
                                     .space = STELLA_SV("jobs"),
                                     .key = stella_sv_of(key, (size_t)size),
                                     .value = stella_sv_of(document, sizeof document)};
        stella_state_op event = job;
        event.space = STELLA_SV("events");
        const stella_state_op ops[] = {job, event};
        stella_error err;
        if (face->commit(face->self, ops, 2, sizeof ops[0], &err) != STELLA_OK) {
            fprintf(stderr, "state_bench: %s\n", err.message);
            exit(1);
        }
        w->done++;
    }
    return NULL;
}

static double rate(state *store, int count, int first_number) {
    pthread_t threads[WRITERS];
    writer writers[WRITERS];
    const double begin = bench_now_s();
    for (int i = 0; i < count; i++) {
        writers[i] = (writer){.store = store, .until_s = begin + RUN_S, .number = first_number + i};
        if (pthread_create(&threads[i], NULL, write_jobs, &writers[i]) != 0)
            exit(1);
    }
    uint64_t done = 0;
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        done += writers[i].done;
    }
    return (double)done / (bench_now_s() - begin);
}

int main(int argc, char **argv) {
    char dir[4096], command[4200], here[2048];
    if (!getcwd(here, sizeof here))
        return 1;
    snprintf(dir, sizeof dir, "%s/state-bench.XXXXXX", argc > 1 ? argv[1] : here);
    if (!mkdtemp(dir)) {
        perror(dir);
        return 1;
    }
    state *store = NULL;
    stella_error err;
    const state_options options = {.dir = dir, .size_max_bytes = 4ull << 30};
    if (state_open(&options, &store, &err) != STELLA_OK) {
        fprintf(stderr, "state_bench: %s\n", err.message);
        return 1;
    }
    bench_result("state.transactions.single", rate(store, 1, 0), "1/s", "> 1000");
    bench_result("state.transactions.grouped_16", rate(store, WRITERS, 1), "1/s", "> 1000");
    state_close(store);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command) == 0 ? 0 : 1;
}
