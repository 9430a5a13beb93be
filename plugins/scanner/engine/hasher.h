/* hasher.h - SHA-256 beside the work: buffers are handed to a thread and come back when they are hashed. Where no
 * thread is to be had the caller's hashes. [one thread uses it] */
#ifndef SCANNER_ENGINE_HASHER_H
#define SCANNER_ENGINE_HASHER_H

#include <stella/digest.h>

typedef struct hasher hasher;

#define HASHER_SLOTS 4u /* buffers that may be under way */

/* NULL when memory is short. */
hasher *hasher_create(void);
void hasher_destroy(hasher *h); /* waits for what is under way; NULL is allowed */

/* Hands over the bytes of a slot, which the caller leaves alone until hasher_wait(slot). Slots are used in turn, 0
 * first.
 */
void hasher_put(hasher *h, unsigned slot, const void *bytes, size_t size);

/* Until the slot's bytes are hashed; at once when none were put. */
void hasher_wait(hasher *h, unsigned slot);

/* Waits for all and gives "sha256:<hex>". */
void hasher_digest(hasher *h, char digest[STELLA_DIGEST_TEXT_SIZE]);

#endif
