/* Archives that other programs wrote, against what python's zipfile reads from them. */
#include "data.h"
#include "scratch_root.h"

#include "common/zip/zip.h"

#include <stella/auto.h>
#include <stella/encoding.h>
#include <stella/sink.h>

#include <openssl/sha.h>

static scratch_root made;

static int make_archives(void **state) {
    char command[512];
    (void)state;
    made = scratch_root_create();
    snprintf(command, sizeof command, "python3 '%s/tests/unit/analyzers_zip/make_archives.py' %s", STELLA_SOURCE_DIR,
             made.path);
    return system(command);
}

static int remove_archives(void **state) {
    (void)state;
    scratch_root_destroy(&made);
    return 0;
}

static void add_hex(stella_buf *out, stella_sv bytes) {
    STELLA_AUTO(stella_freep) char *hex = malloc(2 * bytes.len + 1);
    assert_non_null(hex);
    stella_hex(bytes.ptr, bytes.len, hex);
    assert_int_equal(stella_buf_add(out, stella_sv_cstr(hex)), STELLA_OK);
}

static void add_digest(stella_buf *out, stella_sv content) {
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1((const unsigned char *)content.ptr, content.len, digest);
    add_hex(out, stella_sv_of((const char *)digest, sizeof digest));
}

static void add_entry(stella_buf *out, const zip *archive, const zip_entry *entry, stella_arena *arena) {
    stella_sv content;
    stella_error err = {0};
    add_hex(out, entry->name);
    assert_int_equal(
        stella_buf_printf(out, " %u %llu %08x ", entry->method, (unsigned long long)entry->size, entry->crc),
        STELLA_OK);
    const stella_status status = zip_read(archive, entry, arena, UINT64_MAX, &content, &err);
    if (entry->is_encrypted) {
        assert_int_equal(status, STELLA_E_UNSUPPORTED);
        assert_int_equal(stella_buf_add(out, STELLA_SV("-")), STELLA_OK);
    } else if (status == STELLA_OK)
        add_digest(out, content);
    else
        fail_msg("%s: %s", err.path, err.message);
    assert_int_equal(stella_buf_add(out, STELLA_SV("\n")), STELLA_OK);
}

static void check_case(const char *name) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of((size_t)64 << 20);
    const stella_sv bytes = data_read(stella_arena_printf(arena, "%s/%s.zip", made.path, name).ptr, arena);
    const stella_sv expected = data_read(stella_arena_printf(arena, "%s/%s.expected", made.path, name).ptr, arena);
    uint64_t room = (uint64_t)1 << 30;
    zip archive;
    zip_entry entry;
    stella_error err = {0};
    assert_true(bytes.ptr && expected.ptr);
    if (zip_open(bytes, arena, &room, &archive, &err) != STELLA_OK)
        fail_msg("%s: %s", name, err.message);
    while (zip_next(&archive, &entry))
        add_entry(&got, &archive, &entry, arena);
    if (!stella_sv_eq(stella_buf_sv(&got), expected))
        fail_msg("%s: not what zipfile reads", name);
}

static void reads_what_zipfile_writes(void **state) {
    (void)state;
    check_case("none");
    check_case("empty");
    check_case("deflated");
    check_case("stored");
    check_case("reversed");
}

static void reads_64_bit_sizes_and_directories(void **state) {
    (void)state;
    check_case("member64");
    check_case("directory64");
    check_case("many");
}

static void finds_an_archive_between_other_bytes(void **state) {
    (void)state;
    check_case("script");
    check_case("prefix");
    check_case("prefix64");
    check_case("trailer");
}

static void finds_the_end_record_before_a_comment_that_holds_its_signature(void **state) {
    (void)state;
    check_case("comment");
}

static void reads_what_info_zip_writes(void **state) {
    (void)state;
    check_case("info");
    check_case("info-stored");
    check_case("info-streamed");
}

static void lists_encrypted_entries_without_reading_them(void **state) {
    (void)state;
    check_case("info-encrypted");
}

static void reads_entries_that_lie_in_another_order(void **state) {
    (void)state;
    check_case("shuffled");
}

static void reads_more_entries_than_16_bits_count(void **state) {
    (void)state;
    check_case("wrapped");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_zipfile_writes),
        cmocka_unit_test(reads_64_bit_sizes_and_directories),
        cmocka_unit_test(finds_an_archive_between_other_bytes),
        cmocka_unit_test(finds_the_end_record_before_a_comment_that_holds_its_signature),
        cmocka_unit_test(reads_what_info_zip_writes),
        cmocka_unit_test(lists_encrypted_entries_without_reading_them),
        cmocka_unit_test(reads_entries_that_lie_in_another_order),
        cmocka_unit_test(reads_more_entries_than_16_bits_count),
    };
    return cmocka_run_group_tests(tests, make_archives, remove_archives);
}
