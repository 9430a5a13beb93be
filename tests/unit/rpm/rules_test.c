/* The small rules: versions, licenses, signatures. */
#include "check.h"

#include "rpm/evr.h"
#include "rpm/license.h"
#include "rpm/signature.h"
#include "rpm/tags.h"

#include <stella/auto.h>
#include <stella/component.h>
#include <stella/encoding.h>

static void versions_are_ordered_as_rpm_orders_them(void **state) {
    (void)state;
    static const struct {
        stella_sv a, b;
        int order;
    } cases[] = {
        {STELLA_SV_INIT("1.0"), STELLA_SV_INIT("1.0"), 0},
        {STELLA_SV_INIT("1.0"), STELLA_SV_INIT("2.0"), -1},
        {STELLA_SV_INIT("2.0.1a"), STELLA_SV_INIT("2.0.1"), 1},
        {STELLA_SV_INIT("5.5p1"), STELLA_SV_INIT("5.5p10"), -1},
        {STELLA_SV_INIT("10xyz"), STELLA_SV_INIT("10.1xyz"), -1},
        {STELLA_SV_INIT("xyz10"), STELLA_SV_INIT("xyz10.1"), -1},
        {STELLA_SV_INIT("xyz.4"), STELLA_SV_INIT("8"), -1},
        {STELLA_SV_INIT("5.5p2"), STELLA_SV_INIT("5.6p1"), -1},
        {STELLA_SV_INIT("6.0.rc1"), STELLA_SV_INIT("6.0"), 1},
        {STELLA_SV_INIT("10b2"), STELLA_SV_INIT("10a1"), 1},
        {STELLA_SV_INIT("1.0010"), STELLA_SV_INIT("1.9"), 1},
        {STELLA_SV_INIT("1.05"), STELLA_SV_INIT("1.5"), 0},
        {STELLA_SV_INIT("4_0"), STELLA_SV_INIT("4.0"), 0},
        {STELLA_SV_INIT("1.0~rc1"), STELLA_SV_INIT("1.0"), -1},
        {STELLA_SV_INIT("1.0~rc1"), STELLA_SV_INIT("1.0~rc2"), -1},
        {STELLA_SV_INIT("1.0~rc1~git"), STELLA_SV_INIT("1.0~rc1"), -1},
        {STELLA_SV_INIT("1.0^"), STELLA_SV_INIT("1.0"), 1},
        {STELLA_SV_INIT("1.0^git1"), STELLA_SV_INIT("1.01"), -1},
        {STELLA_SV_INIT("1.0^git1~pre"), STELLA_SV_INIT("1.0^git1"), -1},
        {STELLA_SV_INIT("2a"), STELLA_SV_INIT("2.0"), -1},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        assert_int_equal(evr_compare_words(cases[i].a, cases[i].b), cases[i].order);
        assert_int_equal(evr_compare_words(cases[i].b, cases[i].a), -cases[i].order);
    }
}

static void a_release_counts_only_where_both_have_one_and_no_epoch_is_zero(void **state) {
    (void)state;
    assert_int_equal(evr_compare(STELLA_SV("1.0-5"), STELLA_SV("1.0")), 0);
    assert_int_equal(evr_compare(STELLA_SV("1.0-5"), STELLA_SV("1.0-6")), -1);
    assert_int_equal(evr_compare(STELLA_SV("0:1.0"), STELLA_SV("1.0")), 0);
    assert_true(evr_compare(STELLA_SV("1:0.1"), STELLA_SV("9.9")) > 0);
}

static void ranges_that_overlap_satisfy(void **state) {
    (void)state;
    assert_true(evr_satisfies(STELLA_SV("2"), SENSE_EQUAL, STELLA_SV("1"), SENSE_GREATER | SENSE_EQUAL));
    assert_false(evr_satisfies(STELLA_SV("2"), SENSE_EQUAL, STELLA_SV("1"), SENSE_LESS));
    assert_true(evr_satisfies(STELLA_SV("2"), SENSE_EQUAL, STELLA_SV("2"), SENSE_LESS | SENSE_EQUAL));
    assert_false(evr_satisfies(STELLA_SV("2"), SENSE_EQUAL, STELLA_SV("2"), SENSE_LESS));
    assert_true(evr_satisfies(STELLA_SV("2"), SENSE_GREATER, STELLA_SV("3"), SENSE_EQUAL));
    assert_true(evr_satisfies(STELLA_SV(""), 0, STELLA_SV("3"), SENSE_EQUAL));
}

