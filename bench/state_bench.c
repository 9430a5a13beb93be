/* state_bench.c - durable transactions a second: one writer, then 16 that share their writes to disk. CSV:
 * name,value,unit,goal. argument: a directory on the disk in question (default: the working directory) */
#include "state/state.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define WRITERS   16
#define RUN_NS    1500000000ull
#define VALUE_LEN 512

typedef struct writer {
    state *store;
    uint64_t until_ns, done;
    int number;
} writer;

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Each transaction is what an accepted job costs: a document and an event. */
static void *write_jobs(void *argument) {
    writer *w = argument;
    const stella_state *face = state_interface(w->store);
    static const char document[VALUE_LEN];
    while (now_ns() < w->until_ns) {
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
    const uint64_t begin = now_ns();
    for (int i = 0; i < count; i++) {
        writers[i] = (writer){.store = store, .until_ns = begin + RUN_NS, .number = first_number + i};
        if (pthread_create(&threads[i], NULL, write_jobs, &writers[i]) != 0)
            exit(1);
    }
    uint64_t done = 0;
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        done += writers[i].done;
    }
    return (double)done * 1e9 / (double)(now_ns() - begin);
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
    printf("state_transactions_single,%.0f,1/s,1000\n", rate(store, 1, 0));
    printf("state_transactions_grouped_16,%.0f,1/s,1000\n", rate(store, WRITERS, 1));
    state_close(store);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command) == 0 ? 0 : 1;
}
