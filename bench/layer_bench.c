/* Reading a layer: the job against its floor (hashing the stored bytes, inflating with the same library), and a layer
 * of three million files with the memory it takes.
 *
 *     layer_bench [LAYER]   a layer's file; without it one is made of this machine's /usr/bin and /usr/lib by tar */
#include "bench.h"

#include "engine.h"
#include "inflate.h"

#include <stella/auto.h>
#include <stella/digest.h>
#include <stella/sink.h>

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 5
#define MANY   3000000u

static int32_t no_peer(stella_job *job, const char *interface_id, uint32_t position, stella_peer *out) {
    (void)job;
    (void)interface_id;
    (void)position;
    (void)out;
    return 0;
}

static void no_progress(stella_job *job, uint64_t done, uint64_t items) {
    (void)job;
    (void)done;
    (void)items;
}

static stella_status no_reply(stella_job *job, stella_sv bytes, stella_error *err) {
    (void)job;
    (void)bytes;
    (void)err;
    return STELLA_OK;
}

static void die(const char *what, const stella_error *err) {
    fprintf(stderr, "layer_bench: %s: %s\n", what, err->message);
    exit(1);
}

static double run_job(int stored, const char *request) {
    static const stella_job_ops ops = {
        .head = STELLA_HEAD(stella_job_ops), .peer = no_peer, .progress = no_progress, .reply = no_reply};
    stella_error err = {0};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 26);
    const int32_t fds[] = {stored, memfd_create("pack", MFD_CLOEXEC), memfd_create("scratch", MFD_CLOEXEC),
                           memfd_create("links", MFD_CLOEXEC)};
    stella_job job = {.head = STELLA_HEAD(stella_job),
                      .ops = &ops,
                      .arena = arena,
                      .request = stella_sv_cstr(request),
                      .fds = fds,
                      .fd_count = sizeof fds / sizeof fds[0],
                      .dir_fd = -1};
    const double start = bench_now_s();
    if (engine_layer_job(&job, &err) != STELLA_OK)
        die("layer job", &err);
    const double took = bench_now_s() - start;
    for (int i = 1; i < 4; i++)
        close(fds[i]);
    return took;
}

static double run_hash(int fd) {
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_error err = {0};
    const double start = bench_now_s();
    if (stella_digest_of_fd(fd, digest, &err) != STELLA_OK)
        die("hash", &err);
    return bench_now_s() - start;
}

static double run_inflate(int fd, char digest[STELLA_DIGEST_TEXT_SIZE], uint64_t *bytes) {
    const inflate_options options = {.limits = ENGINE_LIMITS_DEFAULT, .with_digest = digest[0] == '?'};
    stella_error err = {0};
    inflate *z = NULL;
    const double start = bench_now_s();
    if (inflate_create(fd, &options, &z, &err) != STELLA_OK || inflate_finish(z, digest, bytes, &err) != STELLA_OK)
        die("inflate", &err);
    inflate_destroy(z);
    return bench_now_s() - start;
}

static void against_the_floor(int fd) {
    double hash[ROUNDS], inflating[ROUNDS], job[ROUNDS], verified[ROUNDS];
    char digest[STELLA_DIGEST_TEXT_SIZE] = "?", none[STELLA_DIGEST_TEXT_SIZE], request[256];
    uint64_t bytes = 0;
    lseek(fd, 0, SEEK_SET);
    run_inflate(fd, digest, &bytes);
    snprintf(request, sizeof request, "{\"kind\":\"blob\",\"diffId\":\"%s\"}", digest);
    for (int i = 0; i < ROUNDS; i++) {
        hash[i] = run_hash(fd);
        none[0] = '\0';
        lseek(fd, 0, SEEK_SET);
        inflating[i] = run_inflate(fd, none, &bytes);
        lseek(fd, 0, SEEK_SET);
        job[i] = run_job(fd, "{\"kind\":\"blob\"}");
        lseek(fd, 0, SEEK_SET);
        verified[i] = run_job(fd, request);
    }
    const double mb = (double)bytes / 1e6, floor = bench_median(inflating, ROUNDS);
    struct stat info;
    fstat(fd, &info);
    bench_result("layer.stored.hash", (double)info.st_size / 1e6 / bench_median(hash, ROUNDS), "MB/s", "-");
    bench_result("layer.inflate", mb / floor, "MB/s", "-");
    bench_result("layer.job", mb / bench_median(job, ROUNDS), "MB/s", "-");
    bench_result("layer.job.diffid", mb / bench_median(verified, ROUNDS), "MB/s", "-");
    bench_result("layer.job.over.inflate", bench_median(job, ROUNDS) / floor, "x", "< 1.1");
}

static int make_layer(void) {
    static const char command[] = "tar -C / -czf - usr/bin usr/lib/x86_64-linux-gnu etc 2>/dev/null";
    FILE *from = popen(command, "r");
    const int fd = memfd_create("layer", MFD_CLOEXEC);
    static char piece[1 << 16];
    for (size_t got; from && (got = fread(piece, 1, sizeof piece, from)) > 0;)
        if (write(fd, piece, got) != (ssize_t)got)
            exit(1);
    if (from)
        pclose(from);
    return fd;
}

static void write_header(char *block, uint32_t number) {
    memset(block, 0, 512);
    snprintf(block, 100, "srv/data/%u/%u/file-%u.dat", number % 50, number % 3000, number);
    memcpy(block + 100, "0000644\0000001000\0000001000\00000000000000\00000000000000", 47);
    block[156] = '0';
    memcpy(block + 257, "ustar\00000", 8);
    unsigned sum = 8 * ' ';
    for (int i = 0; i < 512; i++)
        sum += (unsigned char)block[i];
    snprintf(block + 148, 8, "%06o", sum);
}

/* Writes the archive to a pipe as it is read: nothing of it is ever whole. */
static void feed_many(int to) {
    static char blocks[128][512];
    for (uint32_t i = 0; i < MANY; i += 128) {
        const uint32_t count = MANY - i < 128 ? MANY - i : 128;
        for (uint32_t j = 0; j < count; j++)
            write_header(blocks[j], i + j);
        for (size_t at = 0; at < count * 512u;) {
            const ssize_t put = write(to, (char *)blocks + at, count * 512u - at);
            if (put <= 0)
                _exit(1);
            at += (size_t)put;
        }
    }
    _exit(0);
}

/* In a process of its own, so that its peak memory is the job's. */
static void many_files(void) {
    int ends[2];
    struct rusage usage;
    const double start = bench_now_s();
    const pid_t reader = fork();
    if (reader == 0) {
        if (pipe(ends) < 0)
            _exit(1);
        if (fork() == 0) {
            close(ends[0]);
            feed_many(ends[1]);
        }
        close(ends[1]);
        run_job(ends[0], "{\"kind\":\"blob\"}");
        getrusage(RUSAGE_SELF, &usage);
        bench_result("layer.3m.memory", (double)usage.ru_maxrss * 1024 / 1e6, "MB", "< 200");
        _exit(0);
    }
    int status;
    if (waitpid(reader, &status, 0) != reader || status != 0)
        exit(1);
    bench_result("layer.3m.time", bench_now_s() - start, "s", "-");
}

int main(int argc, char **argv) {
    many_files(); /* first: memory of the other measurement would be inherited */
    const int fd = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : make_layer();
    if (fd < 0) {
        perror(argv[1]);
        return 1;
    }
    against_the_floor(fd);
    close(fd);
    return 0;
}
