/* What is stored is found again, by its own key alone; what is damaged or foreign is not. */
#include "cache_kit.h"

static void a_pack_comes_back_with_what_was_learnt(void **state) {
    kit *k = *state;
    STELLA_AUTO(cache_pack_fini) cache_pack got = CACHE_PACK_NONE;
    assert_int_equal(kit_put(k, LAYER, "an.analyzer", "the pack"), STELLA_OK);
    kit_open(k); /* another process would see the same */
    assert_true(cache_pack_has(k->cache, LAYER));
    assert_int_equal(cache_pack_get(k->cache, LAYER, CONTEXT, &got), 1);
    assert_fd_holds(got.fd, "the pack");
    assert_int_equal(got.entries, 3);
    assert_int_equal(got.bytes, 77);
    assert_string_equal(got.diff_id, LAYER);
    assert_int_equal(got.segment_count, 1);
    assert_string_equal(got.segments[0].plugin, "an.analyzer");
    assert_string_equal(got.segments[0].digest, OTHER);
    assert_int_equal(fcntl(got.fd, F_GETFL) & O_ACCMODE, O_RDONLY);
}

static void a_pack_of_another_layer_or_context_is_not_found(void **state) {
    kit *k = *state;
    cache_pack untouched = CACHE_PACK_NONE;
    kit_put(k, LAYER, "p", "the pack");
    assert_int_equal(cache_pack_get(k->cache, OTHER, CONTEXT, &untouched), 0);
    assert_int_equal(cache_pack_get(k->cache, LAYER, OTHER, &untouched), 0);
    assert_int_equal(cache_pack_get(k->cache, "../../etc", CONTEXT, &untouched), 0);
    assert_int_equal(untouched.fd, -1);
    assert_true(kit_has(k, LAYER)); /* and none of that harmed it */
}

static void a_later_pack_takes_the_place_of_the_first(void **state) {
    kit *k = *state;
    STELLA_AUTO(cache_pack_fini) cache_pack first = CACHE_PACK_NONE;
    STELLA_AUTO(cache_pack_fini) cache_pack got = CACHE_PACK_NONE;
    kit_put(k, LAYER, "p", "first");
    assert_int_equal(cache_pack_get(k->cache, LAYER, CONTEXT, &first), 1);
    kit_put(k, LAYER, "q", "second");
    assert_int_equal(cache_pack_get(k->cache, LAYER, CONTEXT, &got), 1);
    assert_fd_holds(got.fd, "second");
    assert_fd_holds(first.fd, "first"); /* who has it open keeps it */
    cache_sums sums;
    cache_measure(k->cache, &sums, NULL);
    assert_int_equal(sums.layers, 1);
}

static void supplements_are_kept_beside_the_pack(void **state) {
    kit *k = *state;
    int got = -1;
    STELLA_AUTO(stella_fd_closep) int fd = kit_bytes("more");
    assert_int_equal(cache_supplement_put(k->cache, LAYER, KEY, fd, NULL), STELLA_OK);
    assert_int_equal(cache_supplement_get(k->cache, LAYER, KEY, &got), 0); /* there is no pack that it belongs to */
    kit_put(k, LAYER, "p", "the pack");
    assert_int_equal(cache_supplement_put(k->cache, LAYER, KEY, fd, NULL), STELLA_OK);
    assert_int_equal(cache_supplement_get(k->cache, LAYER, KEY, &got), 1);
    assert_fd_holds(got, "more");
    close(got);
    assert_int_equal(cache_pack_drop(k->cache, LAYER), 1);
    assert_int_equal(cache_supplement_get(k->cache, LAYER, KEY, &got), 0);
}

static void a_file_comes_back_under_its_key_and_kind(void **state) {
    kit *k = *state;
    int got = -1;
    assert_int_equal(cache_file_put_bytes(k->cache, KEY, "result", STELLA_SV("text"), NULL), STELLA_OK);
    assert_int_equal(cache_file_get(k->cache, KEY, "other", &got), 0);
    assert_int_equal(cache_file_get(k->cache, KEY, "result", &got), 1);
    assert_fd_holds(got, "text");
    close(got);
    assert_int_equal(cache_file_put_bytes(k->cache, KEY, "result", STELLA_SV("late"), NULL), STELLA_OK);
    assert_int_equal(cache_file_get(k->cache, KEY, "result", &got), 1);
    assert_fd_holds(got, "text"); /* the first stands */
    close(got);
    assert_int_equal(cache_file_remove(k->cache, KEY), 1);
    assert_int_equal(cache_file_remove(k->cache, KEY), 0);
    assert_false(kit_has_file(k, KEY));
}

