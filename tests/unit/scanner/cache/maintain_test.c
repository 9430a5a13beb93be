/* What goes when, what is kept, and what a transfer takes. */
#include "cache_kit.h"

#include <sys/file.h>

static void fill(kit *k) {
    kit_put(k, LAYER, "one", "the pack");
    kit_put(k, OTHER, "two", "another");
    cache_file_put_bytes(k->cache, KEY, "result", STELLA_SV("text"), NULL);
}

static cache_sums prune(kit *k, cache_bounds bounds) {
    cache_sums sums = {0};
    bounds.above_bytes = bounds.above_bytes ? bounds.above_bytes : UINT64_MAX;
    assert_int_equal(cache_prune(k->cache, &bounds, &sums, NULL), STELLA_OK);
    return sums;
}

static void what_was_not_used_for_long_goes(void **state) {
    kit *k = *state;
    fill(k);
    kit_age(k, LAYER_META, 46);
    kit_age(k, OTHER_META, 44);
    kit_age(k, KEY_META, 31);
    const cache_sums sums = prune(k, (cache_bounds){.layer_age_s = 45 * CACHE_DAY_S, .file_age_s = 30 * CACHE_DAY_S});
    assert_int_equal(sums.evicted, 2);
    assert_int_equal(sums.layers, 1);
    assert_false(kit_has(k, LAYER));
    assert_true(kit_has(k, OTHER));
    assert_false(kit_has_file(k, KEY));
}

static void a_use_makes_it_young_again(void **state) {
    kit *k = *state;
    fill(k);
    kit_age(k, LAYER_META, 46);
    assert_true(kit_has(k, LAYER));
    assert_int_equal(prune(k, (cache_bounds){.layer_age_s = 45 * CACHE_DAY_S}).evicted, 0);
}

static void a_use_of_the_same_day_writes_nothing(void **state) {
    kit *k = *state;
    struct stat before, after;
    fill(k);
    assert_int_equal(stat(kit_path(k, LAYER_META), &before), 0);
    assert_true(kit_has(k, LAYER));
    assert_int_equal(stat(kit_path(k, LAYER_META), &after), 0);
    assert_memory_equal(&before.st_ctim, &after.st_ctim, sizeof before.st_ctim);
}

static void the_least_recently_used_goes_first(void **state) {
    kit *k = *state;
    fill(k);
    kit_age(k, OTHER_META, 3);
    kit_age(k, LAYER_META, 2);
    cache_sums sums;
    cache_measure(k->cache, &sums, NULL);
    const uint64_t total = sums.layer_bytes + sums.file_bytes;
    sums = prune(k, (cache_bounds){.above_bytes = total - 1, .down_to_bytes = total - 1});
    assert_int_equal(sums.evicted, 1);
    assert_false(kit_has(k, OTHER));
    assert_true(kit_has(k, LAYER));
    assert_true(kit_has_file(k, KEY));
    assert_int_equal(prune(k, (cache_bounds){.above_bytes = total}).evicted, 0); /* below the threshold all stays */
}

static void nothing_is_stored_beyond_the_cap(void **state) {
    kit *k = *state;
    static char large[300000];
    memset(large, 'x', sizeof large - 1);
    k->options.max_bytes = k->options.cold_bytes = 400000;
    k->options.warm_bytes = 300000;
    kit_open(k);
    assert_int_equal(kit_put(k, LAYER, "p", large), STELLA_OK);
    kit_age(k, LAYER_META, 1);
    assert_int_equal(kit_put(k, OTHER, "p", large), STELLA_OK); /* room was made for it */
    assert_false(kit_has(k, LAYER));
    assert_true(kit_has(k, OTHER));
    k->options.has_eviction = 0;
    kit_open(k);
    assert_int_equal(kit_put(k, LAYER, "p", large), STELLA_E_LIMIT);
    k->options.max_bytes = k->options.cold_bytes = k->options.warm_bytes = 1000;
    k->options.has_eviction = 1;
    kit_open(k);
    assert_int_equal(kit_put(k, LAYER, "p", large), STELLA_E_LIMIT); /* it alone is too large */
    assert_true(kit_has(k, OTHER));                                  /* nothing was thrown away for nothing */
}

