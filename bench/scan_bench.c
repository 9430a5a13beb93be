/* scan_bench.c - `stella scan` of the demo image, cold, against the floor: hashing its stored bytes and inflating the
 * same layers with the same libraries, a thread a layer, in the same run. Pairs are timed in turn, so that a machine
 * whose speed drifts does not spoil the ratio. */
#include "bench.h"

#include <stella/digest.h>
#include <stella/json.h>

#include <dirent.h>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <pthread.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#define RUNS       7
#define CHUNK      ((size_t)1 << 20)
#define LAYERS_MAX 128

extern char **environ;

typedef struct blob {
    char path[2048];
    uint64_t stored, inflated; /* bytes */
} blob;

static _Noreturn void die(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t inflate_gzip(struct inflate_state *state, unsigned char *in, size_t size, unsigned char *out) {
    uint64_t made = 0;
    state->next_in = in;
    state->avail_in = (uint32_t)size;
    do {
        state->next_out = out;
        state->avail_out = (uint32_t)CHUNK;
        if (isal_inflate(state) != ISAL_DECOMP_OK)
            die("inflate");
        made += CHUNK - state->avail_out;
    } while (state->avail_in || state->avail_out == 0);
    return made;
}

static uint64_t inflate_zstd(ZSTD_DStream *stream, unsigned char *in, size_t size, unsigned char *out) {
    uint64_t made = 0;
    ZSTD_inBuffer from = {in, size, 0};
    ZSTD_outBuffer to;
    do {
        to = (ZSTD_outBuffer){out, CHUNK, 0};
        if (ZSTD_isError(ZSTD_decompressStream(stream, &to, &from)))
            die("zstd");
        made += to.pos;
    } while (from.pos < from.size || to.pos == to.size);
    return made;
}

static void *hash_and_inflate(void *argument) {
    blob *b = argument;
    unsigned char *in = malloc(CHUNK), *out = malloc(CHUNK), digest[STELLA_SHA256_SIZE];
    stella_sha256 *hash = stella_sha256_create();
    struct inflate_state *gzip = malloc(sizeof *gzip);
    ZSTD_DStream *zstd = ZSTD_createDStream();
    const int fd = open(b->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !in || !out || !hash || !gzip || !zstd)
        die(b->path);
    isal_inflate_init(gzip);
    gzip->crc_flag = ISAL_GZIP;
    b->stored = b->inflated = 0;
    int is_zstd = 0;
    for (ssize_t got; (got = read(fd, in, CHUNK)) > 0; b->stored += (uint64_t)got) {
        stella_sha256_update(hash, in, (size_t)got);
        if (b->stored == 0)
            is_zstd = memcmp(in, "\x28\xb5\x2f\xfd", 4) == 0;
        b->inflated += is_zstd ? inflate_zstd(zstd, in, (size_t)got, out) : inflate_gzip(gzip, in, (size_t)got, out);
    }
    stella_sha256_final(hash, digest);
    close(fd);
    ZSTD_freeDStream(zstd);
    stella_sha256_destroy(hash);
    free(gzip);
    free(in);
    free(out);
    return NULL;
}

static double floor_s(blob *blobs, uint32_t count) {
    pthread_t threads[LAYERS_MAX];
    const double begin = bench_now_s();
    for (uint32_t i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, hash_and_inflate, &blobs[i]) != 0)
            die("thread");
    for (uint32_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return bench_now_s() - begin;
}

static double scan_s(const char *program, const char *target) {
    const char *argv[] = {program, "scan", target, "--no-cache", "-q", "-o", "cyclonedx-json=/dev/null", NULL};
    pid_t pid;
    int status = -1;
    const double begin = bench_now_s();
    if (posix_spawn(&pid, program, NULL, NULL, (char *const *)(uintptr_t)argv, environ) != 0 ||
        waitpid(pid, &status, 0) < 0)
        die(program);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "scan_bench: %s scan %s failed\n", program, target);
        exit(1);
    }
    return bench_now_s() - begin;
}

/* Proportional resident memory of a process in KiB; 0 once it is gone. */
static uint64_t pss_kib(const char *pid) {
    char path[64], line[256];
    unsigned long long kib = 0;
    snprintf(path, sizeof path, "/proc/%.20s/smaps_rollup", pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file) && sscanf(line, "Pss: %llu", &kib) != 1)
        ;
    if (file)
        fclose(file);
    return kib;
}

static uint64_t session_kib(pid_t session) {
    DIR *dir = opendir("/proc");
    uint64_t kib = 0;
    for (const struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] >= '1' && e->d_name[0] <= '9' && getsid((pid_t)atol(e->d_name)) == session)
            kib += pss_kib(e->d_name);
    if (dir)
        closedir(dir);
    return kib;
}

