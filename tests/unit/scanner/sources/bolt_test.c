/* bbolt databases: one page by page, damaged in each way that there is. That of a real containerd is a seed of the fuzz
 * target, and the integration test makes more. */
#include "check.h"

#include "images.h"

#include <stella/auto.h>

#include <stdio.h>
#include <string.h>

#define PAGE   512u
#define PAGES  8u
#define BRANCH 1u
#define LEAF   2u
#define META   4u

typedef struct database {
    unsigned char bytes[PAGE * PAGES];
    size_t size;
    uint32_t bump_after; /* reads until a transaction ends meanwhile; 0: none does */
    stella_arena *arena;
    bolt b;
} database;

static void put16(unsigned char *at, uint32_t value) {
    at[0] = (unsigned char)value;
    at[1] = (unsigned char)(value >> 8);
}

static void put32(unsigned char *at, uint32_t value) {
    put16(at, value);
    put16(at + 2, value >> 16);
}

static void put64(unsigned char *at, uint64_t value) {
    put32(at, (uint32_t)value);
    put32(at + 4, (uint32_t)(value >> 32));
}

static unsigned char *page_at(database *d, uint32_t number) {
    return d->bytes + (size_t)number * PAGE;
}

static void put_head(database *d, uint32_t number, uint32_t kind, uint32_t count) {
    unsigned char *page = page_at(d, number);
    put64(page, number);
    put16(page + 8, kind);
    put16(page + 10, count);
}

static void put_meta(database *d, uint32_t number, uint64_t root, uint64_t transaction) {
    unsigned char *meta = page_at(d, number) + 16;
    uint64_t sum = 0xcbf29ce484222325u;
    put_head(d, number, META, 0);
    put32(meta, 0xed0cdaedu);
    put32(meta + 4, 2);
    put32(meta + 8, PAGE);
    put64(meta + 16, root);
    put64(meta + 40, PAGES);
    put64(meta + 48, transaction);
    for (size_t i = 0; i < 56; i++)
        sum = (sum ^ meta[i]) * 0x100000001b3u;
    put64(meta + 56, sum);
}

/* An element of a leaf (flags, value) or of a branch (child); its texts lie 64 bytes apart behind 4 elements. */
static void put_value(database *d, uint32_t number, uint32_t index, uint32_t flags, const char *key, stella_sv value) {
    unsigned char *element = page_at(d, number) + 16 + index * 16, *text = page_at(d, number) + 96 + index * 64;
    put32(element, flags);
    put32(element + 4, (uint32_t)(text - element));
    put32(element + 8, (uint32_t)strlen(key));
    put32(element + 12, (uint32_t)value.len);
    memcpy(text, key, strlen(key));
    memcpy(text + strlen(key), value.ptr, value.len);
}

static void put_child(database *d, uint32_t number, uint32_t index, const char *key, uint64_t child) {
    unsigned char *element = page_at(d, number) + 16 + index * 16, *text = page_at(d, number) + 96 + index * 64;
    put32(element, (uint32_t)(text - element));
    put32(element + 4, (uint32_t)strlen(key));
    put64(element + 8, child);
    memcpy(text, key, strlen(key));
}

static stella_status read_bytes(void *self, uint64_t offset, void *buf, uint64_t size, uint64_t *got,
                                stella_error *err) {
    database *d = self;
    (void)err;
    if (d->bump_after && --d->bump_after == 0)
        put_meta(d, 0, 2, 9);
    *got = offset >= d->size ? 0 : size < d->size - offset ? size : d->size - offset;
    if (*got)
        memcpy(buf, d->bytes + offset, *got);
    return STELLA_OK;
}

/* Page 2 is a branch over two leaves, 3 (a, b) and 4 (m, n; n is a bucket whose page is 5, with x in it). */
static int set_up(void **state) {
    static database d;
    static const unsigned char bucket[16] = {5};
    d = (database){.size = sizeof d.bytes, .arena = stella_arena_create(1u << 20)};
    d.b = (bolt){.arena = d.arena, .self = &d, .read = read_bytes};
    put_meta(&d, 0, 2, 6);
    put_meta(&d, 1, 7, 5);
    put_head(&d, 2, BRANCH, 2);
    put_child(&d, 2, 0, "a", 3);
    put_child(&d, 2, 1, "m", 4);
    put_head(&d, 3, LEAF, 2);
    put_value(&d, 3, 0, 0, "a", STELLA_SV("first"));
    put_value(&d, 3, 1, 0, "b", STELLA_SV(""));
    put_head(&d, 4, LEAF, 2);
    put_value(&d, 4, 0, 0, "m", STELLA_SV("third"));
    put_value(&d, 4, 1, 1, "n", stella_sv_of((const char *)bucket, sizeof bucket));
    put_head(&d, 5, LEAF, 1);
    put_value(&d, 5, 0, 0, "x", STELLA_SV("inside"));
    put_head(&d, 7, LEAF, 1);
    put_value(&d, 7, 0, 0, "a", STELLA_SV("of before"));
    *state = &d;
    return 0;
}

