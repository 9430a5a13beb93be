/* dpkg_bench.c - probing a status file of 100 MB, made of the stanzas of a real one again and again. */
#include "bench.h"

#include "plugins/scanner/analyzers/os/dpkg/status.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#define STATUS_SOURCE STELLA_SOURCE_DIR "/tests/data/dpkg/bookworm/var/lib/dpkg/status"
#define STATUS_BYTES  ((uint64_t)100 << 20)
#define PIECE_BYTES   ((size_t)1 << 20)
#define ROUNDS        5

typedef struct input {
    stella_probe base; /* first: what the probe sees */
    stella_sv stanzas; /* whole ones, to be given again and again */
    uint64_t given, records;
    size_t at;
} input;

static stella_status read_piece(stella_probe *probe, stella_sv *chunk, stella_error *err) {
    input *in = (input *)probe;
    (void)err;
    if (in->at == in->stanzas.len)
        in->at = 0;
    *chunk = in->given >= STATUS_BYTES && in->at == 0
                 ? STELLA_SV("")
                 : stella_sv_first(stella_sv_skip(in->stanzas, in->at), PIECE_BYTES);
    in->at += chunk->len;
    in->given += chunk->len;
    return STELLA_OK;
}

static stella_status count_record(stella_probe *probe, const stella_record *record, stella_error *err) {
    (void)record;
    (void)err;
    ((input *)probe)->records++;
    return STELLA_OK;
}

static void no_note(stella_probe *probe, uint32_t severity, uint32_t line, stella_sv message) {
    (void)probe;
    fprintf(stderr, "line %u: severity %u: %.*s\n", line, severity, STELLA_SV_FMT(message));
}

static double probe_once(stella_sv stanzas, uint64_t *records) {
    static const stella_probe_ops ops = {
        .head = STELLA_HEAD(stella_probe_ops), .read = read_piece, .record = count_record, .note = no_note};
    const stella_file file = {.struct_size = sizeof file, .path = STELLA_SV(STATUS_PATH)};
    input in = {.base = {.head = STELLA_HEAD(stella_probe), .ops = &ops, .file = &file}, .stanzas = stanzas};
    stella_error err = {0};
    const double start = bench_now_s();
    if (status_probe(&in.base, &err) != STELLA_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
    *records = in.records;
    return bench_now_s() - start;
}

/* The file's stanzas as often as a few pieces hold them; each ends with an empty line. */
static int load(stella_buf *out) {
    STELLA_AUTO(stella_fd_closep) int fd = open(STATUS_SOURCE, O_RDONLY | O_CLOEXEC);
    static char text[1u << 20];
    const ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text);
    while (got > 0 && out->len < 4 * PIECE_BYTES)
        if (stella_buf_add(out, stella_sv_of(text, (size_t)got)) != STELLA_OK ||
            stella_buf_add(out, STELLA_SV("\n")) != STELLA_OK)
            return 0;
    return got > 0;
}

int main(void) {
    STELLA_AUTO(stella_buf_fini) stella_buf stanzas = stella_buf_of(8 * PIECE_BYTES);
    double took_s[ROUNDS];
    uint64_t records = 0;
    struct rusage usage;
    if (!load(&stanzas)) {
        fprintf(stderr, "%s cannot be read\n", STATUS_SOURCE);
        return 1;
    }
    for (int i = 0; i < ROUNDS; i++)
        took_s[i] = probe_once(stella_buf_sv(&stanzas), &records);
    getrusage(RUSAGE_SELF, &usage);
    const double median_s = bench_median(took_s, ROUNDS);
    bench_result("dpkg.probe_status_100_mb", median_s, "s", "< 1");
    bench_result("dpkg.probe_status_rate", (double)STATUS_BYTES / 1e6 / median_s, "MB/s", "-");
    bench_result("dpkg.probe_packages", (double)records, "packages", "-");
    bench_result("dpkg.probe_peak_memory", (double)usage.ru_maxrss / 1e3, "MB", "-");
    return 0;
}
