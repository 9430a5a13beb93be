#include "unit/scanner/bom_index/index_kit.h"

/* clang-format off */
static void the_worked_vector_is_written_byte_by_byte(void **state) {
    (void)state;
#define SET_0  "\x12\0\0\0" "\x3a\x30\0\0" "\1\0\0\0" "\0\0" "\0\0" "\x10\0\0\0" "\0\0"
#define SET_1  "\x12\0\0\0" "\x3a\x30\0\0" "\1\0\0\0" "\0\0" "\0\0" "\x10\0\0\0" "\1\0"
#define SET_01 "\x14\0\0\0" "\x3a\x30\0\0" "\1\0\0\0" "\0\0" "\1\0" "\x10\0\0\0" "\0\0" "\1\0"
    static const char expected[] = "BOMIDX1" "\1\0" "\1\0" "\x0c\0" "sha256:image" "\0\x40\x1e\x18\x24\x0a\x06\0"
                                   "\2\0\0\0" "\3\0\0\0" "\2\0\0\0"
                                   "\x0d\0" "sha256:layer1" "\x0d\0" "sha256:layer2"
                                   "\x09\0" "pkg:npm/a" "\x09\0" "pkg:npm/b" "\x09\0" "pkg:npm/c"
                                   SET_0 SET_01 SET_1
                                   "\x0c\0" "/app/init.sh" "\x0d\0" "/app/start.sh"
                                   SET_1 SET_01 "\0\0\0\0";
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&vector);
    assert_int_equal(bytes.len, sizeof expected - 1);
    assert_memory_equal(bytes.ptr, expected, sizeof expected - 1);
    assert_true(stella_testing_golden(FIXTURES "worked-vector.bin", stella_buf_sv(&bytes)));
}
/* clang-format on */

static void without_entrypoints_there_are_no_sections_of_usage(void **state) {
    (void)state;
    bom_index_component components[3];
    bom_index_content content = vector;
    memcpy(components, vector_components, sizeof components);
    for (size_t i = 0; i < STELLA_COUNT(components); i++)
        components[i].entrypoint_count = 0;
    content.entrypoint_count = 0;
    content.components = components;
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&content);
    bom_index index = {0};
    assert_int_equal(bytes.ptr[9], 0);
    assert_true(stella_testing_golden(FIXTURES "without-usage.bin", stella_buf_sv(&bytes)));
    assert_int_equal(bom_index_open(stella_buf_sv(&bytes), &index, NULL), STELLA_OK);
    assert_false(index.has_usage);
    assert_int_equal(index.entrypoint_sets.len, 0);
}

static void an_index_of_nothing_is_a_header(void **state) {
    (void)state;
    const bom_index_content content = {.generated_us = -1};
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&content);
    bom_index index = {.layer_count = 9};
    assert_int_equal(bytes.len, 33);
    assert_true(stella_testing_golden(FIXTURES "empty.bin", stella_buf_sv(&bytes)));
    assert_int_equal(bom_index_open(stella_buf_sv(&bytes), &index, NULL), STELLA_OK);
    assert_int_equal(index.layer_count, 0);
    assert_int_equal(index.generated_us, -1);
}

static void refuses(const bom_index_content *content, stella_status code, const char *path, const char *message) {
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    stella_error err = {0};
    assert_int_equal(index_try(content, &out, &err), code);
    assert_string_equal(err.path, path);
    if (!strstr(err.message, message))
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
    assert_int_equal(out.len, 0);
}

static void refuses_content_that_is_not_in_order(void **state) {
    (void)state;
    const stella_sv twice[] = {STELLA_SV("/a"), STELLA_SV("/a")};
    const bom_index_component backwards[] = {{.identity = STELLA_SV("b")}, {.identity = STELLA_SV("a")}};
    const uint32_t descending[] = {1, 0}, far[] = {2};
    const bom_index_component unordered = {.identity = STELLA_SV("a"), .layers = descending, .layer_count = 2};
    const bom_index_component beyond = {.identity = STELLA_SV("a"), .layers = far, .layer_count = 1};
    bom_index_content content = vector;
    content.entrypoints = twice;
    refuses(&content, STELLA_E_INVALID, "entrypoints/1", "not in order");
    content = vector;
    content.components = backwards;
    content.component_count = 2;
    refuses(&content, STELLA_E_INVALID, "components/1", "not in order");
    content.component_count = 1;
    content.components = &unordered;
    refuses(&content, STELLA_E_INVALID, "components/0", "a set that is not in order");
    content.components = &beyond;
    refuses(&content, STELLA_E_INVALID, "components/0", "of what is not there");
}