static void what_a_killed_process_left_is_removed_after_a_while(void **state) {
    kit *k = *state;
    fill(k);
    static const char *const left[] = {
        "layers/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/.tmp-1",
        "layers/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/.tmp-2"};
    for (int i = 0; i < 2; i++)
        close(open(kit_path(k, left[i]), O_CREAT | O_WRONLY, 0600));
    kit_age(k, left[0], 1);
    assert_int_equal(mkdir(kit_path(k, "cas/dd/.tmp-3"), 0700), 0);
    close(open(kit_path(k, "cas/dd/.tmp-3/data"), O_CREAT | O_WRONLY, 0600));
    kit_age(k, "cas/dd/.tmp-3", 1);
    assert_int_equal(prune(k, (cache_bounds){0}).stale, 2);
    assert_int_not_equal(access(kit_path(k, left[0]), F_OK), 0);
    assert_int_equal(access(kit_path(k, left[1]), F_OK), 0); /* somebody may be writing it */
    assert_int_not_equal(access(kit_path(k, "cas/dd/.tmp-3"), F_OK), 0);
    assert_true(kit_has(k, LAYER));
}

static void one_cleans_at_a_time(void **state) {
    kit *k = *state;
    fill(k);
    prune(k, (cache_bounds){0});
    STELLA_AUTO(stella_fd_closep) int other = open(kit_path(k, "maintenance"), O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(other, LOCK_EX), 0);
    const cache_bounds all = {.above_bytes = 0};
    cache_sums untouched = {.layers = 99};
    assert_int_equal(cache_prune(k->cache, &all, &untouched, NULL), STELLA_E_BUSY);
    assert_int_equal(untouched.layers, 99);
}

static void maintenance_is_done_when_it_is_due(void **state) {
    kit *k = *state;
    fill(k);
    kit_age(k, LAYER_META, 100);
    assert_int_equal(cache_maintain(k->cache, 0), 1);
    assert_false(kit_has(k, LAYER));
    kit_age(k, OTHER_META, 100);
    assert_int_equal(cache_maintain(k->cache, 0), 0); /* it was done just now */
    kit_age(k, "maintenance", 1);
    k->options.has_eviction = 0;
    kit_open(k);
    assert_int_equal(cache_maintain(k->cache, 0), 0);
    k->options.has_eviction = 1;
    kit_open(k);
    assert_int_equal(cache_maintain(k->cache, 0), 1);
    assert_false(kit_has(k, OTHER));
}

static void invalidation_takes_a_layer_or_a_plugin_and_all_results(void **state) {
    kit *k = *state;
    uint64_t layers = 0;
    fill(k);
    assert_int_equal(cache_invalidate(k->cache, NULL, "two", &layers, NULL), STELLA_OK);
    assert_int_equal(layers, 1);
    assert_false(kit_has(k, OTHER));
    assert_true(kit_has(k, LAYER));
    assert_false(kit_has_file(k, KEY));
    assert_int_equal(cache_invalidate(k->cache, LAYER, NULL, &layers, NULL), STELLA_OK);
    assert_int_equal(layers, 1);
    assert_false(kit_has(k, LAYER));
    assert_int_equal(cache_invalidate(k->cache, "LAYER", NULL, &layers, NULL), STELLA_E_INVALID);
}

static int is_the_pack(void *self, const char *digest, int fd) {
    char text[32] = {0};
    (void)self;
    (void)digest;
    return pread(fd, text, sizeof text - 1, 0) > 0 && strcmp(text, "the pack") == 0;
}

static void verification_drops_what_its_reader_refuses(void **state) {
    kit *k = *state;
    uint64_t checked = 0, dropped = 0;
    fill(k);
    assert_int_equal(cache_verify(k->cache, is_the_pack, NULL, &checked, &dropped, NULL), STELLA_OK);
    assert_int_equal(checked, 3);
    assert_int_equal(dropped, 1);
    assert_true(kit_has(k, LAYER));
    assert_false(kit_has(k, OTHER));
    assert_true(kit_has_file(k, KEY));
}

