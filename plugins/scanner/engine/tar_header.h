/* tar_header.h - one 512-byte header block of a tar archive, and the records of a pax header. [any thread] */
#ifndef SCANNER_ENGINE_TAR_HEADER_H
#define SCANNER_ENGINE_TAR_HEADER_H

#include <stella/file.h>

#define TAR_BLOCK       512u
#define TAR_SPARSE_MORE 504u /* in a block of an old GNU sparse map: whether another follows */

typedef struct tar_header {
    stella_sv name, prefix, link; /* borrow from the block */
    char type;                    /* as written; '\0' of v7 becomes '0' */
    uint32_t mode, uid, gid;
    uint64_t size, real_size;
    int sparse_goes_on;
} tar_header;

int tar_block_is_zero(const unsigned char *block);

/* Whether the checksum fits, added up of unsigned bytes or, as old writers did, of signed ones. */
int tar_block_sum_fits(const unsigned char *block);

/* Returns 0 when the checksum does not fit or a number that matters is none. */
int tar_header_parse(const unsigned char *block, tar_header *out);

/* Prefix and name; joined has TAR_BLOCK bytes. */
stella_sv tar_header_name(const tar_header *header, char *joined);

/* STELLA_FILE_*; in v7 a directory is a file whose name ends with a slash. */
uint32_t tar_header_kind(const tar_header *header, stella_sv name);

/* Links, devices and directories have none, whatever their size says. */
int tar_header_has_body(const tar_header *header);

/* Takes "LENGTH KEY=VALUE\n" off *rest. Returns 0 when there is no such record. */
int tar_pax_next(stella_sv *rest, stella_sv *key, stella_sv *value);

#endif
