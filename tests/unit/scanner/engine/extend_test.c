/* When the index of a known layer is enough for a plugin that has not seen it, and what is taken over of the others. */
#include "pack_kit.h"

#include "check.h"

#include "plugins/scanner/engine/extend.h"

#include <stella/auto.h>

#define PLUGIN 1u /* the new analyzer's number in the matcher */

/* The one thing of the index that is asked: whether somebody new wants something of it. */
static int is_wanted(kit *layer, const stella_interest *interests, uint32_t count) {
    static const stella_interest engine = {.mode = STELLA_KEEP, .path = "etc/passwd"};
    STELLA_AUTO(matcher_destroyp) matcher *m = matcher_create();
    STELLA_AUTO(pack_closep) pack *p = kit_pack(layer);
    assert_int_equal(matcher_add(m, ANALYZERS_ENGINE, &engine, 1, sizeof engine, NULL), STELLA_OK);
    if (count)
        assert_int_equal(matcher_add(m, PLUGIN, interests, count, sizeof *interests, NULL), STELLA_OK);
    const analyzers all = {.matcher = m};
    return extend_is_wanted(p, &all);
}

static kit *small_layer(void) {
    kit *k = kit_create();
    kit_dir(k, "etc");
    kit_file(k, "etc/passwd");
    kit_entry(k, &(index_entry){.path = STELLA_SV("usr/bin/tool"),
                                .kind = STELLA_FILE_REGULAR,
                                .type = STELLA_TYPE_ELF,
                                .mode = 0755,
                                .size = 9});
    kit_hardlink(k, "usr/bin/other", "usr/bin/tool");
    kit_link(k, "srv/database", "/var/database");
    kit_dir(k, "lib/database");
    kit_whiteout(k, "opt/database");
    return k;
}

static int wants(stella_interest interest) {
    interest.mode = STELLA_KEEP;
    return is_wanted(small_layer(), &interest, 1);
}

static void what_the_engine_has_seen_itself_is_not_asked_for_again(void **state) {
    (void)state;
    assert_false(is_wanted(small_layer(), NULL, 0));
}

static void a_file_of_the_path_or_the_type_is_wanted(void **state) {
    (void)state;
    assert_true(wants((stella_interest){.path = "etc/passwd"}));
    assert_true(wants((stella_interest){.suffix = "wd"}));
    assert_true(wants((stella_interest){.type = STELLA_TYPE_ELF}));
    assert_true(wants((stella_interest){.dir = "usr", .type = STELLA_TYPE_ELF}));
    assert_false(wants((stella_interest){.path = "etc/shadow"}));
    assert_false(wants((stella_interest){.type = STELLA_TYPE_ZIP}));
    assert_false(wants((stella_interest){.path = "etc/passwd", .type = STELLA_TYPE_ELF}));
    assert_false(wants((stella_interest){.dir = "etc", .type = STELLA_TYPE_ELF}));
}

static void a_hard_link_counts_under_its_own_name_with_the_type_of_its_file(void **state) {
    (void)state;
    assert_true(wants((stella_interest){.name = "other"}));
    assert_true(wants((stella_interest){.name = "other", .type = STELLA_TYPE_ELF}));
    assert_false(wants((stella_interest){.name = "other", .type = STELLA_TYPE_SCRIPT}));
}

static void what_has_no_bytes_is_not_wanted(void **state) {
    (void)state;
    assert_false(wants((stella_interest){.name = "database"})); /* a link, a directory, a whiteout */
}

/* More interests than a look-up tells of: that none of those told is met says nothing. */
static void too_many_interests_in_one_path_are_taken_for_wanted(void **state) {
    (void)state;
    stella_interest many[MATCHER_HITS_MAX];
    for (uint32_t i = 0; i < MATCHER_HITS_MAX; i++)
        many[i] = (stella_interest){.mode = STELLA_KEEP, .name = "passwd", .type = STELLA_TYPE_ZIP};
    assert_false(is_wanted(small_layer(), many, MATCHER_HITS_MAX - 2)); /* and the engine's */
    assert_true(is_wanted(small_layer(), many, MATCHER_HITS_MAX));
}

/* ---- copying ----------------------------------------------------------------------------------------------------- */

static pack *base_of_two(void) {
    kit *k = kit_create();
    const uint32_t file = kit_file(k, "etc/passwd");
    kit_keep(k, "org.example.one", file, "what one keeps");
    kit_keep(k, "org.example.two", file, "what two keeps");
    return kit_pack(k);
}

/* Copies the index and one segment into a pack of their own; NULL when that is refused. */
static pack *copy_of(const pack *base, const char *plugin, const char *digest, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("pack", 0);
    STELLA_AUTO(pack_writer_destroyp) pack_writer *w = NULL;
    pack_segment segment;
    pack *made = NULL;
    assert_int_equal(pack_writer_create(fd, &w, NULL), STELLA_OK);
    assert_int_equal(extend_copy(base, STELLA_SV(""), STELLA_SV(""), w, &segment, NULL), STELLA_OK);
    if (extend_copy(base, stella_sv_cstr(plugin), stella_sv_cstr(digest), w, &segment, err) != STELLA_OK)
        return NULL;
    assert_int_equal(pack_writer_finish(w, NULL), STELLA_OK);
    assert_int_equal(pack_open(fd, &made, NULL), STELLA_OK);
    return made;
}

static void a_segment_is_taken_over_as_it_is(void **state) {
    (void)state;
    STELLA_AUTO(pack_closep) pack *base = base_of_two();
    STELLA_AUTO(pack_closep) pack *copy = copy_of(base, "org.example.two", KIT_DIGEST, NULL);
    uint32_t from, to;
    assert_non_null(copy);
    assert_true(pack_segment_find(base, STELLA_SV("org.example.two"), &from));
    assert_true(pack_segment_find(copy, STELLA_SV("org.example.two"), &to));
    assert_false(pack_segment_find(copy, STELLA_SV("org.example.one"), &to));
    assert_true(pack_segment_find(copy, STELLA_SV("org.example.two"), &to));
    assert_true(stella_sv_eq(pack_segment_bytes(base, from), pack_segment_bytes(copy, to)));
}

static void what_another_binary_learnt_is_not_taken_over(void **state) {
    (void)state;
    STELLA_AUTO(pack_closep) pack *base = base_of_two();
    stella_error err = {0};
    assert_null(copy_of(base, "org.example.two", "sha256:1", &err));
    assert_int_equal(err.code, STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "another binary"));
    assert_null(copy_of(base, "org.example.three", KIT_DIGEST, &err));
    assert_non_null(strstr(err.message, "nothing of this plugin"));
}

int main(void) {
    const struct CMUnitTest extending[] = {
        cmocka_unit_test(what_the_engine_has_seen_itself_is_not_asked_for_again),
        cmocka_unit_test(a_file_of_the_path_or_the_type_is_wanted),
        cmocka_unit_test(a_hard_link_counts_under_its_own_name_with_the_type_of_its_file),
        cmocka_unit_test(what_has_no_bytes_is_not_wanted),
        cmocka_unit_test(too_many_interests_in_one_path_are_taken_for_wanted),
        cmocka_unit_test(a_segment_is_taken_over_as_it_is),
        cmocka_unit_test(what_another_binary_learnt_is_not_taken_over),
    };
    return cmocka_run_group_tests(extending, NULL, NULL);
}
