/* Databases that no rpm wrote. */
#include "rpm_run.h"

#include "rpm/header_write.h"
#include "rpm/tags.h"

#define NDB "var/lib/rpm/Packages.db"
#define BDB "var/lib/rpm/Packages"

/* ---- making databases ---- */

static void put32(stella_buf *out, uint32_t value) {
    assert_int_equal(stella_buf_u32le(out, value), STELLA_OK);
}

static stella_buf make_header(stella_sv name, stella_sv version, stella_sv release) {
    STELLA_AUTO(header_writer_fini) header_writer w;
    stella_buf block = stella_buf_of(1u << 16);
    header_writer_init(&w, 1u << 16);
    header_writer_text(&w, TAG_NAME, name);
    header_writer_text(&w, TAG_VERSION, version);
    header_writer_text(&w, TAG_RELEASE, release);
    assert_int_equal(header_writer_finish(&w, &block), STELLA_OK);
    return block;
}

static uint32_t adler32(stella_sv bytes) {
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        a = (a + (unsigned char)bytes.ptr[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

/* An NDB file in the making: slots and blobs apart. */
typedef struct ndb {
    stella_buf slots, blobs;
    uint32_t count;
} ndb;

static ndb ndb_create(void) {
    return (ndb){.slots = stella_buf_of(4096), .blobs = stella_buf_of(1u << 20)};
}

static void ndb_destroy(ndb *n) {
    stella_buf_fini(&n->slots);
    stella_buf_fini(&n->blobs);
}

static void ndb_slot(ndb *n, uint32_t offset, uint32_t blocks) {
    n->count++;
    put32(&n->slots, 0x746f6c53);
    put32(&n->slots, n->count);
    put32(&n->slots, offset);
    put32(&n->slots, blocks);
}

static void ndb_add_block(ndb *n, stella_sv block, uint32_t sum_error) {
    const size_t begin = n->blobs.len;
    put32(&n->blobs, 0x53626c42);
    put32(&n->blobs, n->count + 1);
    put32(&n->blobs, 1);
    put32(&n->blobs, (uint32_t)block.len);
    assert_int_equal(stella_buf_add(&n->blobs, block), STELLA_OK);
    while ((n->blobs.len + 12) % 16)
        assert_int_equal(stella_buf_u8(&n->blobs, 0), STELLA_OK);
    put32(&n->blobs, adler32(stella_sv_skip(stella_buf_sv(&n->blobs), begin)) + sum_error);
    put32(&n->blobs, (uint32_t)block.len);
    put32(&n->blobs, 0x45626c42);
    ndb_slot(n, (uint32_t)((4096 + begin) / 16), (uint32_t)((n->blobs.len - begin) / 16));
}

static void ndb_add(ndb *n, stella_sv name, uint32_t sum_error) {
    STELLA_AUTO(stella_buf_fini) stella_buf block = make_header(name, STELLA_SV("1"), STELLA_SV("2"));
    ndb_add_block(n, stella_buf_sv(&block), sum_error);
}

static stella_buf ndb_file(const ndb *n) {
    stella_buf out = stella_buf_of(1u << 20);
    const uint32_t head[] = {0x506d7052, 0, 1, 1, n->count + 1, 0, 0, 0};
    for (size_t i = 0; i < 8; i++)
        put32(&out, head[i]);
    assert_int_equal(stella_buf_add(&out, stella_buf_sv(&n->slots)), STELLA_OK);
    while (out.len < 4096) {
        put32(&out, 0x746f6c53);
        for (int i = 0; i < 3; i++)
            put32(&out, 0);
    }
    assert_int_equal(stella_buf_add(&out, stella_buf_sv(&n->blobs)), STELLA_OK);
    return out;
}

static stella_buf run_file(const char *path, stella_sv bytes) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, path, bytes);
    return run_root(root.path);
}

static stella_buf run_ndb(const ndb *n) {
    STELLA_AUTO(stella_buf_fini) stella_buf file = ndb_file(n);
    return run_file(NDB, stella_buf_sv(&file));
}

static void assert_counts(const stella_buf *text, uint32_t packages, const char *note) {
    assert_int_equal(count_of(text, "\"ref\""), packages);
    if (!has(text, note))
        fail_msg("\"%s\" is not told", note);
}

/* ---- NDB ---- */

static void a_package_with_a_wrong_checksum_is_told_and_the_others_stand(void **state) {
    (void)state;
    STELLA_AUTO(ndb_destroy) ndb n = ndb_create();
    ndb_add(&n, STELLA_SV("good"), 0);
    ndb_add(&n, STELLA_SV("bad"), 1);
    ndb_add(&n, STELLA_SV("fine"), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_ndb(&n);
    assert_counts(&text, 2, "package 2 is damaged");
    assert_false(has(&text, "\"bad\""));
}

static void slots_that_point_outside_or_upon_each_other_are_told(void **state) {
    (void)state;
    STELLA_AUTO(ndb_destroy) ndb n = ndb_create();
    ndb_add(&n, STELLA_SV("good"), 0);
    ndb_slot(&n, 0xffffffff, 0xffffffff);
    ndb_slot(&n, 4096 / 16, 1);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_ndb(&n);
    assert_counts(&text, 1, "package 2 is damaged");
    assert_true(has(&text, "package 3 is damaged"));
}

static void an_ndb_that_ends_early_or_says_too_much_is_told(void **state) {
    (void)state;
    STELLA_AUTO(ndb_destroy) ndb n = ndb_create();
    ndb_add(&n, STELLA_SV("good"), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf file = ndb_file(&n);
    STELLA_AUTO(stella_buf_fini) stella_buf cut = run_file(NDB, stella_sv_first(stella_buf_sv(&file), 100));
    assert_counts(&cut, 0, "ends inside of its slots");
    memcpy(file.ptr + 12, "\xff\xff\xff\xff", 4);
    STELLA_AUTO(stella_buf_fini) stella_buf pages = run_file(NDB, stella_buf_sv(&file));
    assert_counts(&pages, 0, "4294967295 pages of slots");
}

static void packages_that_are_listed_twice_count_once(void **state) {
    (void)state;
    STELLA_AUTO(ndb_destroy) ndb n = ndb_create();
    ndb_add(&n, STELLA_SV("twin"), 0);
    ndb_add(&n, STELLA_SV("twin"), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_ndb(&n);
    assert_counts(&text, 1, "lists more than once");
}

static void names_that_are_no_text_are_skipped_and_keys_are_no_packages(void **state) {
    (void)state;
    STELLA_AUTO(ndb_destroy) ndb n = ndb_create();
    ndb_add(&n, STELLA_SV("gpg-pubkey"), 0);
    ndb_add(&n, STELLA_SV("good"), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf clean = run_ndb(&n);
    assert_int_equal(count_of(&clean, "\"ref\""), 1);
    assert_int_equal(count_of(&clean, "\"severity\""), 0);
    ndb_add(&n, STELLA_SV("caf\xe9"), 0);
    ndb_add(&n, STELLA_SV("../../etc/passwd"), 0);
    ndb_add(&n, STELLA_SV("a\033[31m"), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_ndb(&n);
    assert_counts(&text, 1, "without a valid name");
    assert_int_equal(count_of(&text, "without a valid name"), 3);
}

static void a_flood_of_damage_is_told_in_few_notes(void **state) {
    (void)state;
    STELLA_AUTO(ndb_destroy) ndb n = ndb_create();
    for (int i = 0; i < 200; i++)
        ndb_slot(&n, 9999, 5);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_ndb(&n);
    assert_counts(&text, 0, "more of this file could not be read");
    assert_true(has(&text, "none of its packages can be read"));
    assert_int_equal(count_of(&text, "\"severity\""), 52);
}

/* ---- headers ---- */

static void blocks_that_are_no_header_are_told(void **state) {
    (void)state;
    STELLA_AUTO(ndb_destroy) ndb n = ndb_create();
    ndb_add_block(&n, STELLA_SV("\xff\xff\xff\xff\xff\xff\xff\xff"), 0);
    ndb_add_block(&n, STELLA_SV("\0\0\0\x05\0\0\0\x05short"), 0);
    ndb_add_block(&n, STELLA_SV(""), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_ndb(&n);
    assert_counts(&text, 0, "a header of 4294967295 entries");
    assert_true(has(&text, "runs past the end"));
    assert_true(has(&text, "none of its packages can be read"));
    assert_int_equal(count_of(&text, "\"severity\""), 4);
    ndb_add(&n, STELLA_SV("good"), 0); /* one that can be read: what is damaged is only told */
    STELLA_AUTO(stella_buf_fini) stella_buf other = run_ndb(&n);
    assert_counts(&other, 1, "a header of 4294967295 entries");
    assert_false(has(&other, "none of its packages can be read"));
}

/* One entry over "abc\0de": tag 1000 of that type, offset and count. */
static int finds(uint32_t type, uint32_t offset, uint32_t count, header_value *value) {
    unsigned char block[8 + 16 + 6] = {0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 3, 0xe8};
    const uint32_t numbers[] = {type, offset, count};
    for (int i = 0; i < 3; i++)
        for (int b = 0; b < 4; b++)
            block[12 + 4 * i + b] = (unsigned char)(numbers[i] >> (24 - 8 * b));
    memcpy(block + 24, "abc\0de", 6);
    static unsigned char kept[sizeof block];
    memcpy(kept, block, sizeof block);
    header h;
    assert_int_equal(header_parse(stella_sv_of((const char *)kept, sizeof kept), &h, NULL), STELLA_OK);
    return header_find(&h, TAG_NAME, value);
}

static void values_that_do_not_lie_in_the_data_are_absent(void **state) {
    (void)state;
    header_value value = {.count = 77};
    assert_false(finds(TYPE_STRING, 4, 1, &value));       /* no NUL behind it */
    assert_false(finds(TYPE_STRING, 0, 2, &value));       /* one string is one */
    assert_false(finds(TYPE_STRING_ARRAY, 0, 2, &value)); /* the second has no end */
    assert_false(finds(TYPE_STRING_ARRAY, 0, 0xffffffff, &value));
    assert_false(finds(TYPE_INT32, 4, 1, &value));
    assert_false(finds(TYPE_INT64, 0, 0x20000001, &value)); /* 2^32 + 8 bytes */
    assert_false(finds(TYPE_BIN, 0xfffffff0, 4, &value));
    assert_false(finds(TYPE_BIN, 6, 1, &value));
    assert_false(finds(TYPE_INT16, 0, 0, &value));
    assert_false(finds(0, 0, 1, &value));
    assert_false(finds(10, 0, 1, &value));
    assert_int_equal(value.count, 77);
    assert_true(finds(TYPE_STRING, 1, 1, &value));
    assert_int_equal(value.bytes.len, 3);
    assert_true(finds(TYPE_INT16, 2, 2, &value));
    assert_int_equal(header_value_number(&value, 1), 'd' << 8 | 'e');
    assert_int_equal(header_value_number(&value, 2), 0);
}

static void a_region_ends_where_the_next_value_begins(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf block = make_header(STELLA_SV("name"), STELLA_SV("1"), STELLA_SV("CVE-2020-1234"));
    header h;
    assert_int_equal(header_parse(stella_buf_sv(&block), &h, NULL), STELLA_OK);
    assert_true(stella_sv_eq(header_region(&h, TAG_NAME), STELLA_SV("name\0")));
    assert_true(stella_sv_eq(header_region(&h, TAG_RELEASE), STELLA_SV("CVE-2020-1234\0")));
    assert_int_equal(header_region(&h, TAG_CHANGELOG_TEXT).len, 0);
}

/* ---- Berkeley DB ---- */

#define PAGE 512

typedef struct bdb {
    unsigned char bytes[6 * PAGE];
} bdb;

static void poke32(unsigned char *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static void poke16(unsigned char *at, uint32_t value) {
    at[0] = (unsigned char)value;
    at[1] = (unsigned char)(value >> 8);
}

/* A hash of one pair: key 1, and a value of that length from page 2 on. */
static bdb make_bdb(uint32_t value_len) {
    bdb b = {0};
    poke32(b.bytes + 12, 0x00061561);
    poke32(b.bytes + 16, 9);
    poke32(b.bytes + 20, PAGE);
    b.bytes[25] = 8;
    poke32(b.bytes + 32, 5);
    unsigned char *page = b.bytes + PAGE;
    page[25] = 13;
    poke16(page + 20, 2);
    poke16(page + 26, PAGE - 5);
    poke16(page + 28, PAGE - 5 - 12);
    memcpy(page + PAGE - 5, "\1\1\0\0\0", 5);
    page[PAGE - 17] = 3;
    poke32(page + PAGE - 13, 2);
    poke32(page + PAGE - 9, value_len);
    return b;
}

static void set_overflow(bdb *b, uint32_t number, uint32_t next, stella_sv data) {
    unsigned char *page = b->bytes + (size_t)number * PAGE;
    page[25] = 7;
    poke32(page + 16, next);
    poke16(page + 22, (uint32_t)data.len);
    if (data.len)
        memcpy(page + 26, data.ptr, data.len);
}

static stella_buf run_bdb(const bdb *b) {
    return run_file(BDB, stella_sv_of((const char *)b->bytes, sizeof b->bytes));
}

static void a_small_berkeley_db_is_read(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf block = make_header(STELLA_SV("good"), STELLA_SV("1"), STELLA_SV("2"));
    bdb b = make_bdb((uint32_t)block.len);
    set_overflow(&b, 2, 4, stella_sv_first(stella_buf_sv(&block), 30));
    set_overflow(&b, 4, 0, stella_sv_skip(stella_buf_sv(&block), 30));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_bdb(&b);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "\"severity\""), 0);
}

static void overflow_pages_in_a_circle_end(void **state) {
    (void)state;
    bdb b = make_bdb(3000);
    set_overflow(&b, 2, 2, stella_sv_of((const char *)b.bytes, 100));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_bdb(&b);
    assert_counts(&text, 0, "a package breaks off at page 2");
}

static void lengths_that_lie_are_told(void **state) {
    (void)state;
    bdb b = make_bdb(0xfffffff0);
    STELLA_AUTO(stella_buf_fini) stella_buf longer = run_bdb(&b);
    assert_counts(&longer, 0, "longer than the database");
    b = make_bdb(900);
    set_overflow(&b, 2, 77, stella_sv_of((const char *)b.bytes, 100));
    STELLA_AUTO(stella_buf_fini) stella_buf outside = run_bdb(&b);
    assert_counts(&outside, 0, "a package breaks off at page 77");
    b = make_bdb(900);
    set_overflow(&b, 2, 3, (stella_sv){0});
    STELLA_AUTO(stella_buf_fini) stella_buf empty = run_bdb(&b);
    assert_counts(&empty, 0, "a package breaks off at page 2");
    b = make_bdb(900);
    poke16(b.bytes + PAGE + 28, 20);
    STELLA_AUTO(stella_buf_fini) stella_buf item = run_bdb(&b);
    assert_counts(&item, 0, "its items do not fit");
    b = make_bdb(900);
    poke16(b.bytes + PAGE + 20, 65535);
    STELLA_AUTO(stella_buf_fini) stella_buf entries = run_bdb(&b);
    assert_counts(&entries, 0, "its items do not fit");
}

static void first_pages_that_lie_are_told(void **state) {
    (void)state;
    bdb b = make_bdb(10);
    poke32(b.bytes + 20, 700);
    STELLA_AUTO(stella_buf_fini) stella_buf size = run_bdb(&b);
    assert_counts(&size, 0, "pages of 700 bytes");
    b = make_bdb(10);
    b.bytes[24] = 1;
    STELLA_AUTO(stella_buf_fini) stella_buf encrypted = run_bdb(&b);
    assert_counts(&encrypted, 0, "encrypted");
    b = make_bdb(10);
    poke32(b.bytes + 32, 0xffffffff);
    STELLA_AUTO(stella_buf_fini) stella_buf last = run_bdb(&b);
    assert_counts(&last, 0, "ends before page 4294967295");
}

/* ---- other files ---- */

static void a_file_of_no_known_magic_is_told_and_an_empty_one_is_nothing(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(BDB, STELLA_SV("hello"));
    assert_counts(&text, 0, "neither SQLite, NDB nor a Berkeley DB hash");
    STELLA_AUTO(stella_buf_fini) stella_buf empty = run_file(BDB, STELLA_SV(""));
    assert_int_equal(count_of(&empty, "\"severity\""), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf elsewhere = run_file("home/u/rpmdb.sqlite", STELLA_SV("hello"));
    assert_int_equal(count_of(&elsewhere, "\"severity\""), 0);
}

static void lines_of_a_manifest_that_name_no_package_are_told(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("var/lib/rpmmanifest/container-manifest-2",
                               STELLA_SV("a\t1-2\t1\t2\tv\t(none)\t5\tx86_64\t0\ta-1-2.src.rpm\n"
                                         "junk\n\nb\t1\t1\t2\tv\t0\t5\tx86_64\t0\tb-1-2.src.rpm\n"
                                         "c\t1-\xff\t1\t2\tv\t0\t5\tnoarch\t0\tc.src.rpm\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "\"severity\": \"error\""), 3);
    assert_true(has(&text, "\"line\": 2"));
    assert_true(has(&text, "\"line\": 4"));
    assert_true(has(&text, "\"line\": 5"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_with_a_wrong_checksum_is_told_and_the_others_stand),
        cmocka_unit_test(slots_that_point_outside_or_upon_each_other_are_told),
        cmocka_unit_test(an_ndb_that_ends_early_or_says_too_much_is_told),
        cmocka_unit_test(packages_that_are_listed_twice_count_once),
        cmocka_unit_test(names_that_are_no_text_are_skipped_and_keys_are_no_packages),
        cmocka_unit_test(a_flood_of_damage_is_told_in_few_notes),
        cmocka_unit_test(blocks_that_are_no_header_are_told),
        cmocka_unit_test(values_that_do_not_lie_in_the_data_are_absent),
        cmocka_unit_test(a_region_ends_where_the_next_value_begins),
        cmocka_unit_test(a_small_berkeley_db_is_read),
        cmocka_unit_test(overflow_pages_in_a_circle_end),
        cmocka_unit_test(lengths_that_lie_are_told),
        cmocka_unit_test(first_pages_that_lie_are_told),
        cmocka_unit_test(a_file_of_no_known_magic_is_told_and_an_empty_one_is_nothing),
        cmocka_unit_test(lines_of_a_manifest_that_name_no_package_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
