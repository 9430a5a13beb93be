/* Archives that lie: each lie is told, and costs neither memory nor time. */
#include "check.h"
#include "zip_make.h"

#include "common/zip/zip.h"

#include <stella/auto.h>

#define ROOM ((uint64_t)1 << 20)

static stella_arena *arena;
static zip_make made;
static uint64_t room;
static stella_error err;

static int begin(void **state) {
    (void)state;
    made = zip_make_begin();
    room = ROOM;
    err = (stella_error){0};
    arena = stella_arena_create((uint64_t)64 << 20);
    return arena ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    zip_make_fini(&made);
    stella_arena_destroyp(&arena);
    return 0;
}

static void add(const char *name, const char *content, uint32_t method) {
    zip_make_add(&made,
                 (zip_member){.name = stella_sv_cstr(name), .content = stella_sv_cstr(content), .method = method});
}

/* Opening must fail so, and leave the archive alone. */
static void refuse_open(stella_sv bytes, stella_status expected, const char *why) {
    zip archive = {.entry_count = 77};
    assert_int_equal(zip_open(bytes, arena, &room, &archive, &err), expected);
    assert_non_null(strstr(err.message, why));
    assert_int_equal(archive.entry_count, 77);
}

static zip open_made(uint32_t count_change) {
    zip archive;
    if (zip_open(zip_make_end(&made, count_change), arena, &room, &archive, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    return archive;
}

static zip_entry entry_of(zip *archive, const char *name) {
    zip_entry entry;
    zip_rewind(archive);
    while (zip_next(archive, &entry))
        if (stella_sv_eq(entry.name, stella_sv_cstr(name)))
            return entry;
    fail_msg("no entry %s", name);
    return entry;
}

static void refuse_read(zip *archive, const char *name, uint64_t max, stella_status expected, const char *why) {
    const zip_entry entry = entry_of(archive, name);
    stella_sv content = STELLA_SV("untouched");
    assert_int_equal(zip_read(archive, &entry, arena, max, &content, &err), expected);
    assert_string_equal(err.path, name);
    assert_non_null(strstr(err.message, why));
    assert_true(stella_sv_eq(content, STELLA_SV("untouched")));
}

static void must_read(zip *archive, const char *name, const char *expected) {
    const zip_entry entry = entry_of(archive, name);
    stella_sv content;
    assert_int_equal(zip_read(archive, &entry, arena, 4096, &content, &err), STELLA_OK);
    assert_true(stella_sv_eq(content, stella_sv_cstr(expected)));
}

static void what_is_no_archive_is_refused(void **state) {
    (void)state;
    static char blank[200000];
    refuse_open(STELLA_SV(""), STELLA_E_FORMAT, "no zip archive");
    refuse_open(STELLA_SV("PK\5\6"), STELLA_E_FORMAT, "no zip archive");
    refuse_open(stella_sv_of(blank, sizeof blank), STELLA_E_FORMAT, "no zip archive");
}

static void every_cut_of_an_archive_is_refused(void **state) {
    (void)state;
    add("a", "first", 0);
    add("b", "second", 8);
    const stella_sv whole = zip_make_end(&made, 0);
    for (size_t len = 0; len < whole.len; len++) {
        zip archive;
        assert_int_equal(zip_open(stella_sv_first(whole, len), arena, &room, &archive, &err), STELLA_E_FORMAT);
    }
}

static void every_changed_byte_is_survived(void **state) {
    (void)state;
    add("a", "first", 0);
    add("b", "second second second", 8);
    const stella_sv whole = zip_make_end(&made, 0);
    for (size_t at = 0; at < whole.len; at++) {
        STELLA_AUTO(stella_freep) char *copy = malloc(whole.len);
        assert_non_null(copy);
        memcpy(copy, whole.ptr, whole.len);
        copy[at] ^= 0x55;
        zip archive;
        zip_entry entry;
        stella_sv content;
        if (zip_open(stella_sv_of(copy, whole.len), arena, &room, &archive, &err) != STELLA_OK)
            continue;
        while (zip_next(&archive, &entry))
            if (zip_read(&archive, &entry, arena, 4096, &content, &err) == STELLA_OK)
                assert_true(stella_sv_starts(content, STELLA_SV("first")) ||
                            stella_sv_starts(content, STELLA_SV("second")));
    }
}

static void an_end_record_of_no_entries_in_the_comment_hides_nothing(void **state) {
    (void)state;
    add("a", "first", 0);
    const size_t before = zip_make_end(&made, 0).len;
    made.bytes.ptr[before - 2] = 23;
    zip_make_text(&made.bytes, STELLA_SV("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0x"));
    zip archive;
    assert_int_equal(zip_open(stella_buf_sv(&made.bytes), arena, &room, &archive, &err), STELLA_OK);
    assert_int_equal(archive.entry_count, 1);
}

static void one_volume_of_several_is_refused(void **state) {
    (void)state;
    add("a", "x", 0);
    const stella_sv whole = zip_make_end(&made, 0);
    made.bytes.ptr[whole.len - 18] = 1;
    refuse_open(whole, STELLA_E_UNSUPPORTED, "volume");
}

static void a_wrong_number_of_entries_is_refused(void **state) {
    (void)state;
    add("a", "x", 0);
    refuse_open(zip_make_end(&made, 2), STELLA_E_FORMAT, "not those it claims");
}

static void more_entries_than_the_limit_are_refused(void **state) {
    (void)state;
    const zip_member member = {.name = STELLA_SV("x")};
    for (uint32_t i = 0; i <= ZIP_ENTRIES_MAX; i++)
        zip_make_record(&made, &member, 0, 0);
    refuse_open(zip_make_end(&made, 0), STELLA_E_LIMIT, "more than 1000000 entries");
}

static void a_million_entries_are_read(void **state) {
    (void)state;
    for (uint32_t i = 0; i < ZIP_ENTRIES_MAX; i++)
        add("x", "", 0);
    zip archive = open_made(0);
    zip_entry entry;
    uint32_t count = 0;
    while (zip_next(&archive, &entry))
        count++;
    assert_int_equal(count, ZIP_ENTRIES_MAX);
}

static void entries_upon_each_other_are_refused(void **state) {
    (void)state;
    add("a", "kernel", 8);
    const zip_member again = {.name = STELLA_SV("b"), .content = STELLA_SV("kernel"), .method = 8};
    zip_make_record(&made, &again, 8, 0);
    refuse_open(zip_make_end(&made, 0), STELLA_E_FORMAT, "upon each other");
}

static void an_entry_that_holds_the_next_one_is_refused(void **state) {
    (void)state;
    const zip_member outer = {.name = STELLA_SV("a"), .content = STELLA_SV("x")};
    zip_make_record(&made, &outer, 60, 0);
    add("b", "kernel", 0);
    add("c", "a content of some more bytes than the first entry claims to have", 0);
    refuse_open(zip_make_end(&made, 0), STELLA_E_FORMAT, "upon each other");
}

static void an_entry_beyond_the_end_is_refused(void **state) {
    (void)state;
    const zip_member member = {.name = STELLA_SV("far")};
    zip_make_record(&made, &member, 0, 1u << 30);
    refuse_open(zip_make_end(&made, 0), STELLA_E_FORMAT, "beyond the entries' end");
    assert_string_equal(err.path, "far");
}

static void an_extra_field_that_reaches_into_the_next_entry_is_refused(void **state) {
    (void)state;
    add("a", "x", 0);
    add("b", "second", 0);
    made.bytes.ptr[28] = 30; /* length of the first entry's extra field */
    zip archive = open_made(0);
    refuse_read(&archive, "a", 4096, STELLA_E_FORMAT, "runs into the next one");
    must_read(&archive, "b", "second");
}

static void headers_that_contradict_the_directory_are_refused(void **state) {
    (void)state;
    const stella_sv x = STELLA_SV("xxx");
    zip_make_add(&made, (zip_member){.name = STELLA_SV("name"), .content = x, .local_name = STELLA_SV("eman")});
    zip_make_add(&made, (zip_member){.name = STELLA_SV("size"), .content = x, .size_change = 1});
    add("sound", "stands", 8);
    zip archive = open_made(0);
    refuse_read(&archive, "name", 4096, STELLA_E_FORMAT, "contradicts");
    refuse_read(&archive, "size", 4096, STELLA_E_FORMAT, "contradicts");
    must_read(&archive, "sound", "stands");
}

static void wrong_checksums_are_refused(void **state) {
    (void)state;
    zip_make_add(&made, (zip_member){.name = STELLA_SV("stored"), .content = STELLA_SV("x"), .crc_change = 1});
    zip_make_add(&made,
                 (zip_member){.name = STELLA_SV("deflated"), .content = STELLA_SV("x"), .crc_change = 1, .method = 8});
    zip archive = open_made(0);
    refuse_read(&archive, "stored", 4096, STELLA_E_FORMAT, "checksum");
    refuse_read(&archive, "deflated", 4096, STELLA_E_FORMAT, "checksum");
}

static void wrong_sizes_are_refused(void **state) {
    (void)state;
    const stella_sv text = STELLA_SV("some text that is a few bytes long");
    zip_make_add(&made, (zip_member){.name = STELLA_SV("less"), .content = text, .method = 8, .claimed_size = 5});
    zip_make_add(&made, (zip_member){.name = STELLA_SV("more"), .content = text, .method = 8, .claimed_size = 500});
    zip_make_add(&made, (zip_member){.name = STELLA_SV("stored"), .content = text, .claimed_size = 500});
    zip archive = open_made(0);
    refuse_read(&archive, "less", 4096, STELLA_E_FORMAT, "another size");
    refuse_read(&archive, "more", 4096, STELLA_E_FORMAT, "another size");
    refuse_read(&archive, "stored", 4096, STELLA_E_FORMAT, "two sizes");
}

static void a_size_that_no_deflate_makes_takes_no_memory(void **state) {
    (void)state;
    zip_make_add(&made, (zip_member){.name = STELLA_SV("bomb"),
                                     .content = STELLA_SV("small"),
                                     .method = 8,
                                     .claimed_size = (uint32_t)(ROOM - 1)});
    zip archive = open_made(0);
    const uint64_t before = stella_arena_used(arena);
    refuse_read(&archive, "bomb", UINT64_MAX, STELLA_E_FORMAT, "more bytes than deflate can make");
    assert_int_equal(stella_arena_used(arena), before);
    assert_int_equal(room, ROOM);
}

static void an_entry_above_its_limit_is_refused(void **state) {
    (void)state;
    add("stored", "six by", 0);
    add("deflated", "six by", 8);
    zip archive = open_made(0);
    refuse_read(&archive, "stored", 5, STELLA_E_LIMIT, "larger than its limit");
    refuse_read(&archive, "deflated", 5, STELLA_E_LIMIT, "larger than its limit");
}

static void all_that_is_inflated_comes_out_of_one_purse(void **state) {
    (void)state;
    static char zeros[600 << 10];
    zip_make_add(&made, (zip_member){.name = STELLA_SV("a"), .content = {zeros, sizeof zeros}, .method = 8});
    zip_make_add(&made, (zip_member){.name = STELLA_SV("b"), .content = {zeros, sizeof zeros}, .method = 8});
    add("c", "stored, which costs nothing", 0);
    zip archive = open_made(0);
    const zip_entry first = entry_of(&archive, "a");
    stella_sv content;
    assert_int_equal(zip_read(&archive, &first, arena, UINT64_MAX, &content, &err), STELLA_OK);
    assert_int_equal(room, ROOM - sizeof zeros);
    refuse_read(&archive, "b", UINT64_MAX, STELLA_E_LIMIT, "more than the limit");
    must_read(&archive, "c", "stored, which costs nothing");
}

static void encrypted_entries_and_other_methods_are_named(void **state) {
    (void)state;
    zip_make_add(&made, (zip_member){.name = STELLA_SV("secret"), .content = STELLA_SV("x"), .flags = 1});
    zip_make_add(&made, (zip_member){.name = STELLA_SV("lzma"), .content = STELLA_SV("x"), .method = 14});
    zip archive = open_made(0);
    assert_true(entry_of(&archive, "secret").is_encrypted);
    refuse_read(&archive, "secret", 4096, STELLA_E_UNSUPPORTED, "encrypted");
    refuse_read(&archive, "lzma", 4096, STELLA_E_UNSUPPORTED, "method 14");
}

static void damaged_data_is_refused(void **state) {
    (void)state;
    zip_make_add(&made, (zip_member){.name = STELLA_SV("a"), .content = STELLA_SV("xxxxxxxxxxxx"), .method = 8});
    made.bytes.ptr[31] = 7; /* a last block of a kind that there is not */
    zip archive = open_made(0);
    refuse_read(&archive, "a", 4096, STELLA_E_FORMAT, "damaged");
}

static void memory_that_is_short_is_told(void **state) {
    (void)state;
    static char zeros[64 << 10];
    STELLA_AUTO(stella_arena_destroyp) stella_arena *small = stella_arena_create(4096);
    zip_make_add(&made, (zip_member){.name = STELLA_SV("a"), .content = {zeros, sizeof zeros}, .method = 8});
    for (uint32_t i = 0; i < 20; i++)
        add("b", "", 0);
    zip archive = open_made(0);
    const zip_entry entry = entry_of(&archive, "a");
    stella_sv content;
    assert_int_equal(zip_read(&archive, &entry, small, UINT64_MAX, &content, &err), STELLA_E_NOMEM);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *none = stella_arena_create(16);
    zip other;
    assert_int_equal(zip_open(archive.bytes, none, &room, &other, &err), STELLA_E_NOMEM);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(what_is_no_archive_is_refused),
        CASE(every_cut_of_an_archive_is_refused),
        CASE(every_changed_byte_is_survived),
        CASE(an_end_record_of_no_entries_in_the_comment_hides_nothing),
        CASE(one_volume_of_several_is_refused),
        CASE(a_wrong_number_of_entries_is_refused),
        CASE(more_entries_than_the_limit_are_refused),
        CASE(a_million_entries_are_read),
        CASE(entries_upon_each_other_are_refused),
        CASE(an_entry_that_holds_the_next_one_is_refused),
        CASE(an_entry_beyond_the_end_is_refused),
        CASE(an_extra_field_that_reaches_into_the_next_entry_is_refused),
        CASE(headers_that_contradict_the_directory_are_refused),
        CASE(wrong_checksums_are_refused),
        CASE(wrong_sizes_are_refused),
        CASE(a_size_that_no_deflate_makes_takes_no_memory),
        CASE(an_entry_above_its_limit_is_refused),
        CASE(all_that_is_inflated_comes_out_of_one_purse),
        CASE(encrypted_entries_and_other_methods_are_named),
        CASE(damaged_data_is_refused),
        CASE(memory_that_is_short_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
