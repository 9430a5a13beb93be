#include "unit/scanner/bom_index/index_kit.h"

#include <stdio.h>
#include <stdlib.h>

static void the_worked_vector_is_read_as_it_was_meant(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&vector);
    bom_index index = {0};
    bom_index_row row;
    stella_sv text;
    uint32_t i = 0;
    assert_int_equal(bom_index_open(stella_buf_sv(&bytes), &index, NULL), STELLA_OK);
    assert_true(stella_sv_eq(index.image_digest, STELLA_SV("sha256:image")));
    assert_int_equal(index.generated_us, INT64_C(1700000000000000));
    assert_true(index.has_usage);
    for (bom_index_texts at = bom_index_layers(&index); bom_index_text_next(&at, &text); i++)
        assert_true(stella_sv_eq(text, vector_layers[i]));
    assert_int_equal(i, 2);
    i = 0;
    for (bom_index_texts at = bom_index_entrypoints(&index); bom_index_text_next(&at, &text); i++)
        assert_true(stella_sv_eq(text, vector_entrypoints[i]));
    assert_int_equal(i, 2);
    i = 0;
    for (bom_index_rows rows = bom_index_begin(&index); bom_index_row_next(&rows, &row); i++) {
        assert_true(stella_sv_eq(row.identity, vector_components[i].identity));
        assert_int_equal(row.layers.count, vector_components[i].layer_count);
        assert_int_equal(row.entrypoints.count, vector_components[i].entrypoint_count);
        assert_int_equal(roaring_has(&row.layers, 0), i < 2);
        assert_int_equal(roaring_has(&row.entrypoints, 0), i == 1);
    }
    assert_int_equal(i, 3);
}

static void refuses(stella_sv bytes, stella_status code, const char *path, const char *message) {
    bom_index index = {.layer_count = 77};
    stella_error err = {0};
    assert_int_equal(bom_index_open(bytes, &index, &err), code);
    if (!strstr(err.message, message))
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
    assert_string_equal(err.path, path);
    assert_int_equal(index.layer_count, 77);
}

/* The worked vector with some bytes put over others. */
static void refuses_changed(size_t at, stella_sv change, stella_status code, const char *path, const char *message) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&vector);
    assert_true(at + change.len <= bytes.len);
    memcpy(bytes.ptr + at, change.ptr, change.len);
    refuses(stella_buf_sv(&bytes), code, path, message);
}

/* Where things are in the worked vector. */
enum {
    AT_VERSION = 7,
    AT_FLAGS = 9,
    AT_DIGEST = 13,
    AT_LAYER_COUNT = 33,
    AT_COMPONENT_COUNT = 37,
    AT_ENTRYPOINT_COUNT = 41,
    AT_LAYER_2 = 60,
    AT_COMPONENT_B = 86,
    AT_COMPONENT_C = 97,
    AT_LAYER_SETS = 108,
    AT_ENTRYPOINT_2 = 190,
    AT_ENTRYPOINT_SETS = 205
};

static void each_bad_beginning_has_its_own_message(void **state) {
    (void)state;
    refuses(STELLA_SV(""), STELLA_E_FORMAT, "header", "not a BOM-Index");
    refuses(STELLA_SV("PK\3\4 and so on"), STELLA_E_FORMAT, "header", "not a BOM-Index");
    refuses(STELLA_SV("BOMIDX1"), STELLA_E_FORMAT, "header", "the file ends in it, after 7 bytes");
    refuses_changed(6, STELLA_SV("2"), STELLA_E_FORMAT, "header", "not a BOM-Index");
    refuses_changed(AT_VERSION, STELLA_SV("\2"), STELLA_E_UNSUPPORTED, "header",
                    "version 2 of the format is newer than this program, which reads version 1");
    refuses_changed(AT_VERSION, STELLA_SV("\0"), STELLA_E_FORMAT, "header", "no version 0");
    refuses_changed(AT_FLAGS, STELLA_SV("\3"), STELLA_E_UNSUPPORTED, "header", "flags 0x0003");
    refuses_changed(AT_FLAGS, STELLA_SV("\0"), STELLA_E_FORMAT, "header", "2 entrypoints and no usage");
    refuses_changed(AT_ENTRYPOINT_COUNT, STELLA_SV("\0"), STELLA_E_FORMAT, "header", "usage and has no entrypoint");
    refuses_changed(AT_DIGEST, STELLA_SV("\xff"), STELLA_E_FORMAT, "header/imageDigest", "not UTF-8");
}

