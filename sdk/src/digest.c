#include <stella/digest.h>

#include <stella/auto.h>
#include <stella/encoding.h>

#include <errno.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#define PREFIX     "sha256:"
#define READ_BYTES ((size_t)128 << 10)

struct stella_sha256 {
    EVP_MD_CTX *context;
};

/* A hash that silently failed would be taken for the digest of something: better no process than that. It cannot
 * happen to a context that was set up once. */
static void must(int ok) {
    if (ok != 1)
        abort();
}

/* Looked up once: OpenSSL would do it for every hash, which of a file of a few kilobytes is a fifth. Kept for as long as
 * the process. */
static const EVP_MD *algorithm;
static pthread_once_t algorithm_once = PTHREAD_ONCE_INIT;

static void fetch(void) {
    algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!algorithm) /* out of memory: each hash tries for itself */
        algorithm = EVP_sha256();
}

static const EVP_MD *sha256(void) {
    pthread_once(&algorithm_once, fetch);
    return algorithm;
}

stella_sha256 *stella_sha256_create(void) {
    STELLA_AUTO(stella_sha256_destroyp) stella_sha256 *hash = calloc(1, sizeof *hash);
    if (!hash)
        return NULL;
    hash->context = EVP_MD_CTX_new();
    if (!hash->context || EVP_DigestInit_ex(hash->context, sha256(), NULL) != 1)
        return NULL;
    return STELLA_TAKE(hash);
}

void stella_sha256_destroy(stella_sha256 *hash) {
    if (!hash)
        return;
    EVP_MD_CTX_free(hash->context);
    free(hash);
}

void stella_sha256_destroyp(stella_sha256 **hash) {
    stella_sha256_destroy(*hash);
    *hash = NULL;
}

void stella_sha256_update(stella_sha256 *hash, const void *bytes, size_t size) {
    must(EVP_DigestUpdate(hash->context, bytes, size));
}

void stella_sha256_final(stella_sha256 *hash, unsigned char out[STELLA_SHA256_SIZE]) {
    must(EVP_DigestFinal_ex(hash->context, out, NULL));
    must(EVP_DigestInit_ex(hash->context, NULL, NULL));
}

void stella_sha256_of(stella_sv bytes, unsigned char out[STELLA_SHA256_SIZE]) {
    /* OpenSSL is faster but may be short of memory; libsodium's needs none. */
    if (EVP_Digest(bytes.ptr, bytes.len, out, NULL, sha256(), NULL) != 1)
        crypto_hash_sha256(out, (const unsigned char *)bytes.ptr, bytes.len);
}

void stella_digest_text(const unsigned char sha256[STELLA_SHA256_SIZE], char text[STELLA_DIGEST_TEXT_SIZE]) {
    memcpy(text, PREFIX, sizeof PREFIX - 1);
    stella_hex(sha256, STELLA_SHA256_SIZE, text + sizeof PREFIX - 1);
}

void stella_digest_of(stella_sv bytes, char text[STELLA_DIGEST_TEXT_SIZE]) {
    unsigned char sha256[STELLA_SHA256_SIZE];
    stella_sha256_of(bytes, sha256);
    stella_digest_text(sha256, text);
}

stella_status stella_digest_of_fd(int fd, char text[STELLA_DIGEST_TEXT_SIZE], stella_error *err) {
    STELLA_AUTO(stella_sha256_destroyp) stella_sha256 *hash = stella_sha256_create();
    STELLA_AUTO(stella_freep) char *piece = malloc(READ_BYTES);
    if (!hash || !piece)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a digest");
    for (off_t offset = 0;;) {
        const ssize_t got = pread(fd, piece, READ_BYTES, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "read: %s", strerror(errno));
        if (got == 0)
            break;
        stella_sha256_update(hash, piece, (size_t)got);
        offset += got;
    }
    unsigned char sha256[STELLA_SHA256_SIZE];
    stella_sha256_final(hash, sha256);
    stella_digest_text(sha256, text);
    return STELLA_OK;
}

int stella_digest_is_valid(stella_sv text) {
    if (text.len != STELLA_DIGEST_TEXT_SIZE - 1 || !stella_sv_starts(text, STELLA_SV(PREFIX)))
        return 0;
    for (size_t i = sizeof PREFIX - 1; i < text.len; i++)
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f')))
            return 0;
    return 1;
}
