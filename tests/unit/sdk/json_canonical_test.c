#include "check.h"

#include "data.h"

#include <stella/json.h>

#include <stdio.h>

typedef struct page {
    stella_arena *arena;
    stella_buf buf;
} page;

static int with_page(void **state) {
    page *p = calloc(1, sizeof *p);
    if (!p)
        return -1;
    p->arena = stella_arena_create(16u << 20);
    p->buf = stella_buf_of(1u << 20);
    *state = p;
    return p->arena ? 0 : -1;
}

static int without_page(void **state) {
    page *p = *state;
    stella_arena_destroy(p->arena);
    stella_buf_fini(&p->buf);
    free(p);
    return 0;
}

static stella_status canonical(page *p, stella_sv document, stella_error *err) {
    const stella_json *root = NULL;
    const stella_sink sink = stella_buf_sink(&p->buf);
    p->buf.len = 0;
    if (stella_json_parse(document, p->arena, &root, err) != STELLA_OK)
        fail_msg("%.*s is no JSON", STELLA_SV_FMT(document));
    return stella_json_canonical(root, &sink, err);
}

static void assert_canonical(page *p, stella_sv document, stella_sv expected) {
    stella_error err = {0};
    if (canonical(p, document, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    if (!stella_sv_eq(stella_buf_sv(&p->buf), expected))
        fail_msg("%.*s\n  gives %s\n  not   %.*s", STELLA_SV_FMT(document), p->buf.ptr, STELLA_SV_FMT(expected));
}

static void writes_the_numbers_of_rfc_8785_appendix_b(void **state) {
    static const struct {
        uint64_t bits;
        const char *text;
    } cases[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value;
        char document[64];
        memcpy(&value, &cases[i].bits, sizeof value);
        const int len = snprintf(document, sizeof document, "%.17g", value);
        assert_canonical(*state, stella_sv_of(document, (size_t)len), stella_sv_cstr(cases[i].text));
    }
}

static void writes_numbers_as_ecmascript_does(void **state) {
    static const struct {
        const char *document, *text;
    } cases[] = {{"-0", "0"},
                 {"-0.0e5", "0"},
                 {"1.0", "1"},
                 {"10e-1", "1"},
                 {"1E3", "1000"},
                 {"4.50", "4.5"},
                 {"2e-3", "0.002"},
                 {"1e-7", "1e-7"},
                 {"123e-9", "1.23e-7"},
                 {"0.000000000000000000000000001", "1e-27"},
                 {"333333333.33333329", "333333333.3333333"},
                 {"1E30", "1e+30"},
                 {"123456789012345678901234567890", "1.2345678901234568e+29"},
                 {"9007199254740993", "9007199254740992"},
                 {"-9223372036854775808", "-9223372036854776000"},
                 {"5.684341886080801486968994140625e-14", "5.684341886080802e-14"}, /* 2^-44 */
                 {"-1.5", "-1.5"},
                 {"1e-400", "0"},
                 {"0.1", "0.1"},
                 {"100000000000000000000", "100000000000000000000"},
                 {"1000000000000000000000", "1e+21"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_canonical(*state, stella_sv_cstr(cases[i].document), stella_sv_cstr(cases[i].text));
}

static void reads_back_every_number_it_writes(void **state) {
    page *p = *state;
    uint64_t bits = 0x9e3779b97f4a7c15u;
    for (unsigned i = 0; i < 3000; i++) {
        bits ^= bits << 13; /* xorshift: the same numbers in every run */
        bits ^= bits >> 7;
        bits ^= bits << 17;
        const uint64_t sample = i % 3 ? bits : bits & 0xfff0000000000000u; /* powers of two too */
        double value, back;
        memcpy(&value, &sample, sizeof value);
        if ((sample >> 52 & 0x7ff) == 0x7ff)
            continue;
        char document[64];
        const int len = snprintf(document, sizeof document, "%.17g", value);
        assert_int_equal(canonical(p, stella_sv_of(document, (size_t)len), NULL), STELLA_OK);
        back = strtod(p->buf.ptr, NULL);
        if (back != value)
            fail_msg("%s became %s", document, p->buf.ptr);
    }
}

static void refuses_numbers_that_exceed_a_double(void **state) {
    stella_error err = {0};
    assert_int_equal(canonical(*state, STELLA_SV("[1,{\"a\":1e309}]"), &err), STELLA_E_FORMAT);
    assert_int_equal(err.code, STELLA_E_FORMAT);
    assert_int_equal(canonical(*state, STELLA_SV("-1e999999999"), &err), STELLA_E_FORMAT);
}

static void reads_numbers_of_thousands_of_digits(void **state) {
    static char document[5000];
    memset(document, '0', sizeof document);
    document[1] = '.';
    document[sizeof document - 1] = '7';
    assert_canonical(*state, stella_sv_of(document, sizeof document), STELLA_SV("0"));
    memset(document + 2, '3', 4000);
    assert_canonical(*state, stella_sv_of(document, sizeof document), STELLA_SV("0.3333333333333333"));
}

static void sorts_members_by_utf16_code_units(void **state) {
    /* the example of RFC 8785, section 3.2.3 */
    assert_canonical(
        *state,
        STELLA_SV("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet "
                  "With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning "
                  "Face\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}"),
        STELLA_SV("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":"
                  "\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro "
                  "Sign\",\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter "
                  "Dalet With Dagesh\"}"));
    assert_canonical(*state, STELLA_SV("{\"aa\":1,\"\":2,\"a\":{\"c\":[],\"b\":{}}}"),
                     STELLA_SV("{\"\":2,\"a\":{\"b\":{},\"c\":[]},\"aa\":1}"));
}

static void escapes_only_what_must_be(void **state) {
    assert_canonical(*state,
                     STELLA_SV(" [ \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\" , \"\\u007f\" ] "),
                     STELLA_SV("[\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"\x7f\"]"));
}

static void reproduces_the_published_vectors(void **state) {
    page *p = *state;
    static const char *const names[] = {"arrays", "french", "structures"};
    if (!data_root()) {
        print_message("skipped: STELLA_TEST_DATA is not set\n");
        skip();
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char in[512], out[512];
        snprintf(in, sizeof in, "%s/signing/jcs/input/%s.json", data_root(), names[i]);
        snprintf(out, sizeof out, "%s/signing/jcs/output/%s.json", data_root(), names[i]);
        assert_canonical(p, data_read(in, p->arena), data_read(out, p->arena));
    }
}

static void passes_on_what_the_sink_says(void **state) {
    page *p = *state;
    stella_error err = {0};
    p->buf.max = 3;
    assert_int_equal(canonical(p, STELLA_SV("[1,2,3]"), &err), STELLA_E_LIMIT);
    assert_int_equal(err.code, STELLA_E_LIMIT);
}

int main(void) {
    const struct CMUnitTest json_canonical[] = {
        cmocka_unit_test_setup_teardown(writes_the_numbers_of_rfc_8785_appendix_b, with_page, without_page),
        cmocka_unit_test_setup_teardown(writes_numbers_as_ecmascript_does, with_page, without_page),
        cmocka_unit_test_setup_teardown(reads_back_every_number_it_writes, with_page, without_page),
        cmocka_unit_test_setup_teardown(refuses_numbers_that_exceed_a_double, with_page, without_page),
        cmocka_unit_test_setup_teardown(reads_numbers_of_thousands_of_digits, with_page, without_page),
        cmocka_unit_test_setup_teardown(sorts_members_by_utf16_code_units, with_page, without_page),
        cmocka_unit_test_setup_teardown(escapes_only_what_must_be, with_page, without_page),
        cmocka_unit_test_setup_teardown(reproduces_the_published_vectors, with_page, without_page),
        cmocka_unit_test_setup_teardown(passes_on_what_the_sink_says, with_page, without_page),
    };
    return cmocka_run_group_tests(json_canonical, NULL, NULL);
}