/* The most that all processes of one scan held at a moment, looked at as often as that takes; the run is not timed. */
static double peak_mb(const char *program, const char *target) {
    const char *argv[] = {program, "scan", target, "--no-cache", "-q", "-o", "cyclonedx-json=/dev/null", NULL};
    posix_spawnattr_t own_session;
    uint64_t peak = 0;
    pid_t pid;
    int status;
    posix_spawnattr_init(&own_session);
    posix_spawnattr_setflags(&own_session, POSIX_SPAWN_SETSID);
    if (posix_spawn(&pid, program, NULL, &own_session, (char *const *)(uintptr_t)argv, environ) != 0)
        die(program);
    while (waitpid(pid, &status, WNOHANG) == 0) {
        const uint64_t now = session_kib(pid);
        peak = now > peak ? now : peak;
        usleep(2000);
    }
    posix_spawnattr_destroy(&own_session);
    return (double)peak / 1024;
}

static stella_sv read_whole(const char *path, stella_arena *arena) {
    char *text = stella_arena_alloc(arena, 1, CHUNK);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 || !text ? -1 : read(fd, text, CHUNK);
    if (got < 0)
        die(path);
    close(fd);
    return stella_sv_of(text, (size_t)got);
}

static const stella_json *parse(const char *path, stella_arena *arena) {
    const stella_json *json;
    stella_error err;
    if (stella_json_parse(read_whole(path, arena), arena, &json, &err) != STELLA_OK) {
        fprintf(stderr, "scan_bench: %s: %s\n", path, err.message);
        exit(1);
    }
    return json;
}

static void blob_path(char *out, size_t size, const char *layout, const stella_json *descriptor) {
    const stella_sv digest = stella_sv_skip(stella_json_str(stella_json_get(descriptor, "digest")), strlen("sha256:"));
    snprintf(out, size, "%s/blobs/sha256/%.*s", layout, STELLA_SV_FMT(digest));
}

static uint32_t layers_of(const char *layout, blob *blobs) {
    stella_arena *arena = stella_arena_create(16 * CHUNK);
    char path[2048];
    snprintf(path, sizeof path, "%s/index.json", layout);
    const stella_json *index = parse(path, arena);
    blob_path(path, sizeof path, layout, stella_json_at(stella_json_get(index, "manifests"), 0));
    const stella_json *layers = stella_json_get(parse(path, arena), "layers");
    uint32_t count = 0;
    for (const stella_json *l; count < LAYERS_MAX && (l = stella_json_at(layers, count)); count++)
        blob_path(blobs[count].path, sizeof blobs[count].path, layout, l);
    stella_arena_destroy(arena);
    return count;
}

int main(void) {
    const char *build = getenv("STELLA_BUILD_DIR"), *image = getenv("STELLA_DEMO_IMAGE");
    static blob blobs[LAYERS_MAX];
    char program[1024], layout[1024], target[1100];
    snprintf(program, sizeof program, "%s/bin/stella", build ? build : "build");
    snprintf(layout, sizeof layout, "%s/oci", image ? image : "build/demo/image");
    snprintf(target, sizeof target, "oci-layout:%s:demo", layout);
    const uint32_t count = layers_of(layout, blobs);
    double floors[RUNS], scans[RUNS], ratios[RUNS];
    floor_s(blobs, count); /* fills the page cache: what is measured is work, not the disk */
    scan_s(program, target);
    for (int i = 0; i < RUNS; i++) {
        floors[i] = floor_s(blobs, count);
        scans[i] = scan_s(program, target);
        ratios[i] = scans[i] / floors[i];
    }
    uint64_t stored = 0, inflated = 0;
    for (uint32_t i = 0; i < count; i++) {
        stored += blobs[i].stored;
        inflated += blobs[i].inflated;
    }
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    bench_result("scan.image.stored", (double)stored / 1e6, "MB", "-");
    bench_result("scan.image.inflated", (double)inflated / 1e6, "MB", "-");
    bench_result("scan.floor_hash_and_inflate", bench_median(floors, RUNS) * 1e3, "ms", "-");
    bench_result("scan.cold", bench_median(scans, RUNS) * 1e3, "ms", "< 1500");
    bench_result("scan.cold_over_floor", bench_median(ratios, RUNS), "ratio", "< 1.25");
    bench_result("scan.all_processes", peak_mb(program, target), "MB", "< 100");
    bench_result("scan.largest_process", (double)usage.ru_maxrss / 1024, "MB", "< 100");
    return 0;
}