static void write_over(const kit *k, const char *below, const char *text) {
    const int fd = open(kit_path(k, below), O_WRONLY | O_TRUNC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void a_torn_description_is_dropped(void **state) {
    kit *k = *state;
    static const char *const torn[] = {"", "{", "{}", "[1]", "{\"schema\":\"stella.cache.layer/1\"}"};
    for (size_t i = 0; i < sizeof torn / sizeof torn[0]; i++) {
        kit_put(k, LAYER, "p", "the pack");
        write_over(k, LAYER_META, torn[i]);
        assert_false(kit_has(k, LAYER));
        assert_false(cache_pack_has(k->cache, LAYER));
    }
    cache_counters counters;
    cache_counters_get(k->cache, &counters);
    assert_int_equal(counters.count[CACHE_DAMAGED][CACHE_LAYER], 5);
}

static void a_description_of_another_layer_is_dropped(void **state) {
    kit *k = *state;
    kit_put(k, LAYER, "p", "the pack");
    kit_put(k, OTHER, "p", "another");
    char from[512];
    snprintf(from, sizeof from, "%s", kit_path(k, OTHER_META));
    assert_int_equal(rename(from, kit_path(k, LAYER_META)), 0);
    assert_false(kit_has(k, LAYER));
}

static void a_file_with_other_bytes_is_dropped(void **state) {
    kit *k = *state;
    cache_file_put_bytes(k->cache, KEY, "result", STELLA_SV("text"), NULL);
    write_over(k, "cas/dd/" KEY "/data", "tExt");
    assert_false(kit_has_file(k, KEY));
    assert_int_not_equal(access(kit_path(k, KEY_META), F_OK), 0);
}

static void links_are_not_followed(void **state) {
    kit *k = *state;
    kit_put(k, LAYER, "p", "the pack");
    char moved[512];
    snprintf(moved, sizeof moved, "%s/elsewhere", k->top);
    assert_int_equal(rename(kit_path(k, LAYER_META), moved), 0);
    assert_int_equal(symlink(moved, kit_path(k, LAYER_META)), 0);
    assert_false(kit_has(k, LAYER));
    assert_int_equal(access(moved, F_OK), 0); /* only the link went */
}

static void a_root_that_others_may_write_to_is_refused(void **state) {
    kit *k = *state;
    stella_error err = {0};
    cache *untouched = NULL;
    assert_int_equal(chmod(k->root, 0777), 0);
    assert_int_equal(cache_open(&k->options, &untouched, &err), STELLA_E_DENIED);
    assert_non_null(strstr(err.message, "chmod go-w"));
    assert_null(untouched);
}

static void a_root_of_another_user_is_refused(void **state) {
    kit *k = *state;
    stella_error err = {0};
    cache *untouched = NULL;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(k->root, 12345, 12345), 0);
    assert_int_equal(cache_open(&k->options, &untouched, &err), STELLA_E_DENIED);
    assert_non_null(strstr(err.message, "--cache-dir"));
    assert_int_equal(chown(k->root, 0, 0), 0);
}

static void an_entry_of_another_user_is_not_believed(void **state) {
    kit *k = *state;
    if (geteuid() != 0)
        skip();
    kit_put(k, LAYER, "p", "the pack");
    assert_int_equal(chown(kit_path(k, LAYER_META), 12345, 12345), 0);
    assert_false(kit_has(k, LAYER));
}

static void a_link_as_root_is_refused(void **state) {
    kit *k = *state;
    char link[96];
    cache *untouched = NULL;
    snprintf(link, sizeof link, "%s/link", k->top);
    assert_int_equal(symlink(k->root, link), 0);
    k->options.root = link;
    assert_int_not_equal(cache_open(&k->options, &untouched, NULL), STELLA_OK);
}

static void everything_is_for_its_owner_alone(void **state) {
    kit *k = *state;
    struct stat st;
    const mode_t before = umask(0);
    kit_put(k, LAYER, "p", "the pack");
    umask(before);
    assert_int_equal(stat(kit_path(k, ""), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(kit_path(k, LAYER_META), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void nonsense_is_refused_as_options(void **state) {
    kit *k = *state;
    cache *untouched = NULL;
    cache_options o = k->options;
    o.root = "relative";
    assert_int_equal(cache_open(&o, &untouched, NULL), STELLA_E_INVALID);
    o.root = k->root;
    o.layers_name = "../layers";
    assert_int_equal(cache_open(&o, &untouched, NULL), STELLA_E_INVALID);
    o.layers_name = "cas";
    assert_int_equal(cache_open(&o, &untouched, NULL), STELLA_E_INVALID);
    assert_null(untouched);
}

static void hits_and_misses_are_counted(void **state) {
    kit *k = *state;
    cache_counters counters;
    kit_has(k, LAYER);
    kit_put(k, LAYER, "p", "the pack");
    kit_has(k, LAYER);
    kit_has_file(k, KEY);
    cache_counters_get(k->cache, &counters);
    assert_int_equal(counters.count[CACHE_MISS][CACHE_LAYER], 1);
    assert_int_equal(counters.count[CACHE_HIT][CACHE_LAYER], 1);
    assert_int_equal(counters.bytes[CACHE_HIT][CACHE_LAYER], strlen("the pack"));
    assert_int_equal(counters.count[CACHE_STORED][CACHE_LAYER], 1);
    assert_int_equal(counters.count[CACHE_MISS][CACHE_FILE], 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, kit_set_up, kit_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_pack_comes_back_with_what_was_learnt),
        CASE(a_pack_of_another_layer_or_context_is_not_found),
        CASE(a_later_pack_takes_the_place_of_the_first),
        CASE(supplements_are_kept_beside_the_pack),
        CASE(a_file_comes_back_under_its_key_and_kind),
        CASE(a_torn_description_is_dropped),
        CASE(a_description_of_another_layer_is_dropped),
        CASE(a_file_with_other_bytes_is_dropped),
        CASE(links_are_not_followed),
        CASE(a_root_that_others_may_write_to_is_refused),
        CASE(a_root_of_another_user_is_refused),
        CASE(an_entry_of_another_user_is_not_believed),
        CASE(a_link_as_root_is_refused),
        CASE(everything_is_for_its_owner_alone),
        CASE(nonsense_is_refused_as_options),
        CASE(hits_and_misses_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
