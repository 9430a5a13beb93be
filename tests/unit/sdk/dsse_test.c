#include "check.h"

#include "data.h"

#include <stella/digest.h>
#include <stella/dsse.h>
#include <stella/encoding.h>
#include <stella/json.h>

#include <stdio.h>

typedef struct bench {
    stella_arena *arena;
    stella_buf text; /* an envelope over "hello world" by key 0 */
    unsigned char public_key[2][STELLA_ED25519_PUBLIC_SIZE];
    unsigned char secret_key[2][STELLA_ED25519_SECRET_SIZE];
} bench;

static int with_envelope(void **state) {
    bench *b = calloc(1, sizeof *b);
    if (!b)
        return -1;
    b->arena = stella_arena_create(16u << 20);
    b->text = stella_buf_of(1u << 20);
    const stella_sink sink = stella_buf_sink(&b->text);
    for (int i = 0; i < 2; i++)
        stella_ed25519_generate(b->public_key[i], b->secret_key[i]);
    *state = b;
    return stella_dsse_sign(STELLA_SV("http://example.com/HelloWorld"), STELLA_SV("hello world"), b->secret_key[0],
                            &sink, b->arena, NULL);
}

static int without_envelope(void **state) {
    bench *b = *state;
    stella_arena_destroy(b->arena);
    stella_buf_fini(&b->text);
    free(b);
    return 0;
}

