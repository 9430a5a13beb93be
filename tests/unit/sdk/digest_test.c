#include "check.h"

#include <stella/auto.h>
#include <stella/digest.h>

#include <stdio.h>
#include <unistd.h>

/* FIPS 180-4, examples of NIST */
#define EMPTY "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC   "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define LONG  "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
#define AAAAA "sha256:cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void gives_the_digests_of_fips_180_4(void **state) {
    (void)state;
    char text[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(STELLA_SV(""), text);
    assert_string_equal(text, EMPTY);
    stella_digest_of(stella_sv_of(NULL, 0), text);
    assert_string_equal(text, EMPTY);
    stella_digest_of(STELLA_SV("abc"), text);
    assert_string_equal(text, ABC);
    stella_digest_of(STELLA_SV("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), text);
    assert_string_equal(text, LONG);
}

static void hashes_piece_by_piece_and_again(void **state) {
    (void)state;
    STELLA_AUTO(stella_sha256_destroyp) stella_sha256 *hash = stella_sha256_create();
    assert_non_null(hash);
    for (int round = 0; round < 2; round++) {
        unsigned char out[STELLA_SHA256_SIZE];
        char text[STELLA_DIGEST_TEXT_SIZE], piece[1000];
        memset(piece, 'a', sizeof piece);
        for (int i = 0; i < 1000; i++)
            stella_sha256_update(hash, piece, sizeof piece);
        stella_sha256_final(hash, out);
        stella_digest_text(out, text);
        assert_string_equal(text, AAAAA);
    }
    stella_sha256_destroy(NULL);
}

static void hashes_a_descriptor_from_its_start_and_leaves_its_position(void **state) {
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    for (int i = 0; i < 1000000; i++)
        fputc('a', file);
    fflush(file);
    const int fd = fileno(file);
    assert_int_equal(lseek(fd, 77, SEEK_SET), 77);
    char text[STELLA_DIGEST_TEXT_SIZE];
    assert_int_equal(stella_digest_of_fd(fd, text, NULL), STELLA_OK);
    assert_string_equal(text, AAAAA);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 77);
    fclose(file);
}

static void says_why_a_descriptor_cannot_be_read(void **state) {
    (void)state;
    char text[STELLA_DIGEST_TEXT_SIZE] = "untouched";
    stella_error err = {0};
    assert_int_equal(stella_digest_of_fd(-1, text, &err), STELLA_E_IO);
    assert_string_equal(text, "untouched");
    assert_string_equal(err.message, "read: Bad file descriptor");
}

static void knows_a_digest_when_it_sees_one(void **state) {
    (void)state;
    assert_true(stella_digest_is_valid(STELLA_SV(ABC)));
    assert_false(stella_digest_is_valid(STELLA_SV("")));
    assert_false(stella_digest_is_valid(STELLA_SV(ABC "0")));
    assert_false(stella_digest_is_valid(stella_sv_first(STELLA_SV(ABC), sizeof ABC - 2)));
    assert_false(
        stella_digest_is_valid(STELLA_SV("sha256:BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")));
    assert_false(
        stella_digest_is_valid(STELLA_SV("sha256:../../../../etc/passwd/de5dae2223b00361a396177a9cb410ff61f20015a")));
    assert_false(
        stella_digest_is_valid(STELLA_SV("sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")));
}

int main(void) {
    const struct CMUnitTest digest[] = {
        cmocka_unit_test(gives_the_digests_of_fips_180_4),
        cmocka_unit_test(hashes_piece_by_piece_and_again),
        cmocka_unit_test(hashes_a_descriptor_from_its_start_and_leaves_its_position),
        cmocka_unit_test(says_why_a_descriptor_cannot_be_read),
        cmocka_unit_test(knows_a_digest_when_it_sees_one),
    };
    return cmocka_run_group_tests(digest, NULL, NULL);
}
