/* Databases that no SQLite wrote. */
#include "reading.h"

#define PAGE 512

typedef struct image {
    unsigned char bytes[8 * PAGE];
    size_t pages;
} image;

static void put16(unsigned char *at, unsigned value) {
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

static void put32(unsigned char *at, uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

static unsigned char *page_of(image *i, uint32_t number) {
    return i->bytes + (size_t)(number - 1) * PAGE;
}

/* A cell at the end of the page, with its pointer. */
static void add_cell(unsigned char *header, unsigned char *page, unsigned at, const void *cell, size_t len) {
    const unsigned count = (unsigned)(header[3] << 8 | header[4]);
    const unsigned pointers = (unsigned)(header - page) + (header[0] == 0x0d ? 8 : 12);
    memcpy(page + at, cell, len);
    put16(page + pointers + 2 * count, at);
    put16(header + 3, count + 1);
}

/* A schema that says that table t begins on page 2, which is a leaf without rows. */
static image make_image(size_t pages) {
    static const unsigned char schema[] = {21,  1,   6,   23, 15,  15, 1, 13, 't', 'a', 'b', 'l',
                                           'e', 't', 't', 2,  'x', 0,  0, 0,  0,   0,   0};
    image i = {.pages = pages};
    memcpy(i.bytes, "SQLite format 3", 16);
    put16(i.bytes + 16, PAGE);
    i.bytes[18] = i.bytes[19] = 1;
    put32(i.bytes + 56, 1);
    i.bytes[100] = 0x0d;
    add_cell(i.bytes + 100, i.bytes, 400, schema, sizeof schema);
    page_of(&i, 2)[0] = 0x0d;
    return i;
}

static uint32_t read_image(const image *i, stella_buf *out, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    sqlite_database db;
    if (sqlite_open(stella_sv_of((const char *)i->bytes, i->pages * PAGE), (stella_sv){0}, arena, &db, err) !=
        STELLA_OK)
        return UINT32_MAX;
    return reading_of(&db, out, err);
}

/* Reads a damaged image: nothing but errors, and the last one says this. */
static void expect_damage(const image *i, const char *message) {
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    stella_error err = {0};
    const uint32_t damaged = read_image(i, &out, &err);
    assert_in_range(damaged, 1, 1000);
    assert_int_equal(out.len, 0);
    if (!strstr(err.message, message))
        fail_msg("\"%s\" is not in \"%s\"", message, err.message);
}

static const unsigned char small_row[] = {2, 7, 2, 0}; /* two bytes, row 7: one NULL */

static void a_whole_image_is_read(void **state) {
    (void)state;
    image i = make_image(2);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    add_cell(page_of(&i, 2), page_of(&i, 2), 500, small_row, sizeof small_row);
    assert_int_equal(read_image(&i, &out, NULL), 0);
    assert_string_equal(out.ptr, "7\tn\tn\tn\tn\n");
}

static void headers_that_lie_are_refused(void **state) {
    (void)state;
    static const struct {
        size_t at;
        unsigned char value;
        const char *message;
        stella_status status;
    } cases[] = {
        {0, 'X', "not an SQLite database", STELLA_E_FORMAT},
        {16, 3, "a page size of", STELLA_E_FORMAT},
        {20, 33, "reserved", STELLA_E_FORMAT},
        {19, 3, "file format 3", STELLA_E_UNSUPPORTED},
        {59, 2, "UTF-16", STELLA_E_UNSUPPORTED},
    };
    for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
        image i = make_image(2);
        sqlite_database db = {.page_bytes = 77};
        stella_error err = {0};
        i.bytes[cases[n].at] = cases[n].value;
        assert_int_equal(sqlite_open(stella_sv_of((const char *)i.bytes, 2 * PAGE), (stella_sv){0}, NULL, &db, &err),
                         cases[n].status);
        assert_non_null(strstr(err.message, cases[n].message));
        assert_int_equal(db.page_bytes, 77);
    }
}

static void files_shorter_than_a_header_or_a_page_have_no_table(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const image i = make_image(2);
    sqlite_database db;
    uint32_t root;
    assert_int_equal(sqlite_open(stella_sv_of((const char *)i.bytes, 99), (stella_sv){0}, arena, &db, NULL),
                     STELLA_E_FORMAT);
    assert_int_equal(sqlite_open(stella_sv_of((const char *)i.bytes, 511), (stella_sv){0}, arena, &db, NULL),
                     STELLA_OK);
    assert_int_equal(sqlite_find_table(&db, STELLA_SV("t"), &root, NULL), STELLA_E_NOTFOUND);
    assert_int_equal(sqlite_open((stella_sv){0}, STELLA_SV("log"), arena, &db, NULL), STELLA_OK);
    assert_int_equal(sqlite_find_table(&db, STELLA_SV("t"), &root, NULL), STELLA_E_NOTFOUND);
}

static void a_page_that_is_its_own_child_ends(void **state) {
    (void)state;
    image i = make_image(2);
    page_of(&i, 2)[0] = 0x05;
    put32(page_of(&i, 2) + 8, 2);
    expect_damage(&i, "form a circle");
}

static void children_outside_of_the_file_are_told(void **state) {
    (void)state;
    image i = make_image(2);
    page_of(&i, 2)[0] = 0x05;
    put32(page_of(&i, 2) + 8, 4000000000u);
    expect_damage(&i, "page 4000000000 is referred to and is not there");
    put32(page_of(&i, 2) + 8, 0);
    expect_damage(&i, "page 0 is referred to");
}

static void a_page_of_an_index_is_no_table(void **state) {
    (void)state;
    image i = make_image(2);
    page_of(&i, 2)[0] = 0x0a;
    expect_damage(&i, "is no page of a table");
}

static void more_cells_than_a_page_can_hold_are_refused(void **state) {
    (void)state;
    image i = make_image(2);
    put16(page_of(&i, 2) + 3, 65535);
    expect_damage(&i, "more cells than room");
}

static void cells_that_begin_behind_the_page_are_told(void **state) {
    (void)state;
    image i = make_image(2);
    put16(page_of(&i, 2) + 3, 1);
    put16(page_of(&i, 2) + 8, 600);
    expect_damage(&i, "outside of its page");
}

static void a_row_longer_than_the_file_is_not_allocated(void **state) {
    (void)state;
    static const unsigned char cell[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1};
    image i = make_image(2);
    add_cell(page_of(&i, 2), page_of(&i, 2), 20, cell, sizeof cell);
    expect_damage(&i, "longer than the database");
}

static void an_overflow_chain_that_bites_its_tail_ends(void **state) {
    (void)state;
    /* 1,200 bytes of which 39 + (1200 - 39) % 508 = 184 are local; then the page of the rest */
    unsigned char cell[2 + 1 + 184 + 4] = {0x89, 0x30, 1, 2, 0};
    image i = make_image(4);
    put32(cell + 3 + 184, 3);
    put32(page_of(&i, 3), 3);
    add_cell(page_of(&i, 2), page_of(&i, 2), 100, cell, sizeof cell);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    assert_int_equal(read_image(&i, &out, NULL), 0); /* two pages of a row: within what the database has */
    for (unsigned n = 0; n < 3; n++)
        add_cell(page_of(&i, 2), page_of(&i, 2), 100, cell, sizeof cell);
    out.len = 0;
    stella_error err = {0};
    assert_true(read_image(&i, &out, &err) > 0);
}

static void cells_upon_each_other_are_read_once(void **state) {
    (void)state;
    unsigned char cell[2 + 200] = {0x81, 0x48, 1, 2, 0};
    image i = make_image(2);
    for (unsigned n = 0; n < 100; n++)
        add_cell(page_of(&i, 2), page_of(&i, 2), 300, cell, sizeof cell);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(1u << 20);
    stella_error err = {0};
    assert_int_equal(read_image(&i, &out, &err), 98);
    assert_non_null(strstr(err.message, "upon another"));
}

static void records_that_lie_about_their_columns_are_malformed(void **state) {
    (void)state;
    static const struct {
        const char *record;
        size_t len;
    } cases[] = {{"\x09\x01", 2}, {"\x02\x0a", 2}, {"\x02\x06\x01", 3}, {"\x03\x81\x81", 3}, {"\x00", 1}, {"\x80", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sqlite_row row = {.record = stella_sv_of(cases[i].record, cases[i].len)};
        sqlite_value value = {.kind = 77};
        assert_false(sqlite_column(&row, 1, &value));
        assert_int_equal(value.kind, 77);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_image_is_read),
        cmocka_unit_test(headers_that_lie_are_refused),
        cmocka_unit_test(files_shorter_than_a_header_or_a_page_have_no_table),
        cmocka_unit_test(a_page_that_is_its_own_child_ends),
        cmocka_unit_test(children_outside_of_the_file_are_told),
        cmocka_unit_test(a_page_of_an_index_is_no_table),
        cmocka_unit_test(more_cells_than_a_page_can_hold_are_refused),
        cmocka_unit_test(cells_that_begin_behind_the_page_are_told),
        cmocka_unit_test(a_row_longer_than_the_file_is_not_allocated),
        cmocka_unit_test(an_overflow_chain_that_bites_its_tail_ends),
        cmocka_unit_test(cells_upon_each_other_are_read_once),
        cmocka_unit_test(records_that_lie_about_their_columns_are_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
