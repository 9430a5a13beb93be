/* Databases that SQLite wrote, against what SQLite itself reads from them. */
#include "data.h"
#include "reading.h"
#include "scratch_root.h"

static scratch_root made;

static int make_databases(void **state) {
    char command[512];
    (void)state;
    made = scratch_root_create();
    snprintf(command, sizeof command, "python3 '%s/tests/unit/analyzers_sqlite/make_databases.py' %s",
             STELLA_SOURCE_DIR, made.path);
    return system(command);
}

static int remove_databases(void **state) {
    (void)state;
    scratch_root_destroy(&made);
    return 0;
}

static stella_sv file_of(stella_arena *arena, const char *name, const char *file) {
    const stella_sv path = stella_arena_printf(arena, "%s/%s/%s", made.path, name, file);
    return data_read(path.ptr, arena);
}

/* Reads a case; the rows must be SQLite's. */
static sqlite_database check_rows(const char *name, stella_arena *arena) {
    const stella_sv main = file_of(arena, name, "db"), wal = file_of(arena, name, "db-wal"),
                    expected = file_of(arena, name, "expected");
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(READING_BYTES);
    sqlite_database db = {0};
    stella_error err = {0};
    assert_true(main.len && expected.ptr);
    if (sqlite_open(main, wal, arena, &db, &err) != STELLA_OK || reading_of(&db, &got, &err) != 0)
        fail_msg("%s: %s", name, err.message);
    if (!stella_sv_eq(stella_buf_sv(&got), expected))
        fail_msg("%s: the rows are not those that SQLite reads", name);
    return db;
}

static void check_case(const char *name, uint32_t wal_state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    assert_int_equal(check_rows(name, arena).wal_state, wal_state);
}

static void reads_every_page_size(void **state) {
    (void)state;
    for (uint32_t size = 512; size <= 65536; size *= 2) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
        char name[32];
        snprintf(name, sizeof name, "page-%u", size);
        assert_int_equal(check_rows(name, arena).page_bytes, size);
    }
}

static void reads_tables_of_no_row_one_row_and_many_levels(void **state) {
    (void)state;
    check_case("empty-table", SQLITE_WAL_NONE);
    check_case("one-row", SQLITE_WAL_NONE);
    check_case("deep", SQLITE_WAL_NONE);
}

static void steps_around_pages_of_auto_vacuum_and_reserved_bytes(void **state) {
    (void)state;
    check_case("auto-vacuum", SQLITE_WAL_NONE);
    check_case("incremental-vacuum", SQLITE_WAL_NONE);
    check_case("reserved", SQLITE_WAL_NONE);
    check_case("reserved-most", SQLITE_WAL_NONE);
}

static void reads_what_the_log_has_committed(void **state) {
    (void)state;
    check_case("wal-committed", SQLITE_WAL_READ);
    check_case("wal-shrunken", SQLITE_WAL_READ);
}

static void leaves_out_what_was_never_committed(void **state) {
    (void)state;
    check_case("wal-uncommitted", SQLITE_WAL_READ);
}

static void reads_a_log_that_is_cut_short_up_to_its_last_whole_transaction(void **state) {
    (void)state;
    check_case("wal-torn-1", SQLITE_WAL_READ);
    check_case("wal-torn-100", SQLITE_WAL_READ);
    check_case("wal-torn-4096", SQLITE_WAL_READ);
    check_case("wal-torn-4097", SQLITE_WAL_READ);
    check_case("wal-torn-4120", SQLITE_WAL_READ);
}

static void stops_at_the_frame_whose_checksum_or_salt_is_wrong(void **state) {
    (void)state;
    check_case("wal-damaged", SQLITE_WAL_READ);
    check_case("wal-reused", SQLITE_WAL_READ);
}

static void reads_logs_of_both_byte_orders(void **state) {
    (void)state;
    check_case("wal-other-byte-order", SQLITE_WAL_READ);
}

static void a_log_of_another_page_size_is_refused_and_the_file_alone_is_read(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(READING_BYTES);
    sqlite_database db;
    assert_int_equal(
        sqlite_open(file_of(arena, "page-512", "db"), file_of(arena, "wal-committed", "db-wal"), arena, &db, NULL),
        STELLA_OK);
    assert_int_equal(db.wal_state, SQLITE_WAL_REFUSED);
    assert_int_equal(reading_of(&db, &got, NULL), 0);
    assert_true(stella_sv_eq(stella_buf_sv(&got), file_of(arena, "page-512", "expected")));
}

/* A file that ends early: the rows of the pages that are there come, the others are told as errors. */
static void reads_what_is_left_of_a_file_that_is_cut_short(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(READING_BYTES);
    const stella_sv whole = file_of(arena, "page-1024", "db"), expected = file_of(arena, "page-1024", "expected");
    sqlite_database db;
    assert_int_equal(sqlite_open(stella_sv_first(whole, whole.len / 2 + 100), (stella_sv){0}, arena, &db, NULL),
                     STELLA_OK);
    assert_true(reading_of(&db, &got, NULL) > 0);
    assert_in_range(got.len, 1000, expected.len - 1);
    stella_sv left = stella_buf_sv(&got), line;
    while (stella_sv_split(&left, '\n', &line) && line.len)
        assert_non_null(memmem(expected.ptr, expected.len, line.ptr, line.len + 1));
}

static void a_table_that_is_not_there_is_not_found(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    sqlite_database db;
    stella_error err = {0};
    uint32_t root = 77;
    assert_int_equal(sqlite_open(file_of(arena, "page-1024", "db"), (stella_sv){0}, arena, &db, NULL), STELLA_OK);
    assert_int_equal(sqlite_find_table(&db, STELLA_SV("by_name"), &root, &err), STELLA_E_NOTFOUND);
    assert_int_equal(root, 77);
    assert_string_equal(err.path, "by_name");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_page_size),
        cmocka_unit_test(reads_tables_of_no_row_one_row_and_many_levels),
        cmocka_unit_test(steps_around_pages_of_auto_vacuum_and_reserved_bytes),
        cmocka_unit_test(reads_what_the_log_has_committed),
        cmocka_unit_test(leaves_out_what_was_never_committed),
        cmocka_unit_test(reads_a_log_that_is_cut_short_up_to_its_last_whole_transaction),
        cmocka_unit_test(stops_at_the_frame_whose_checksum_or_salt_is_wrong),
        cmocka_unit_test(reads_logs_of_both_byte_orders),
        cmocka_unit_test(a_log_of_another_page_size_is_refused_and_the_file_alone_is_read),
        cmocka_unit_test(reads_what_is_left_of_a_file_that_is_cut_short),
        cmocka_unit_test(a_table_that_is_not_there_is_not_found),
    };
    return cmocka_run_group_tests(tests, make_databases, remove_databases);
}
