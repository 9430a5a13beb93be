/* fat_jar_bench.c - a fat jar of 300 MB with 500 jars in it: what the probe takes, next to inflating all of it once by the
 * same library. Once with stored jars, as Spring Boot has them, once with deflated ones, as wars have. Memory is what is
 * anonymous: the jar itself is a mapping, as the engine gives it. */
#include "bench.h"
#include "tests/fuzz/probe_input.h"
#include "zip_make.h"

#include "java/archive.h"

#include "common/zip/zip.h"

#include <stella/auto.h>

#include <sys/mman.h>
#include <unistd.h>

#define JARS        500
#define CLASSES     100
#define CLASS_BYTES ((size_t)8 << 10)
#define ROUNDS      5
#define ARENA_BYTES ((uint64_t)256 << 20)

/* ---- a jar ---- */

static uint64_t noise(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Bytes that deflate to about half, as classes do. */
static void fill_class(char *bytes, uint64_t *state) {
    for (size_t i = 0; i < CLASS_BYTES; i++)
        bytes[i] = (char)(noise(state) % 16 + (i / 64 % 2 ? 'a' : noise(state) % 32));
}

static void add_jar(zip_make *fat, uint32_t number, uint32_t method, uint64_t *state) {
    STELLA_AUTO(zip_make_fini) zip_make jar = zip_make_begin();
    char name[64], text[128], bytes[CLASS_BYTES];
    snprintf(text, sizeof text, "groupId=org.fat\nartifactId=part-%u\nversion=1.%u\n", number, number);
    snprintf(name, sizeof name, "META-INF/maven/org.fat/part-%u/pom.properties", number);
    zip_make_add(&jar, (zip_member){.name = stella_sv_cstr(name), .content = stella_sv_cstr(text), .method = 8});
    for (uint32_t i = 0; i < CLASSES; i++) {
        fill_class(bytes, state);
        snprintf(name, sizeof name, "org/fat/part%u/Class%u.class", number, i);
        zip_make_add(&jar, (zip_member){.name = stella_sv_cstr(name), .content = {bytes, CLASS_BYTES}, .method = 8});
    }
    snprintf(name, sizeof name, "BOOT-INF/lib/part-%u-1.%u.jar", number, number);
    zip_make_add(fat, (zip_member){.name = stella_sv_cstr(name), .content = zip_make_end(&jar, 0), .method = method});
}

/* A mapping of a file that is already gone. */
static stella_sv make_fat_jar(uint32_t method) {
    STELLA_AUTO(zip_make_fini) zip_make fat = zip_make_begin();
    char path[] = "/tmp/stella-fat-jar-XXXXXX";
    uint64_t state = 88172645463325252u;
    for (uint32_t i = 0; i < JARS; i++)
        add_jar(&fat, i, method, &state);
    const stella_sv bytes = zip_make_end(&fat, 0);
    STELLA_AUTO(stella_fd_closep) int fd = mkstemp(path);
    assert_true(fd >= 0 && unlink(path) == 0);
    for (size_t at = 0; at < bytes.len;) {
        const ssize_t put = write(fd, bytes.ptr + at, bytes.len - at);
        assert_true(put > 0);
        at += (size_t)put;
    }
    void *map = mmap(NULL, bytes.len, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
    assert_true(map != MAP_FAILED);
    return stella_sv_of(map, bytes.len);
}

/* ---- what is measured ---- */

static uint64_t most_anonymous;

static uint64_t anonymous_kib(void) {
    char line[256];
    unsigned long value = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "RssAnon: %lu", &value) == 1)
            break;
    if (status)
        fclose(status);
    return value;
}

static void on_record(const stella_record *record) {
    (void)record;
    const uint64_t now = anonymous_kib();
    most_anonymous = now > most_anonymous ? now : most_anonymous;
}

static void ignore(const stella_record *record) {
    (void)record;
}

static void probe_once(stella_sv jar, stella_arena *arena, void (*check)(const stella_record *)) {
    stella_status status;
    stella_arena_reset(arena);
    const uint64_t records = probe_input_run(archive_probe, "app.jar", jar, arena, check, &status);
    assert_int_equal(status, STELLA_OK);
    assert_int_equal(records, JARS + 1);
}

static void read_all(zip *archive, stella_arena *arena, uint64_t *bytes) {
    stella_sv content;
    for (zip_entry entry; zip_next(archive, &entry);) {
        stella_arena_reset(arena);
        assert_int_equal(zip_read(archive, &entry, arena, UINT64_MAX, &content, NULL), STELLA_OK);
        *bytes += content.len;
    }
}

/* Every class of every jar. */
static uint64_t inflate_once(stella_sv jar) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *outer = stella_arena_create(ARENA_BYTES);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *inner = stella_arena_create(ARENA_BYTES);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *content = stella_arena_create(ARENA_BYTES);
    uint64_t room = UINT64_MAX, bytes = 0;
    zip fat, part;
    assert_true(outer && inner && content);
    assert_int_equal(zip_open(jar, outer, &room, &fat, NULL), STELLA_OK);
    for (zip_entry entry; zip_next(&fat, &entry);) {
        stella_sv text;
        stella_arena_reset(inner);
        assert_int_equal(zip_read(&fat, &entry, inner, UINT64_MAX, &text, NULL), STELLA_OK);
        assert_int_equal(zip_open(text, inner, &room, &part, NULL), STELLA_OK);
        read_all(&part, content, &bytes);
    }
    return bytes;
}

static void measure(const char *kind, uint32_t method) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    const stella_sv jar = make_fat_jar(method);
    double probing[ROUNDS], inflating[ROUNDS];
    uint64_t bytes = 0;
    char name[64];
    assert_non_null(arena);
    const uint64_t before = most_anonymous = anonymous_kib();
    probe_once(jar, arena, on_record);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        double start = bench_now_s();
        probe_once(jar, arena, ignore);
        probing[i] = bench_now_s() - start;
        start = bench_now_s();
        bytes = inflate_once(jar);
        inflating[i] = bench_now_s() - start;
    }
    const double floor = bench_median(inflating, ROUNDS);
    snprintf(name, sizeof name, "fat_jar_%s_size", kind);
    bench_result(name, (double)jar.len / 1e6, "MB", "-");
    snprintf(name, sizeof name, "fat_jar_%s_inflated", kind);
    bench_result(name, (double)bytes / 1e6, "MB", "-");
    snprintf(name, sizeof name, "fat_jar_%s_inflate_once", kind);
    bench_result(name, floor * 1e3, "ms", "-");
    snprintf(name, sizeof name, "fat_jar_%s_probe", kind);
    bench_result(name, bench_median(probing, ROUNDS) * 1e3, "ms", "-");
    snprintf(name, sizeof name, "fat_jar_%s_ratio", kind);
    bench_result(name, bench_median(probing, ROUNDS) / floor, "x", "<= 1");
    snprintf(name, sizeof name, "fat_jar_%s_memory", kind);
    bench_result(name, (double)(most_anonymous - before) / 1024, "MiB", "-");
    munmap((void *)(uintptr_t)jar.ptr, jar.len);
}

int main(void) {
    measure("stored", 0);
    measure("deflated", 8);
    return 0;
}