static int tear_down(void **state) {
    stella_arena_destroy(((database *)*state)->arena);
    return 0;
}

static stella_status find(database *d, const char *key, stella_sv *out, stella_error *err) {
    const bolt_bucket top = bolt_top(&d->b);
    return bolt_find(&d->b, &top, stella_sv_cstr(key), out, err);
}

static void finds_values_and_buckets_by_their_keys(void **state) {
    database *d = *state;
    stella_sv value;
    bolt_bucket inner;
    stella_error err = {0};
    assert_int_equal(bolt_open(&d->b, &err), STELLA_OK);
    const bolt_bucket top = bolt_top(&d->b);
    assert_int_equal(find(d, "a", &value, &err), STELLA_OK);
    assert_true(stella_sv_eq(value, STELLA_SV("first")));
    assert_int_equal(find(d, "m", &value, &err), STELLA_OK);
    assert_true(stella_sv_eq(value, STELLA_SV("third")));
    assert_int_equal(bolt_find_bucket(&d->b, &top, STELLA_SV("n"), &inner, &err), STELLA_OK);
    assert_int_equal(bolt_find(&d->b, &inner, STELLA_SV("x"), &value, &err), STELLA_OK);
    assert_true(stella_sv_eq(value, STELLA_SV("inside")));
    assert_int_equal(find(d, "A", &value, &err), STELLA_E_NOTFOUND);
    assert_int_equal(find(d, "c", &value, &err), STELLA_E_NOTFOUND);
    assert_int_equal(find(d, "z", &value, &err), STELLA_E_NOTFOUND);
    assert_int_equal(find(d, "n", &value, &err), STELLA_E_NOTFOUND);
    assert_int_equal(bolt_find_bucket(&d->b, &top, STELLA_SV("a"), &inner, &err), STELLA_E_NOTFOUND);
}

typedef struct seen {
    char keys[2 * BOLT_DEPTH_MAX + 8];
    uint32_t buckets;
} seen;

static stella_status visit(void *self, stella_sv key, const bolt_bucket *inner, stella_error *err) {
    seen *s = self;
    (void)err;
    strncat(s->keys, key.ptr, 1);
    s->buckets += inner != NULL;
    return STELLA_OK;
}

static void walks_all_leaves_in_order(void **state) {
    database *d = *state;
    seen s = {.buckets = 0};
    assert_int_equal(bolt_open(&d->b, NULL), STELLA_OK);
    const bolt_bucket top = bolt_top(&d->b);
    assert_int_equal(bolt_each(&d->b, &top, visit, &s, NULL), STELLA_OK);
    assert_string_equal(s.keys, "abmn");
    assert_int_equal(s.buckets, 1);
}

static void the_later_transaction_holds_as_long_as_it_is_whole(void **state) {
    database *d = *state;
    stella_sv value;
    page_at(d, 0)[16 + 20]++; /* torn while it was written */
    assert_int_equal(bolt_open(&d->b, NULL), STELLA_OK);
    assert_int_equal(find(d, "a", &value, NULL), STELLA_OK);
    assert_true(stella_sv_eq(value, STELLA_SV("of before")));
    page_at(d, 1)[16 + 20]++;
    stella_error err = {0};
    assert_int_equal(bolt_open(&d->b, &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "checksum"));
}

static void a_transaction_that_ends_meanwhile_is_noticed(void **state) {
    database *d = *state;
    stella_sv value;
    assert_int_equal(bolt_open(&d->b, NULL), STELLA_OK);
    assert_true(bolt_is_unchanged(&d->b));
    d->bump_after = 2;
    assert_int_equal(find(d, "a", &value, NULL), STELLA_OK);
    assert_false(bolt_is_unchanged(&d->b));
}

static void other_files_are_none(void **state) {
    database *d = *state;
    stella_error err = {0};
    put32(page_at(d, 0) + 16, 0xedda0cedu);
    assert_int_equal(bolt_open(&d->b, &err), STELLA_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "byte order"));
    put_meta(d, 0, 2, 6);
    put32(page_at(d, 0) + 16 + 4, 3);
    assert_int_equal(bolt_open(&d->b, &err), STELLA_E_UNSUPPORTED);
    memset(d->bytes, 'x', sizeof d->bytes);
    assert_int_equal(bolt_open(&d->b, &err), STELLA_E_FORMAT);
    d->size = 0;
    assert_int_equal(bolt_open(&d->b, &err), STELLA_E_FORMAT);
}