static stella_dsse parse(bench *b, stella_sv text) {
    stella_dsse envelope = {0};
    stella_error err = {0};
    if (stella_dsse_parse(text, b->arena, &envelope, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return envelope;
}

static void encodes_the_vector_of_the_protocol(void **state) {
    const bench *b = *state;
    const stella_sv pae =
        stella_dsse_pae(STELLA_SV("http://example.com/HelloWorld"), STELLA_SV("hello world"), b->arena);
    assert_true(stella_sv_eq(pae, STELLA_SV("DSSEv1 29 http://example.com/HelloWorld 11 hello world")));
    assert_true(stella_sv_eq(stella_dsse_pae(STELLA_SV(""), STELLA_SV(""), b->arena), STELLA_SV("DSSEv1 0  0 ")));
}

static void verifies_what_it_signed(void **state) {
    bench *b = *state;
    const stella_dsse envelope = parse(b, stella_buf_sv(&b->text));
    assert_true(stella_sv_eq(envelope.payload, STELLA_SV("hello world")));
    assert_true(stella_sv_eq(envelope.payload_type, STELLA_SV("http://example.com/HelloWorld")));
    assert_int_equal(envelope.signature_count, 1);
    char keyid[STELLA_DIGEST_TEXT_SIZE];
    stella_ed25519_keyid(b->public_key[0], keyid);
    assert_true(stella_sv_eq(envelope.signatures[0].keyid, stella_sv_cstr(keyid)));
    assert_int_equal(stella_dsse_verify(&envelope, b->public_key[0], b->arena, NULL), STELLA_OK);
}

static void denies_every_change(void **state) {
    bench *b = *state;
    stella_error err = {0};
    stella_dsse e = parse(b, stella_buf_sv(&b->text));
    assert_int_equal(stella_dsse_verify(&e, b->public_key[1], b->arena, &err), STELLA_E_DENIED);
    assert_string_equal(err.path, "/signatures");
    e.payload = STELLA_SV("hello World");
    assert_int_equal(stella_dsse_verify(&e, b->public_key[0], b->arena, NULL), STELLA_E_DENIED);
    e = parse(b, stella_buf_sv(&b->text));
    e.payload_type.len--;
    assert_int_equal(stella_dsse_verify(&e, b->public_key[0], b->arena, NULL), STELLA_E_DENIED);
    for (size_t i = 0; i < STELLA_ED25519_SIGNATURE_SIZE; i++) {
        char changed[STELLA_ED25519_SIGNATURE_SIZE];
        e = parse(b, stella_buf_sv(&b->text));
        memcpy(changed, e.signatures[0].sig.ptr, sizeof changed);
        changed[i] ^= 1;
        e.signatures[0].sig.ptr = changed;
        assert_int_equal(stella_dsse_verify(&e, b->public_key[0], b->arena, NULL), STELLA_E_DENIED);
    }
    e.signatures[0].sig.len--;
    assert_int_equal(stella_dsse_verify(&e, b->public_key[0], b->arena, NULL), STELLA_E_DENIED);
}

static void denies_a_signature_that_claims_another_key(void **state) {
    bench *b = *state;
    stella_dsse e = parse(b, stella_buf_sv(&b->text));
    e.signatures[0].keyid = STELLA_SV("sha256:other");
    assert_int_equal(stella_dsse_verify(&e, b->public_key[0], b->arena, NULL), STELLA_E_DENIED);
    e.signatures[0].keyid = STELLA_SV("");
    assert_int_equal(stella_dsse_verify(&e, b->public_key[0], b->arena, NULL), STELLA_OK);
}

static void finds_the_right_one_of_several_signatures(void **state) {
    bench *b = *state;
    stella_dsse e = parse(b, stella_buf_sv(&b->text));
    e.signatures[2] = e.signatures[0];
    e.signatures[0] = (stella_dsse_signature){.sig = STELLA_SV("short")};
    e.signatures[1] = (stella_dsse_signature){.keyid = STELLA_SV("x"), .sig = e.signatures[2].sig};
    e.signature_count = 3;
    assert_int_equal(stella_dsse_verify(&e, b->public_key[0], b->arena, NULL), STELLA_OK);
    e.signature_count = 2;
    assert_int_equal(stella_dsse_verify(&e, b->public_key[0], b->arena, NULL), STELLA_E_DENIED);
}

static void names_the_member_that_is_wrong(void **state) {
    static const char *const cases[][2] = {
        {"[]", "/payloadType"},
        {"{\"payload\":\"\",\"signatures\":[{\"sig\":\"\"}]}", "/payloadType"},
        {"{\"payloadType\":7,\"payload\":\"\",\"signatures\":[{\"sig\":\"\"}]}", "/payloadType"},
        {"{\"payloadType\":\"\",\"payload\":\"\",\"signatures\":[{\"sig\":\"\"}]}", "/payloadType"},
        {"{\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"\"}]}", "/payload"},
        {"{\"payloadType\":\"t\",\"payload\":\"=\",\"signatures\":[{\"sig\":\"\"}]}", "/payload"},
        {"{\"payloadType\":\"t\",\"payload\":\"\"}", "/signatures"},
        {"{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[]}", "/signatures"},
        {"{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":{}}", "/signatures"},
        {"{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{}]}", "/signatures/0/sig"},
        {"{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"sig\":\"\"},{\"sig\":1}]}", "/signatures/1/sig"},
        {"{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":[{\"sig\":\"\",\"keyid\":1}]}", "/signatures/0/keyid"},
        {"{\"payloadType\":\"t\",\"payloadType\":\"t\"}", "/payloadType"},
    };
    bench *b = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        stella_dsse e = {.signature_count = 77};
        stella_error err = {0};
        assert_int_equal(stella_dsse_parse(stella_sv_cstr(cases[i][0]), b->arena, &e, &err), STELLA_E_FORMAT);
        assert_string_equal(err.path, cases[i][1]);
        assert_int_equal(e.signature_count, 77);
    }
}

static void ignores_members_it_does_not_know(void **state) {
    const stella_dsse e = parse(*state, STELLA_SV("{\"x\":1,\"payloadType\":\"t\",\"payload\":\"-_8\","
                                                  "\"signatures\":[{\"sig\":\"AA\",\"y\":[]}]}"));
    assert_true(stella_sv_eq(e.payload, STELLA_SV("\xfb\xff")));
}

static void reads_at_most_sixteen_signatures(void **state) {
    bench *b = *state;
    for (unsigned count = STELLA_DSSE_SIGNATURES_MAX; count <= STELLA_DSSE_SIGNATURES_MAX + 1; count++) {
        stella_buf text = stella_buf_of(4096);
        stella_dsse e;
        stella_buf_add(&text, STELLA_SV("{\"payloadType\":\"t\",\"payload\":\"\",\"signatures\":["));
        for (unsigned i = 0; i < count; i++)
            stella_buf_printf(&text, "%s{\"sig\":\"\"}", i ? "," : "");
        stella_buf_add(&text, STELLA_SV("]}"));
        assert_int_equal(stella_dsse_parse(stella_buf_sv(&text), b->arena, &e, NULL),
                         count > STELLA_DSSE_SIGNATURES_MAX ? STELLA_E_FORMAT : STELLA_OK);
        stella_buf_fini(&text);
    }
}

static void says_when_the_arena_is_spent(void **state) {
    bench *b = *state;
    stella_arena *small = stella_arena_create(32);
    stella_dsse e = parse(b, stella_buf_sv(&b->text));
    stella_buf out = stella_buf_of(4096);
    const stella_sink sink = stella_buf_sink(&out);
    assert_int_equal(stella_dsse_parse(stella_buf_sv(&b->text), small, &e, NULL), STELLA_E_NOMEM);
    assert_int_equal(stella_dsse_verify(&e, b->public_key[0], small, NULL), STELLA_E_NOMEM);
    assert_int_equal(stella_dsse_sign(e.payload_type, e.payload, b->secret_key[0], &sink, small, NULL), STELLA_E_NOMEM);
    assert_int_equal(out.len, 0);
    stella_buf_fini(&out);
    stella_arena_destroy(small);
}

/* ---- published cases ------------------------------------------------------------------------------------------------
 */

static const stella_json *load(stella_arena *arena, const char *name) {
    char path[512];
    const stella_json *root = NULL;
    snprintf(path, sizeof path, "%s/signing/dsse/%s", data_root(), name);
    if (stella_json_parse(data_read(path, arena), arena, &root, NULL) != STELLA_OK)
        fail_msg("%s cannot be read", path);
    return root;
}

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static void encodes_the_published_cases(void **state) {
    const bench *b = *state;
    if (!data_root()) {
        print_message("skipped: STELLA_TEST_DATA is not set\n");
        skip();
    }
    const stella_json *cases = load(b->arena, "pae.json");
    assert_true(cases->count >= 3);
    for (uint32_t i = 0; i < cases->count; i++) {
        stella_sv payload;
        unsigned char sha256[STELLA_SHA256_SIZE];
        char hex[2 * STELLA_SHA256_SIZE + 1];
        assert_int_equal(stella_unbase64(text_of(&cases->items[i], "payload_b64"), b->arena, &payload, NULL),
                         STELLA_OK);
        stella_sha256_of(stella_dsse_pae(text_of(&cases->items[i], "payloadType"), payload, b->arena), sha256);
        stella_hex(sha256, sizeof sha256, hex);
        assert_true(stella_sv_eq(stella_sv_cstr(hex), text_of(&cases->items[i], "pae_sha256")));
    }
}

/* The 32 bytes of an Ed25519 key are the end of its SubjectPublicKeyInfo. */
static stella_sv ed25519_of(stella_arena *arena, const stella_json *keys, const char *name) {
    stella_sv spki;
    assert_int_equal(stella_unbase64(text_of(stella_json_get(keys, name), "spki_b64"), arena, &spki, NULL), STELLA_OK);
    assert_true(spki.len >= STELLA_ED25519_PUBLIC_SIZE);
    return stella_sv_skip(spki, spki.len - STELLA_ED25519_PUBLIC_SIZE);
}

static stella_sv envelope_of(stella_arena *arena, const stella_json *test) {
    const stella_json *envelope = stella_json_get(test, "envelope");
    if (stella_json_is(envelope, STELLA_JSON_STRING))
        return envelope->text;
    stella_buf text = stella_buf_of(1u << 20);
    const stella_sink sink = stella_buf_sink(&text);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_write_value(&w, envelope);
    assert_int_equal(stella_json_finish(&w, NULL), STELLA_OK);
    const stella_sv copy = stella_arena_dup(arena, stella_buf_sv(&text));
    stella_buf_fini(&text);
    return copy;
}

/* Of the published cases those that an Ed25519 key alone decides. */
static void accepts_the_published_cases_by_ed25519(void **state) {
    bench *b = *state;
    if (!data_root()) {
        print_message("skipped: STELLA_TEST_DATA is not set\n");
        skip();
    }
    static const char *const accepted[] = {"ed25519", "urlsafe-base64", "unknown-fields"};
    const stella_json *root = load(b->arena, "cases.json"), *cases = stella_json_get(root, "cases");
    const stella_sv key = ed25519_of(b->arena, stella_json_get(root, "keys"), "ed");
    unsigned met = 0;
    for (uint32_t i = 0; i < cases->count; i++) {
        const stella_json *test = &cases->items[i];
        for (size_t k = 0; k < sizeof accepted / sizeof accepted[0]; k++)
            if (stella_sv_eq(text_of(test, "id"), stella_sv_cstr(accepted[k]))) {
                const stella_dsse e = parse(b, envelope_of(b->arena, test));
                assert_int_equal(stella_dsse_verify(&e, (const unsigned char *)key.ptr, b->arena, NULL), STELLA_OK);
                met++;
            }
    }
    assert_int_equal(met, sizeof accepted / sizeof accepted[0]);
}

int main(void) {
    const struct CMUnitTest dsse[] = {
        cmocka_unit_test_setup_teardown(encodes_the_vector_of_the_protocol, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(verifies_what_it_signed, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(denies_every_change, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(denies_a_signature_that_claims_another_key, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(finds_the_right_one_of_several_signatures, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(names_the_member_that_is_wrong, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(ignores_members_it_does_not_know, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(reads_at_most_sixteen_signatures, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(says_when_the_arena_is_spent, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(encodes_the_published_cases, with_envelope, without_envelope),
        cmocka_unit_test_setup_teardown(accepts_the_published_cases_by_ed25519, with_envelope, without_envelope),
    };
    return cmocka_run_group_tests(dsse, NULL, NULL);
}