static void refuses_texts_that_have_no_place(void **state) {
    (void)state;
    static char text[65536];
    memset(text, 'a', sizeof text);
    bom_index_content content = vector;
    content.image_digest = stella_sv_of(text, sizeof text);
    refuses(&content, STELLA_E_LIMIT, "header/imageDigest/0", "65536 bytes; an index takes 65535");
    content.image_digest = STELLA_SV("\xff");
    refuses(&content, STELLA_E_INVALID, "header/imageDigest/0", "not UTF-8");
    content.image_digest = stella_sv_of(text, sizeof text - 1);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&content);
    bom_index index = {0};
    assert_int_equal(bom_index_open(stella_buf_sv(&bytes), &index, NULL), STELLA_OK);
    assert_int_equal(index.image_digest.len, 65535);
}

static void refuses_more_layers_than_there_may_be(void **state) {
    (void)state;
    static stella_sv layers[BOM_INDEX_LAYERS_MAX + 1];
    bom_index_content content = vector;
    content.layers = layers;
    content.layer_count = STELLA_COUNT(layers);
    refuses(&content, STELLA_E_LIMIT, "header", "4097 layers; an index has 4096 at most");
}

/* Entries go out in pieces: many of them, with large sets, come back as they were. */
static void large_indexes_come_back(void **state) {
    (void)state;
    enum { COMPONENTS = 3000, LAYERS = 400 };
    static stella_sv layers[LAYERS];
    static uint32_t odd[LAYERS / 2];
    static bom_index_component components[COMPONENTS];
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    for (uint32_t i = 0; i < STELLA_COUNT(odd); i++)
        odd[i] = 2 * i + 1;
    for (uint32_t i = 0; i < COMPONENTS; i++)
        components[i] = (bom_index_component){.identity = stella_arena_printf(arena, "pkg:generic/%08u", i),
                                              .layers = odd,
                                              .layer_count = i % (STELLA_COUNT(odd) + 1)};
    const bom_index_content content = {
        .layers = layers, .layer_count = LAYERS, .components = components, .component_count = COMPONENTS};
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = index_bytes(&content);
    bom_index index = {0};
    bom_index_row row;
    uint32_t i = 0;
    assert_true(bytes.len > 500000);
    assert_int_equal(bom_index_open(stella_buf_sv(&bytes), &index, NULL), STELLA_OK);
    for (bom_index_rows rows = bom_index_begin(&index); bom_index_row_next(&rows, &row); i++) {
        assert_true(stella_sv_eq(row.identity, components[i].identity));
        assert_int_equal(row.layers.count, components[i].layer_count);
        assert_int_equal(roaring_has(&row.layers, 1), components[i].layer_count > 0);
    }
    assert_int_equal(i, COMPONENTS);
}

static stella_status full(void *self, stella_sv bytes, stella_error *err) {
    (void)self, (void)bytes;
    return stella_error_set(err, STELLA_E_IO, NULL, "no room");
}

static void tells_what_the_sink_says(void **state) {
    (void)state;
    const stella_sink sink = {.head = STELLA_HEAD(stella_sink), .write = full};
    stella_error err = {0};
    assert_int_equal(bom_index_write(&vector, &sink, &err), STELLA_E_IO);
    assert_string_equal(err.message, "no room");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_vector_is_written_byte_by_byte),
        cmocka_unit_test(without_entrypoints_there_are_no_sections_of_usage),
        cmocka_unit_test(an_index_of_nothing_is_a_header),
        cmocka_unit_test(refuses_content_that_is_not_in_order),
        cmocka_unit_test(refuses_texts_that_have_no_place),
        cmocka_unit_test(refuses_more_layers_than_there_may_be),
        cmocka_unit_test(large_indexes_come_back),
        cmocka_unit_test(tells_what_the_sink_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
