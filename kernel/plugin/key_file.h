/* key_file.h - Ed25519 keys in files: NAME.key, which signs (mode 0600), and NAME.pub, which may be given away. */
#ifndef KERNEL_PLUGIN_KEY_FILE_H
#define KERNEL_PLUGIN_KEY_FILE_H

#include <stella/digest.h>
#include <stella/dsse.h>

#define KEY_FILE_SCHEMA        "https://stella-ops.org/schema/key/0"
#define KEY_FILE_SECRET_ENDING ".key"
#define KEY_FILE_PUBLIC_ENDING ".pub"
#define KEY_FILE_BYTES_MAX     4096

typedef struct key_secret {
    unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE];
    unsigned char secret_key[STELLA_ED25519_SECRET_SIZE];
} key_secret;

/* Overwrites the secret; for STELLA_AUTO. */
void key_secret_fini(key_secret *key);

/* Makes a key and writes it as dir/NAME.key and dir/NAME.pub. The directory exists. key_id is set on success.
 * Returns STELLA_E_EXISTS when there is such a key already: a key is never overwritten. */
stella_status key_file_generate(const char *dir, const char *name, char key_id[STELLA_DIGEST_TEXT_SIZE],
                                stella_error *err);

/* Reads a key that signs. Returns STELLA_E_DENIED when others may read the file; the caller ends *out with
 * key_secret_fini. */
stella_status key_file_read_secret(const char *path, key_secret *out, stella_error *err);

/* Reads the public half of either file. */
stella_status key_file_read_public(const char *path, unsigned char out[STELLA_ED25519_PUBLIC_SIZE], stella_error *err);

#endif
