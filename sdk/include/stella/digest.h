/* stella/digest.h - SHA-256 (OpenSSL, with the processor's extensions) and digests as text: "sha256:<64 hex digits>".
 */
#ifndef STELLA_DIGEST_H
#define STELLA_DIGEST_H

#include <stella/error.h>

STELLA_BEGIN_DECLS

#define STELLA_SHA256_SIZE      32
#define STELLA_DIGEST_TEXT_SIZE 72 /* "sha256:", 64 digits, NUL */

typedef struct stella_sha256 stella_sha256;

/* NULL when memory is short; destroy takes NULL. [one thread a hash] */
stella_sha256 *stella_sha256_create(void);
void stella_sha256_destroy(stella_sha256 *hash);
void stella_sha256_destroyp(stella_sha256 **hash);
void stella_sha256_update(stella_sha256 *hash, const void *bytes, size_t size);
/* Ends the hash and makes it ready for another. */
void stella_sha256_final(stella_sha256 *hash, unsigned char out[STELLA_SHA256_SIZE]);

/* At once; text is "sha256:<hex>". [any thread] */
void stella_sha256_of(stella_sv bytes, unsigned char out[STELLA_SHA256_SIZE]);
void stella_digest_text(const unsigned char sha256[STELLA_SHA256_SIZE], char text[STELLA_DIGEST_TEXT_SIZE]);
void stella_digest_of(stella_sv bytes, char text[STELLA_DIGEST_TEXT_SIZE]);

/* All of a descriptor from its start, by pread; its position is untouched. */
stella_status stella_digest_of_fd(int fd, char text[STELLA_DIGEST_TEXT_SIZE], stella_error *err);

/* "sha256:" and 64 lower-case hex digits, nothing else. */
int stella_digest_is_valid(stella_sv text);

STELLA_END_DECLS

#endif
