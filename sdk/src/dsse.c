#include <stella/dsse.h>

#include <stella/digest.h>
#include <stella/encoding.h>
#include <stella/json.h>

#include <sodium.h>
#include <stdio.h>

static stella_status fail_member(stella_error *err, const char *path, const char *what) {
    return stella_error_set(err, STELLA_E_FORMAT, path, "%s", what);
}

/* Decodes a base64 member, and says which one when it cannot. */
static stella_status read_base64(const stella_json *value, const char *path, stella_arena *arena, stella_sv *out,
                                 stella_error *err) {
    if (!stella_json_is(value, STELLA_JSON_STRING))
        return fail_member(err, path, "this member is missing or no string");
    stella_error why = {0};
    const stella_status status = stella_unbase64(value->text, arena, out, &why);
    return status == STELLA_OK ? STELLA_OK : stella_error_set(err, status, path, "%s", why.message);
}

static stella_status read_signature(const stella_json *value, uint32_t index, stella_arena *arena,
                                    stella_dsse_signature *out, stella_error *err) {
    char path[40];
    snprintf(path, sizeof path, "/signatures/%u/sig", index);
    const stella_json *keyid = stella_json_get(value, "keyid");
    if (keyid && !stella_json_is(keyid, STELLA_JSON_STRING)) {
        snprintf(path, sizeof path, "/signatures/%u/keyid", index);
        return fail_member(err, path, "the keyid is no string");
    }
    out->keyid = stella_json_str(keyid);
    return read_base64(stella_json_get(value, "sig"), path, arena, &out->sig, err);
}

static stella_status read_signatures(const stella_json *list, stella_arena *arena, stella_dsse *out,
                                     stella_error *err) {
    if (!stella_json_is(list, STELLA_JSON_ARRAY) || list->count == 0)
        return fail_member(err, "/signatures", "an envelope has at least one signature");
    if (list->count > STELLA_DSSE_SIGNATURES_MAX)
        return stella_error_set(err, STELLA_E_FORMAT, "/signatures", "%u signatures, at most %d are read", list->count,
                                STELLA_DSSE_SIGNATURES_MAX);
    for (uint32_t i = 0; i < list->count; i++) {
        const stella_status status = read_signature(&list->items[i], i, arena, &out->signatures[i], err);
        if (status != STELLA_OK)
            return status;
    }
    out->signature_count = list->count;
    return STELLA_OK;
}

stella_status stella_dsse_parse(stella_sv envelope, stella_arena *arena, stella_dsse *out, stella_error *err) {
    /* The parts must live in the arena, and texts of a tree may borrow from the document. */
    const stella_sv document = stella_arena_dup(arena, envelope);
    if (!document.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no room for an envelope of %zu bytes", envelope.len);
    const stella_json *root;
    stella_status status = stella_json_parse(document, arena, &root, err);
    if (status != STELLA_OK)
        return status;
    stella_dsse read = {.payload_type = stella_json_str(stella_json_get(root, "payloadType"))};
    if (read.payload_type.len == 0)
        return fail_member(err, "/payloadType", "the payload type is missing, empty or no string");
    status = read_base64(stella_json_get(root, "payload"), "/payload", arena, &read.payload, err);
    if (status == STELLA_OK)
        status = read_signatures(stella_json_get(root, "signatures"), arena, &read, err);
    if (status == STELLA_OK)
        *out = read;
    return status;
}

stella_sv stella_dsse_pae(stella_sv payload_type, stella_sv payload, stella_arena *arena) {
    char head[32], middle[32];
    const int head_size = snprintf(head, sizeof head, "DSSEv1 %zu ", payload_type.len);
    const int middle_size = snprintf(middle, sizeof middle, " %zu ", payload.len);
    const stella_sv parts[] = {stella_sv_of(head, (size_t)head_size), payload_type,
                               stella_sv_of(middle, (size_t)middle_size), payload};
    char *bytes = stella_arena_alloc(arena, 1, parts[0].len + parts[1].len + parts[2].len + parts[3].len);
    size_t used = 0;
    for (size_t i = 0; bytes && i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].len)
            memcpy(bytes + used, parts[i].ptr, parts[i].len);
        used += parts[i].len;
    }
    return stella_sv_of(bytes, used);
}

void stella_ed25519_keyid(const unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE], char *text) {
    stella_digest_of(stella_sv_of((const char *)public_key, STELLA_ED25519_PUBLIC_SIZE), text);
}

void stella_ed25519_generate(unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE],
                             unsigned char secret_key[STELLA_ED25519_SECRET_SIZE]) {
    crypto_sign_ed25519_keypair(public_key, secret_key);
}

static stella_status write_envelope(stella_sv payload_type, stella_sv payload64, const char *keyid, stella_sv sig64,
                                    const stella_sink *sink, stella_error *err) {
    stella_json_writer w;
    stella_json_writer_init(&w, sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "payload", payload64);
    stella_json_member_str(&w, "payloadType", payload_type);
    stella_json_member_array(&w, "signatures");
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "keyid", stella_sv_cstr(keyid));
    stella_json_member_str(&w, "sig", sig64);
    stella_json_end_object(&w);
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

stella_status stella_dsse_sign(stella_sv payload_type, stella_sv payload,
                               const unsigned char secret_key[STELLA_ED25519_SECRET_SIZE], const stella_sink *sink,
                               stella_arena *arena, stella_error *err) {
    const stella_sv pae = stella_dsse_pae(payload_type, payload, arena);
    const stella_sv payload64 = pae.ptr ? stella_base64(payload, arena) : pae;
    unsigned char signature[STELLA_ED25519_SIGNATURE_SIZE], public_key[STELLA_ED25519_PUBLIC_SIZE];
    if (pae.ptr)
        crypto_sign_ed25519_detached(signature, NULL, (const unsigned char *)pae.ptr, pae.len, secret_key);
    const stella_sv sig64 = stella_base64(stella_sv_of((const char *)signature, sizeof signature), arena);
    if (!pae.ptr || !payload64.ptr || !sig64.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no room to sign %zu bytes", payload.len);
    char keyid[STELLA_DIGEST_TEXT_SIZE];
    crypto_sign_ed25519_sk_to_pk(public_key, secret_key);
    stella_ed25519_keyid(public_key, keyid);
    return write_envelope(payload_type, payload64, keyid, sig64, sink, err);
}

stella_status stella_dsse_verify(const stella_dsse *envelope,
                                 const unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE], stella_arena *arena,
                                 stella_error *err) {
    const stella_sv pae = stella_dsse_pae(envelope->payload_type, envelope->payload, arena);
    if (!pae.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no room to verify %zu bytes", envelope->payload.len);
    char keyid[STELLA_DIGEST_TEXT_SIZE];
    stella_ed25519_keyid(public_key, keyid);
    for (uint32_t i = 0; i < envelope->signature_count; i++) {
        const stella_dsse_signature *s = &envelope->signatures[i];
        if (s->sig.len != STELLA_ED25519_SIGNATURE_SIZE ||
            (s->keyid.len && !stella_sv_eq(s->keyid, stella_sv_cstr(keyid))))
            continue;
        if (crypto_sign_ed25519_verify_detached((const unsigned char *)s->sig.ptr, (const unsigned char *)pae.ptr,
                                                pae.len, public_key) == 0)
            return STELLA_OK;
    }
    return stella_error_set(err, STELLA_E_DENIED, "/signatures", "none of %u signatures is by key %s",
                            envelope->signature_count, keyid);
}
