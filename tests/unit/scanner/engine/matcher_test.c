/* The compiled interests against a naive reading of them. */
#include "check.h"

#include "matcher.h"
#include "path.h"

#include <stella/auto.h>

#include <stdio.h>
#include <string.h>

static uint64_t seed = 42;

static uint32_t roll(uint32_t sides) {
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(seed >> 33) % sides;
}

/* Few letters, so that much is met. */
static const char *random_text(int with_slashes, size_t max) {
    static char pool[8192][24];
    static uint32_t used;
    char *text = pool[used++ % 8192];
    const size_t len = 1 + roll((uint32_t)max);
    for (size_t i = 0; i < len; i++)
        text[i] =
            with_slashes && i > 0 && i + 1 < len && text[i - 1] != '/' && roll(3) == 0 ? '/' : (char)('a' + roll(2));
    text[len] = '\0';
    return text;
}

static int naive(const stella_interest *interest, stella_sv path) {
    stella_sv dir, name;
    path_split(path, &dir, &name);
    if (interest->path && !stella_sv_eq(path, stella_sv_cstr(interest->path)))
        return 0;
    if (interest->dir) {
        char prefix[64];
        snprintf(prefix, sizeof prefix, "%s/", interest->dir);
        if (!stella_sv_starts(path, stella_sv_cstr(prefix)))
            return 0;
    }
    if (interest->name && !stella_sv_eq(name, stella_sv_cstr(interest->name)))
        return 0;
    if (interest->parent && !stella_sv_ends(dir, stella_sv_cstr(interest->parent)))
        return 0;
    if (interest->below) {
        char around[64], part[64];
        snprintf(around, sizeof around, "/%.*s/", STELLA_SV_FMT(dir));
        snprintf(part, sizeof part, "/%s/", interest->below);
        if (!strstr(around, part))
            return 0;
    }
    return !interest->suffix || stella_sv_ends(name, stella_sv_cstr(interest->suffix));
}

static stella_interest random_interest(void) {
    stella_interest one = {.mode = STELLA_KEEP};
    while (!one.path && !one.dir && !one.name && !one.suffix && !one.parent && !one.below && !one.type) {
        one.path = roll(6) == 0 ? random_text(1, 7) : NULL;
        one.dir = roll(3) == 0 ? random_text(1, 5) : NULL;
        one.name = roll(4) == 0 ? random_text(0, 3) : NULL;
        one.suffix = roll(3) == 0 ? random_text(0, 3) : NULL;
        one.parent = roll(4) == 0 ? random_text(0, 2) : NULL;
        one.below = roll(4) == 0 ? random_text(0, 2) : NULL;
        one.type = roll(8) == 0 ? STELLA_TYPE_ELF : 0;
    }
    return one;
}

static void finds_what_a_naive_reading_finds(void **state) {
    (void)state;
    for (int round = 0; round < 50; round++) {
        STELLA_AUTO(matcher_destroyp) matcher *m = matcher_create();
        stella_interest interests[3][20];
        for (uint32_t plugin = 0; plugin < 3; plugin++) {
            for (int i = 0; i < 20; i++)
                interests[plugin][i] = random_interest();
            assert_int_equal(matcher_add(m, plugin, interests[plugin], 20, sizeof(stella_interest), NULL), STELLA_OK);
        }
        for (int i = 0; i < 200; i++) {
            const stella_sv path = stella_sv_cstr(random_text(1, 9));
            matcher_hit hits[MATCHER_HITS_MAX];
            const uint32_t count = matcher_match(m, path, hits);
            uint32_t at = 0;
            for (uint32_t plugin = 0; plugin < 3; plugin++) {
                for (uint32_t j = 0; j < 20; j++) {
                    if (!naive(&interests[plugin][j], path))
                        continue;
                    assert_true(at < count);
                    assert_int_equal(hits[at].plugin, plugin);
                    assert_int_equal(hits[at].interest, j);
                    assert_int_equal(hits[at].type, interests[plugin][j].type);
                    at++;
                }
            }
            assert_int_equal(at, count);
        }
    }
}