static void an_export_can_be_taken_over_elsewhere(void **state) {
    kit *k = *state;
    char kit_dir[128], second[128];
    uint64_t entries = 0;
    fill(k);
    cache_file_put_bytes(k->cache, "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "memo",
                         STELLA_SV("of this machine"), NULL);
    snprintf(kit_dir, sizeof kit_dir, "%s/kit", k->top);
    snprintf(second, sizeof second, "%s/second", k->top);
    assert_int_equal(cache_export(k->cache, kit_dir, &entries, NULL), STELLA_OK);
    assert_int_equal(entries, 3);
    assert_int_equal(cache_export(k->cache, kit_dir, &entries, NULL), STELLA_E_CONFLICT);
    k->options.root = second;
    kit_open(k);
    assert_false(kit_has(k, LAYER));
    assert_int_equal(cache_import(k->cache, kit_dir, &entries, NULL), STELLA_OK);
    assert_int_equal(entries, 3);
    assert_true(kit_has(k, LAYER));
    assert_true(kit_has(k, OTHER));
    assert_true(kit_has_file(k, KEY));
    assert_int_equal(cache_import(k->cache, kit_dir, &entries, NULL), STELLA_OK);
    assert_int_equal(entries, 0); /* what is known stays */
}

/* Does something to an export; it must then be refused as a whole. */
static void refuse_after(kit *k, const char *command, stella_status expected) {
    char kit_dir[128], second[128], line[1200];
    uint64_t entries = 77;
    fill(k);
    snprintf(kit_dir, sizeof kit_dir, "%s/kit", k->top);
    snprintf(second, sizeof second, "%s/second", k->top);
    assert_int_equal(cache_export(k->cache, kit_dir, &entries, NULL), STELLA_OK);
    entries = 77;
    snprintf(line, sizeof line, "cd %s && %s", kit_dir, command);
    assert_int_equal(system(line), 0);
    k->options.root = second;
    kit_open(k);
    assert_int_equal(cache_import(k->cache, kit_dir, &entries, NULL), expected);
    assert_int_equal(entries, 77);
    assert_false(kit_has(k, LAYER));
    assert_false(kit_has_file(k, KEY));
}

static void an_import_with_a_changed_file_is_refused(void **state) {
    refuse_after(*state, "printf tExt > cas/dd/" KEY "/data", STELLA_E_FORMAT);
}
static void an_import_with_a_link_is_refused(void **state) {
    refuse_after(*state, "ln -s /etc/passwd layers/x", STELLA_E_DENIED);
}
static void an_import_with_a_further_file_is_refused(void **state) {
    refuse_after(*state, "touch layers/x", STELLA_E_FORMAT);
}
static void an_import_with_a_file_missing_is_refused(void **state) {
    refuse_after(*state, "rm cas/dd/" KEY "/data", STELLA_E_NOTFOUND);
}
static void an_import_without_its_list_is_refused(void **state) {
    refuse_after(*state, "rm cache.json", STELLA_E_NOTFOUND);
}
static void an_import_whose_list_leads_elsewhere_is_refused(void **state) {
    refuse_after(*state, "sed -i 's|layers/aa|../../../|' cache.json", STELLA_E_FORMAT);
}
static void an_import_that_others_may_write_to_is_refused(void **state) {
    refuse_after(*state, "chmod 0777 .", STELLA_E_DENIED);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, kit_set_up, kit_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(what_was_not_used_for_long_goes),
        CASE(a_use_makes_it_young_again),
        CASE(a_use_of_the_same_day_writes_nothing),
        CASE(the_least_recently_used_goes_first),
        CASE(nothing_is_stored_beyond_the_cap),
        CASE(what_a_killed_process_left_is_removed_after_a_while),
        CASE(one_cleans_at_a_time),
        CASE(maintenance_is_done_when_it_is_due),
        CASE(invalidation_takes_a_layer_or_a_plugin_and_all_results),
        CASE(verification_drops_what_its_reader_refuses),
        CASE(an_export_can_be_taken_over_elsewhere),
        CASE(an_import_with_a_changed_file_is_refused),
        CASE(an_import_with_a_link_is_refused),
        CASE(an_import_with_a_further_file_is_refused),
        CASE(an_import_with_a_file_missing_is_refused),
        CASE(an_import_without_its_list_is_refused),
        CASE(an_import_whose_list_leads_elsewhere_is_refused),
        CASE(an_import_that_others_may_write_to_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
