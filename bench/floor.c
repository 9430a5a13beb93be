/* floor.c - the least that a scan of an image can take: hashing the stored bytes of its layers and inflating them with
 * the same libraries, as many layers at once as there are processors, the largest first.
 *
 *     floor BLOB...      prints milliseconds, stored bytes, inflated bytes */
#include "bench.h"

#include <stella/digest.h>

#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define CHUNK       ((size_t)1 << 20)
#define LAYERS_MAX  1024
#define THREADS_MAX 32

typedef struct blob {
    const char *path;
    uint64_t size, stored, inflated; /* bytes */
} blob;

static blob blobs[LAYERS_MAX];
static uint32_t blob_count;
static atomic_uint next_blob;

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

static void hash_and_inflate(blob *b) {
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
}

static void *work(void *argument) {
    for (uint32_t i; (i = atomic_fetch_add(&next_blob, 1)) < blob_count;)
        hash_and_inflate(&blobs[i]);
    return argument;
}

static int by_size(const void *left, const void *right) {
    const blob *a = left, *b = right;
    return (a->size < b->size) - (a->size > b->size);
}

static double run(uint32_t count) {
    pthread_t threads[THREADS_MAX];
    const double begin = bench_now_s();
    for (uint32_t i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, work, NULL) != 0)
            die("thread");
    for (uint32_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return bench_now_s() - begin;
}

int main(int argc, char **argv) {
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t stored = 0, inflated = 0;
    for (int i = 1; i < argc && blob_count < LAYERS_MAX; i++) {
        struct stat st;
        if (stat(argv[i], &st) != 0)
            die(argv[i]);
        blobs[blob_count++] = (blob){.path = argv[i], .size = (uint64_t)st.st_size};
    }
    qsort(blobs, blob_count, sizeof *blobs, by_size);
    const double elapsed = run(processors < THREADS_MAX ? (uint32_t)processors : THREADS_MAX);
    for (uint32_t i = 0; i < blob_count; i++) {
        stored += blobs[i].stored;
        inflated += blobs[i].inflated;
    }
    printf("%.3f %llu %llu\n", elapsed * 1e3, (unsigned long long)stored, (unsigned long long)inflated);
    return 0;
}