static void refuses_interests_that_cannot_be_honest(void **state) {
    (void)state;
    const stella_interest bad[] = {
        {.mode = STELLA_KEEP},
        {.mode = 0, .name = "x"},
        {.mode = 4, .name = "x"},
        {.mode = STELLA_KEEP, .type = 99},
        {.mode = STELLA_KEEP, .name = ""},
        {.mode = STELLA_KEEP, .name = "a/b"},
        {.mode = STELLA_KEEP, .parent = "a/b"},
        {.mode = STELLA_KEEP, .below = ""},
        {.mode = STELLA_KEEP, .path = "/etc/passwd"},
        {.mode = STELLA_KEEP, .dir = "etc/"},
        {.mode = STELLA_KEEP, .name = "x", .max_bytes = UINT64_MAX},
        {.mode = STELLA_KEEP | STELLA_SEEK, .name = "x"},
        {.mode = STELLA_PROBE | 8u, .name = "x"},
        {.mode = STELLA_PROBE, .name = "x", .companions = "-wal"},
        {.mode = STELLA_PROBE | STELLA_SEEK, .name = "x", .companions = ""},
        {.mode = STELLA_PROBE | STELLA_SEEK, .name = "x", .companions = "  "},
        {.mode = STELLA_PROBE | STELLA_SEEK, .name = "x", .companions = "/wal"},
        {.mode = STELLA_PROBE | STELLA_SEEK, .name = "x", .companions = "1 2 3 4 5 6 7 8 9"},
    };
    for (size_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(matcher_destroyp) matcher *m = matcher_create();
        stella_error err = {0};
        const stella_interest pair[] = {{.mode = STELLA_KEEP, .name = "good"}, bad[i]};
        matcher_hit hits[MATCHER_HITS_MAX];
        assert_int_equal(matcher_add(m, 1, pair, 2, sizeof pair[0], &err), STELLA_E_INVALID);
        assert_non_null(strstr(err.message, "interest 1"));
        assert_int_equal(matcher_match(m, STELLA_SV("good"), hits), 0);
    }
}

static void knows_companions_by_their_paths(void **state) {
    (void)state;
    const stella_interest list[] = {
        {.mode = STELLA_PROBE | STELLA_SEEK, .name = "a.db", .max_bytes = 10, .companions = "-wal  -journal"},
        {.mode = STELLA_PROBE | STELLA_SEEK, .path = "x/a.db", .max_bytes = 20, .companions = "-wal"},
        {.mode = STELLA_PROBE | STELLA_SEEK, .dir = "free", .type = STELLA_TYPE_SQLITE, .companions = "-wal"},
    };
    STELLA_AUTO(matcher_destroyp) matcher *m = matcher_create();
    stella_sv suffix;
    uint64_t max = 77;
    assert_int_equal(matcher_add(m, 0, list, STELLA_COUNT(list), sizeof list[0], NULL), STELLA_OK);
    assert_false(matcher_is_companion(m, STELLA_SV("a.db"), &max));
    assert_false(matcher_is_companion(m, STELLA_SV("-wal"), &max));
    assert_false(matcher_is_companion(m, STELLA_SV("b.db-wal"), &max));
    assert_int_equal(max, 77);
    assert_true(matcher_is_companion(m, STELLA_SV("y/a.db-journal"), &max));
    assert_int_equal(max, 10);
    assert_true(matcher_is_companion(m, STELLA_SV("x/a.db-wal"), &max));
    assert_int_equal(max, 20);
    assert_true(matcher_is_companion(m, STELLA_SV("free/whatever-wal"), &max));
    assert_int_equal(max, 0);
    assert_true(matcher_companion_at(list[0].companions, 1, &suffix));
    assert_true(stella_sv_eq(suffix, STELLA_SV("-journal")));
    assert_false(matcher_companion_at(list[0].companions, 2, &suffix));
    assert_false(matcher_companion_at(NULL, 0, &suffix));
}

/* A plugin of an older build names none: what lies behind its interests is not read. */
static void reads_interests_of_a_shorter_build(void **state) {
    (void)state;
    struct {
        unsigned char shorter[offsetof(stella_interest, companions)];
        const char *not_companions;
    } list[1];
    const stella_interest one = {.mode = STELLA_PROBE | STELLA_SEEK, .name = "a"};
    STELLA_AUTO(matcher_destroyp) matcher *m = matcher_create();
    matcher_hit hits[MATCHER_HITS_MAX];
    memcpy(list[0].shorter, &one, sizeof list[0].shorter);
    list[0].not_companions = (const char *)1;
    assert_int_equal(matcher_add(m, 0, (const stella_interest *)(const void *)list, 1, sizeof list[0].shorter, NULL),
                     STELLA_OK);
    assert_int_equal(matcher_match(m, STELLA_SV("a"), hits), 1);
    assert_null(hits[0].companions);
}

static void reads_interests_of_a_longer_build(void **state) {
    (void)state;
    struct {
        stella_interest known;
        uint64_t newer;
    } list[] = {{{.mode = STELLA_KEEP, .name = "a"}, 1}, {{.mode = STELLA_PROBE, .name = "b"}, 2}};
    STELLA_AUTO(matcher_destroyp) matcher *m = matcher_create();
    matcher_hit hits[MATCHER_HITS_MAX];
    assert_int_equal(matcher_add(m, 0, &list[0].known, 2, sizeof list[0], NULL), STELLA_OK);
    assert_int_equal(matcher_match(m, STELLA_SV("dir/b"), hits), 1);
    assert_int_equal(hits[0].interest, 1);
    assert_int_equal(hits[0].mode, STELLA_PROBE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_naive_reading_finds),  cmocka_unit_test(refuses_interests_that_cannot_be_honest),
        cmocka_unit_test(knows_companions_by_their_paths),   cmocka_unit_test(reads_interests_of_a_shorter_build),
        cmocka_unit_test(reads_interests_of_a_longer_build),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