static void license_tags_become_expressions_where_they_can(void **state) {
    (void)state;
    static const struct {
        stella_sv tag, text;
        uint32_t how;
    } cases[] = {
        {STELLA_SV_INIT("MIT"), STELLA_SV_INIT("MIT"), STELLA_LICENSE_EXPRESSION},
        {STELLA_SV_INIT("GPL-2.0-or-later AND MIT"), STELLA_SV_INIT("GPL-2.0-or-later AND MIT"),
         STELLA_LICENSE_EXPRESSION},
        {STELLA_SV_INIT("GPLv2+"), STELLA_SV_INIT("GPL-2.0-or-later"), STELLA_LICENSE_EXPRESSION},
        {STELLA_SV_INIT("ASL 2.0 and (zlib or GPLv3)"), STELLA_SV_INIT("Apache-2.0 AND (Zlib OR GPL-3.0-only)"),
         STELLA_LICENSE_EXPRESSION},
        {STELLA_SV_INIT("BSD and GPLv2"), STELLA_SV_INIT("LicenseRef-BSD AND GPL-2.0-only"), STELLA_LICENSE_EXPRESSION},
        {STELLA_SV_INIT("Public Domain"), STELLA_SV_INIT("Public Domain"), STELLA_LICENSE_NAME},
        {STELLA_SV_INIT("GPLv2+ and"), STELLA_SV_INIT("GPLv2+ and"), STELLA_LICENSE_NAME},
        {STELLA_SV_INIT("(GPLv2+"), STELLA_SV_INIT("(GPLv2+"), STELLA_LICENSE_NAME},
        {STELLA_SV_INIT("GPLv2+)"), STELLA_SV_INIT("GPLv2+)"), STELLA_LICENSE_NAME},
        {STELLA_SV_INIT("MIT (GPLv2+)"), STELLA_SV_INIT("MIT (GPLv2+)"), STELLA_LICENSE_NAME},
        {STELLA_SV_INIT("() and MIT"), STELLA_SV_INIT("() and MIT"), STELLA_LICENSE_NAME},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
        license got = {0};
        assert_int_equal(license_read(cases[i].tag, arena, &got), STELLA_OK);
        if (got.how != cases[i].how || !stella_sv_eq(got.text, cases[i].text))
            fail_msg("%s is \"%.*s\"", cases[i].tag.ptr, STELLA_SV_FMT(got.text));
    }
}

static void an_empty_license_tag_says_nothing(void **state) {
    (void)state;
    license got = {.how = 77};
    assert_int_equal(license_read(STELLA_SV(" "), NULL, &got), STELLA_E_NOTFOUND);
    assert_int_equal(got.how, 77);
}

/* The id that packets in hex name, or "". */
static const char *key_id(const char *packets_hex) {
    static char id[17];
    unsigned char packets[256], bytes[8];
    const size_t len = strlen(packets_hex) / 2;
    assert_true(stella_unhex(stella_sv_cstr(packets_hex), packets, len));
    if (!signature_key_id(stella_sv_of((const char *)packets, len), bytes))
        return "";
    stella_hex(bytes, sizeof bytes, id);
    return id;
}

static void the_issuer_of_a_signature_is_found_in_versions_3_and_4(void **state) {
    (void)state;
    /* old form, one byte of length, version 3 */
    assert_string_equal(key_id("8813"
                               "0305"
                               "00"
                               "5f000000"
                               "24c6a8a7f4a80eb5"
                               "0108"
                               "abcd"),
                        "24c6a8a7f4a80eb5");
    /* new form, version 4: creation time is hashed, the issuer is not */
    assert_string_equal(key_id("c218"
                               "04000108"
                               "0006"
                               "05025f000000"
                               "000a"
                               "0910"
                               "199e2f91fd431d51"),
                        "199e2f91fd431d51");
    /* a fingerprint alone */
    assert_string_equal(key_id("c21f"
                               "04000108"
                               "0017"
                               "162104"
                               "00112233445566778899aabb"
                               "ccddeeff00112233"
                               "0000"),
                        "ccddeeff00112233");
    /* another packet before it */
    assert_string_equal(key_id("b40161"
                               "8813"
                               "0305"
                               "00"
                               "5f000000"
                               "24c6a8a7f4a80eb5"
                               "0108"
                               "abcd"),
                        "24c6a8a7f4a80eb5");
}

static void signatures_that_are_cut_or_lie_name_nobody(void **state) {
    (void)state;
    static const char whole[] = "c21804000108000605025f000000000a0910199e2f91fd431d51";
    for (size_t len = 0; len + 2 < sizeof whole; len += 2) {
        char cut[sizeof whole];
        memcpy(cut, whole, len);
        cut[len] = '\0';
        assert_string_equal(key_id(cut), "");
    }
    assert_string_equal(key_id("c21804000108ffff05025f000000000a0910199e2f91fd431d51"), "");
    assert_string_equal(key_id("c20105"), "");
    assert_string_equal(key_id("7f00"), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_ordered_as_rpm_orders_them),
        cmocka_unit_test(a_release_counts_only_where_both_have_one_and_no_epoch_is_zero),
        cmocka_unit_test(ranges_that_overlap_satisfy),
        cmocka_unit_test(license_tags_become_expressions_where_they_can),
        cmocka_unit_test(an_empty_license_tag_says_nothing),
        cmocka_unit_test(the_issuer_of_a_signature_is_found_in_versions_3_and_4),
        cmocka_unit_test(signatures_that_are_cut_or_lie_name_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