/* Damages the database, then expects a search and a walk to say that it is. */
#define HOSTILE(name, damage)                                                                                          \
    static void name(void **state) {                                                                                   \
        database *d = *state;                                                                                          \
        stella_sv value = STELLA_SV("untouched");                                                                      \
        stella_error err = {0};                                                                                        \
        seen s = {.buckets = 0};                                                                                       \
        damage;                                                                                                        \
        assert_int_equal(bolt_open(&d->b, NULL), STELLA_OK);                                                           \
        const bolt_bucket top = bolt_top(&d->b);                                                                       \
        assert_int_equal(find(d, "m", &value, &err), STELLA_E_FORMAT);                                                 \
        assert_non_null(strstr(err.message, "damaged"));                                                               \
        assert_true(stella_sv_eq(value, STELLA_SV("untouched")));                                                      \
        assert_int_equal(bolt_each(&d->b, &top, visit, &s, &err), STELLA_E_FORMAT);                                    \
    }

HOSTILE(a_branch_that_leads_to_itself_ends, put_child(d, 2, 1, "m", 2))
HOSTILE(a_page_behind_the_last_is_refused, put_child(d, 2, 1, "m", PAGES))
HOSTILE(a_page_number_beyond_all_files_is_refused, put_child(d, 2, 1, "m", UINT64_MAX))
HOSTILE(a_meta_page_is_no_place_for_keys, put_child(d, 2, 1, "m", 1))
HOSTILE(a_page_with_another_number_is_refused, put64(page_at(d, 4), 3))
HOSTILE(a_page_of_no_known_kind_is_refused, put_head(d, 4, 16, 2))
HOSTILE(more_elements_than_fit_are_refused, put_head(d, 4, LEAF, 0xffff))
HOSTILE(a_branch_without_children_is_refused, put_head(d, 4, BRANCH, 0))
HOSTILE(an_overflow_without_end_is_refused, put32(page_at(d, 4) + 12, 0xffffffffu))
HOSTILE(an_overflow_behind_the_end_is_refused, put32(page_at(d, 4) + 12, 100))
HOSTILE(a_key_that_runs_past_its_page_is_refused, put32(page_at(d, 4) + 16 + 8, 4096))
HOSTILE(a_value_that_runs_past_its_page_is_refused, put32(page_at(d, 4) + 16 + 12, 0xffffffffu))
HOSTILE(an_element_that_lies_outside_is_refused, put32(page_at(d, 4) + 16 + 4, 0xfffffff0u))
HOSTILE(a_file_that_is_cut_short_is_refused, d->size = 4 * PAGE + 100)

static void a_bucket_shorter_than_its_header_is_refused(void **state) {
    database *d = *state;
    bolt_bucket inner;
    stella_error err = {0};
    put_value(d, 4, 1, 1, "n", STELLA_SV("short"));
    assert_int_equal(bolt_open(&d->b, NULL), STELLA_OK);
    const bolt_bucket top = bolt_top(&d->b);
    assert_int_equal(bolt_find_bucket(&d->b, &top, STELLA_SV("n"), &inner, &err), STELLA_E_FORMAT);
}

static void a_database_without_containerd_s_buckets_is_named_as_such(void **state) {
    database *d = *state;
    images_found found;
    stella_error err = {0};
    assert_int_equal(bolt_open(&d->b, NULL), STELLA_OK);
    assert_int_equal(images_find(&d->b, STELLA_SV("x"), &found, &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "none of containerd's images"));
}

#define WITH_DATABASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_DATABASE(finds_values_and_buckets_by_their_keys),
        WITH_DATABASE(walks_all_leaves_in_order),
        WITH_DATABASE(the_later_transaction_holds_as_long_as_it_is_whole),
        WITH_DATABASE(a_transaction_that_ends_meanwhile_is_noticed),
        WITH_DATABASE(other_files_are_none),
        WITH_DATABASE(a_branch_that_leads_to_itself_ends),
        WITH_DATABASE(a_page_behind_the_last_is_refused),
        WITH_DATABASE(a_page_number_beyond_all_files_is_refused),
        WITH_DATABASE(a_meta_page_is_no_place_for_keys),
        WITH_DATABASE(a_page_with_another_number_is_refused),
        WITH_DATABASE(a_page_of_no_known_kind_is_refused),
        WITH_DATABASE(more_elements_than_fit_are_refused),
        WITH_DATABASE(a_branch_without_children_is_refused),
        WITH_DATABASE(an_overflow_without_end_is_refused),
        WITH_DATABASE(an_overflow_behind_the_end_is_refused),
        WITH_DATABASE(a_key_that_runs_past_its_page_is_refused),
        WITH_DATABASE(a_value_that_runs_past_its_page_is_refused),
        WITH_DATABASE(an_element_that_lies_outside_is_refused),
        WITH_DATABASE(a_file_that_is_cut_short_is_refused),
        WITH_DATABASE(a_bucket_shorter_than_its_header_is_refused),
        WITH_DATABASE(a_database_without_containerd_s_buckets_is_named_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
