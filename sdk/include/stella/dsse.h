/* stella/dsse.h - signed envelopes (DSSE, https://github.com/secure-systems-lab/dsse) with Ed25519 (RFC 8032,
 * libsodium). */
#ifndef STELLA_DSSE_H
#define STELLA_DSSE_H

#include <stella/arena.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

#define STELLA_ED25519_PUBLIC_SIZE    32
#define STELLA_ED25519_SECRET_SIZE    64
#define STELLA_ED25519_SIGNATURE_SIZE 64
#define STELLA_DSSE_SIGNATURES_MAX    16

typedef struct stella_dsse_signature {
    stella_sv keyid;
    stella_sv sig; /* decoded */
} stella_dsse_signature;

typedef struct stella_dsse {
    stella_sv payload_type;
    stella_sv payload; /* decoded */
    uint32_t signature_count;
    stella_dsse_signature signatures[STELLA_DSSE_SIGNATURES_MAX];
} stella_dsse;

/* Reads an envelope. Parts live in the arena. STELLA_E_FORMAT names the member. */
stella_status stella_dsse_parse(stella_sv envelope, stella_arena *arena, stella_dsse *out, stella_error *err);

/* The bytes that are signed (pre-authentication encoding), in the arena. */
stella_sv stella_dsse_pae(stella_sv payload_type, stella_sv payload, stella_arena *arena);

/* "sha256:<hex>" of the public key: how keys are named everywhere. text has STELLA_DIGEST_TEXT_SIZE bytes. */
void stella_ed25519_keyid(const unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE], char *text);

void stella_ed25519_generate(unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE],
                             unsigned char secret_key[STELLA_ED25519_SECRET_SIZE]);

/* Writes an envelope with one signature to the sink. */
stella_status stella_dsse_sign(stella_sv payload_type, stella_sv payload,
                               const unsigned char secret_key[STELLA_ED25519_SECRET_SIZE], const stella_sink *sink,
                               stella_arena *arena, stella_error *err);

/* Whether some signature of the envelope is by that key over its payload: STELLA_OK or STELLA_E_DENIED. A keyid, when
 * given, must match. */
stella_status stella_dsse_verify(const stella_dsse *envelope,
                                 const unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE], stella_arena *arena,
                                 stella_error *err);

STELLA_END_DECLS

#endif
