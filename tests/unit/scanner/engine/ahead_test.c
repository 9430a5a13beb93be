/* A layer inflated ahead of the walk is the layer inflated as it is walked. */
#include "layer_kit.h"

#include <sys/stat.h>

#define REQUEST(ahead, diff_id)                                                                                        \
    "{\"kind\":\"blob\",\"name\":\"layer\",\"diffId\":\"" diff_id "\",\"ahead\":" ahead                                \
    ",\"limits\":{\"layerBytes\":40000000}}"
#define FILES 3000

static const stella_interest wanted[] = {{.mode = STELLA_KEEP, .suffix = "7"}};

static stella_status never_analyzed(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)job, (void)err;
    fail();
    return STELLA_OK;
}

static const stella_analyzer analyzer = {.head = STELLA_HEAD(stella_analyzer),
                                         .phase = STELLA_PHASE_PACKAGES,
                                         .interest_count = STELLA_COUNT(wanted),
                                         .interest_stride = sizeof wanted[0],
                                         .interests = wanted,
                                         .analyze = never_analyzed};

/* Files of all sizes: headers lie at every place of a window, and across its end. */
static stella_buf some_tar(void) {
    stella_buf tar = stella_buf_of(64u << 20);
    static char body[20000];
    for (uint32_t i = 0; i < FILES; i++) {
        char name[32];
        memset(body, (int)('a' + i % 26), sizeof body);
        snprintf(name, sizeof name, "dir%u/file%u", i % 17, i);
        tar_file(&tar, name, stella_sv_of(body, i * 7919 % sizeof body));
    }
    tar_end(&tar);
    return tar;
}

static stella_status run(layer_kit *k, stella_sv stored, const char *request) {
    *k = (layer_kit){.analyzers = {&analyzer}, .analyzer_count = 1};
    return kit_run_bytes(k, stored, request);
}

static void assert_same_pack(const layer_kit *a, const layer_kit *b) {
    struct stat one, other;
    assert_int_equal(fstat(a->fds[1], &one), 0);
    assert_int_equal(fstat(b->fds[1], &other), 0);
    assert_int_equal(one.st_size, other.st_size);
    const size_t size = (size_t)one.st_size;
    void *left = mmap(NULL, size, PROT_READ, MAP_PRIVATE, a->fds[1], 0);
    void *right = mmap(NULL, size, PROT_READ, MAP_PRIVATE, b->fds[1], 0);
    assert_memory_equal(left, right, size);
    munmap(left, size);
    munmap(right, size);
    assert_true(stella_sv_eq(stella_buf_sv(&a->reply), stella_buf_sv(&b->reply)));
}

static void each_way_of_storing_gives_the_same_pack(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = some_tar();
    STELLA_AUTO(stella_buf_fini) stella_buf gzip = stella_buf_of(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf zstd = stella_buf_of(64u << 20);
    gzip_bytes(stella_buf_sv(&tar), &gzip);
    zstd_bytes(stella_buf_sv(&tar), &zstd);
    const stella_sv stored[] = {stella_buf_sv(&tar), stella_buf_sv(&gzip), stella_buf_sv(&zstd)};
    for (size_t i = 0; i < sizeof stored / sizeof stored[0]; i++) {
        STELLA_AUTO(kit_close) layer_kit ahead, beside;
        if (run(&ahead, stored[i], REQUEST("true", "")) != STELLA_OK)
            fail_msg("%s", ahead.error.message);
        assert_int_equal(run(&beside, stored[i], REQUEST("false", "")), STELLA_OK);
        assert_same_pack(&ahead, &beside);
    }
}

static void the_diff_id_is_computed_beside_it(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = some_tar();
    STELLA_AUTO(stella_buf_fini) stella_buf zstd = stella_buf_of(64u << 20);
    STELLA_AUTO(kit_close) layer_kit right, wrong;
    char digest[STELLA_DIGEST_TEXT_SIZE], request[256];
    zstd_bytes(stella_buf_sv(&tar), &zstd);
    stella_digest_of(stella_buf_sv(&tar), digest);
    snprintf(request, sizeof request, REQUEST("true", "%s"), digest);
    if (run(&right, stella_buf_sv(&zstd), request) != STELLA_OK)
        fail_msg("%s", right.error.message);
    stella_digest_of(STELLA_SV("another"), digest);
    snprintf(request, sizeof request, REQUEST("true", "%s"), digest);
    assert_int_equal(run(&wrong, stella_buf_sv(&zstd), request), STELLA_E_FORMAT);
    assert_non_null(strstr(wrong.error.message, "diff id"));
}

static void damage_and_limits_are_told_where_they_are_met(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = some_tar();
    STELLA_AUTO(stella_buf_fini) stella_buf gzip = stella_buf_of(64u << 20);
    STELLA_AUTO(kit_close) layer_kit cut, large;
    gzip_bytes(stella_buf_sv(&tar), &gzip);
    assert_int_equal(run(&cut, stella_sv_first(stella_buf_sv(&gzip), gzip.len / 2), REQUEST("true", "")),
                     STELLA_E_FORMAT);
    assert_non_null(strstr(cut.error.message, "cut short"));
    assert_int_equal(run(&large, stella_buf_sv(&gzip),
                         "{\"kind\":\"blob\",\"name\":\"layer\",\"diffId\":\"\",\"ahead\":true,"
                         "\"limits\":{\"layerBytes\":1000000}}"),
                     STELLA_E_LIMIT);
    assert_non_null(strstr(large.error.message, "--max-layer-bytes"));
}

/* The thread ahead is at work when its reader gives up. */
static void a_reader_that_gives_up_ends_it(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = some_tar();
    STELLA_AUTO(kit_close) layer_kit k;
    tar.ptr[148] = 'x'; /* the first header's sum */
    assert_int_equal(run(&k, stella_buf_sv(&tar), REQUEST("true", "")), STELLA_E_FORMAT);
    assert_non_null(strstr(k.error.message, "checksum"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_of_storing_gives_the_same_pack),
        cmocka_unit_test(the_diff_id_is_computed_beside_it),
        cmocka_unit_test(damage_and_limits_are_told_where_they_are_met),
        cmocka_unit_test(a_reader_that_gives_up_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