static void counts_are_held_against_what_is_there(void **state) {
    (void)state;
    refuses_changed(AT_LAYER_COUNT, STELLA_SV("\xff\xff\xff\xff"), STELLA_E_LIMIT, "header", "4294967295 layers");
    refuses_changed(AT_COMPONENT_COUNT, STELLA_SV("\xff\xff\xff\xff"), STELLA_E_LIMIT, "header",
                    "4294967295 components; an index has 4194304 at most");
    refuses_changed(AT_ENTRYPOINT_COUNT, STELLA_SV("\xff\xff\xff\xff"), STELLA_E_LIMIT, "header",
                    "4294967295 entrypoints");
    refuses_changed(
        AT_COMPONENT_COUNT, STELLA_SV("\0\0\1\0"), STELLA_E_FORMAT, "header",
        "it claims 2 layers, 65536 components and 2 entrypoints: 1179656 bytes at least, of 210 that follow");
    refuses_changed(AT_LAYER_COUNT, STELLA_SV("\3\0\0\0"), STELLA_E_FORMAT, "components/2",
                    "out of order"); /* a component is taken for a layer, a set for a component */
    refuses_changed(AT_LAYER_SETS, STELLA_SV("\xff\xff\xff\x7f"), STELLA_E_FORMAT, "componentLayers/0",
                    "the file ends in it, after 255 bytes");
}

static void tables_out_of_order_are_refused(void **state) {
    (void)state;
    refuses_changed(AT_COMPONENT_C + 10, STELLA_SV("a"), STELLA_E_FORMAT, "components/2", "out of order");
    refuses_changed(AT_COMPONENT_C + 10, STELLA_SV("b"), STELLA_E_FORMAT, "components/2", "an entry twice");
    refuses_changed(AT_ENTRYPOINT_2 + 2, STELLA_SV("\0"), STELLA_E_FORMAT, "entrypoints/1", "out of order");
    refuses_changed(AT_COMPONENT_B + 2, STELLA_SV("\xc0"), STELLA_E_FORMAT, "components/1", "not UTF-8");
    refuses_changed(AT_LAYER_2 + 2, STELLA_SV("\x80"), STELLA_E_FORMAT, "layers/1", "not UTF-8");
}

static void sets_are_looked_into(void **state) {
    (void)state;
    refuses_changed(AT_LAYER_SETS + 4 + 16, STELLA_SV("\2"), STELLA_E_FORMAT, "componentLayers/0",
                    "the set has the value 2, where there are 2");
    refuses_changed(AT_ENTRYPOINT_SETS + 4 + 16, STELLA_SV("\2"), STELLA_E_FORMAT, "componentEntrypoints/0",
                    "the set has the value 2, where there are 2");
    refuses_changed(AT_LAYER_SETS + 4, STELLA_SV("\x39"), STELLA_E_FORMAT, "componentLayers/0", "not a roaring set");
    refuses_changed(AT_LAYER_SETS, STELLA_SV("\0"), STELLA_E_FORMAT, "componentLayers/0", "not a roaring set");
}

static void an_entrypoint_set_that_is_empty_has_no_bytes(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&vector);
    bytes.ptr[bytes.len - 4] = 8;
    assert_int_equal(stella_buf_add(&bytes, STELLA_SV("\x3a\x30\0\0\0\0\0\0")), STELLA_OK);
    refuses(stella_buf_sv(&bytes), STELLA_E_FORMAT, "componentEntrypoints/2", "an empty set");
}

static void what_follows_the_index_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&vector);
    assert_int_equal(stella_buf_add(&bytes, STELLA_SV("\n")), STELLA_OK);
    refuses(stella_buf_sv(&bytes), STELLA_E_FORMAT, "", "1 bytes follow the index");
}

/* A copy of exact size: a read past the end is seen by the address sanitizer. */
static void no_beginning_of_an_index_is_one(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&vector);
    for (size_t len = 0; len < bytes.len; len++) {
        STELLA_AUTO(stella_freep) char *part = malloc(len + 1);
        bom_index index = {0};
        stella_error err = {0};
        assert_non_null(part);
        memcpy(part, bytes.ptr, len);
        assert_int_equal(bom_index_open(stella_sv_of(part, len), &index, &err), STELLA_E_FORMAT);
        assert_true(err.path[0] != '\0');
    }
}

static void tells_where_the_file_ends(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&vector);
    refuses(stella_sv_of(bytes.ptr, 45 + 4), STELLA_E_FORMAT, "header", "bytes at least, of 4 that follow");
    refuses(stella_sv_of(bytes.ptr, bytes.len - 1), STELLA_E_FORMAT, "componentEntrypoints/2", "after 254 bytes");
}

/* One content, one spelling: whatever byte is changed, what is still taken says something else. */
static void a_changed_byte_is_refused_or_means_something_else(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&vector);
    uint32_t refused = 0;
    for (size_t at = 0; at < bytes.len; at++)
        for (int change = 1; change < 256; change++) {
            bom_index index = {0};
            bytes.ptr[at] = (char)(bytes.ptr[at] ^ change);
            refused += bom_index_open(stella_buf_sv(&bytes), &index, NULL) != STELLA_OK ? 1 : 0;
            bytes.ptr[at] = (char)(bytes.ptr[at] ^ change);
        }
    /* What may change: time, and the characters of texts. */
    assert_true(refused > (uint32_t)(bytes.len - 8 - 12 - 26 - 27 - 25) * 250);
}

/* What a reader must refuse, for whoever writes another one: each is the worked vector with one thing wrong. */
static void the_fixtures_of_bad_files_are_what_they_say(void **state) {
    (void)state;
    static const struct {
        const char *file;
        size_t at, keep;
        stella_sv change;
        const char *message;
    } all[] = {
        {"bad-magic.bin", 0, 255, STELLA_SV_INIT("bomidx1"), "not a BOM-Index"},
        {"bad-newer-version.bin", AT_VERSION, 255, STELLA_SV_INIT("\2"), "newer than this program"},
        {"bad-count.bin", AT_COMPONENT_COUNT, 255, STELLA_SV_INIT("\0\0\1\0"), "65536 components"},
        {"bad-truncated.bin", 0, 120, STELLA_SV_INIT(""), "the file ends in it"},
        {"bad-order.bin", AT_COMPONENT_C + 10, 255, STELLA_SV_INIT("a"), "out of order"},
        {"bad-set.bin", AT_LAYER_SETS + 4 + 16, 255, STELLA_SV_INIT("\2"), "the value 2"},
        {"bad-utf8.bin", AT_COMPONENT_B + 2, 255, STELLA_SV_INIT("\xc0"), "not UTF-8"},
    };
    for (size_t i = 0; i < STELLA_COUNT(all); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&vector);
        bom_index index = {0};
        stella_error err = {0};
        char path[512];
        memcpy(bytes.ptr + all[i].at, all[i].change.ptr, all[i].change.len);
        bytes.len = all[i].keep;
        snprintf(path, sizeof path, "%s%s", FIXTURES, all[i].file);
        assert_true(stella_testing_golden(path, stella_buf_sv(&bytes)));
        assert_int_not_equal(bom_index_open(stella_buf_sv(&bytes), &index, &err), STELLA_OK);
        if (!strstr(err.message, all[i].message))
            fail_msg("%s: \"%s\" does not say \"%s\"", all[i].file, err.message, all[i].message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_vector_is_read_as_it_was_meant),
        cmocka_unit_test(each_bad_beginning_has_its_own_message),
        cmocka_unit_test(counts_are_held_against_what_is_there),
        cmocka_unit_test(tables_out_of_order_are_refused),
        cmocka_unit_test(sets_are_looked_into),
        cmocka_unit_test(an_entrypoint_set_that_is_empty_has_no_bytes),
        cmocka_unit_test(what_follows_the_index_is_refused),
        cmocka_unit_test(no_beginning_of_an_index_is_one),
        cmocka_unit_test(tells_where_the_file_ends),
        cmocka_unit_test(a_changed_byte_is_refused_or_means_something_else),
        cmocka_unit_test(the_fixtures_of_bad_files_are_what_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
