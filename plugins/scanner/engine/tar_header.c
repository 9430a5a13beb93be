#include "tar_header.h"

#include <stdint.h>

/* Fields of the block: offset and size. */
#define NAME_AT   0, 100
#define MODE_AT   100, 8
#define UID_AT    108, 8
#define GID_AT    116, 8
#define SIZE_AT   124, 12
#define SUM_AT    148, 8
#define LINK_AT   157, 100
#define PREFIX_AT 345, 155
#define REAL_AT   483, 12
#define TYPE_AT   156u
#define MAGIC_AT  257u
#define MORE_AT   482u

int tar_block_is_zero(const unsigned char *block) {
    uint64_t any = 0;
    for (unsigned i = 0; i < TAR_BLOCK; i += 8) {
        uint64_t word;
        memcpy(&word, block + i, 8);
        any |= word;
    }
    return any == 0;
}

static stella_sv text(const unsigned char *block, size_t offset, size_t size) {
    const stella_sv field = stella_sv_of((const char *)block + offset, size);
    return stella_sv_first(field, stella_sv_find(field, '\0'));
}

/* Base 256: what does not fit eight digits. Negative numbers are as good as too large. */
static uint64_t binary(const unsigned char *field, size_t size) {
    uint64_t value = field[0] & 0x7f;
    for (size_t i = 1; i < size; i++) {
        if (value >> 55)
            return UINT64_MAX;
        value = value << 8 | field[i];
    }
    return value;
}

/* Octal digits between blanks and NULs; an empty field is 0. */
static int number(const unsigned char *block, size_t offset, size_t size, uint64_t *out) {
    const unsigned char *field = block + offset;
    if (field[0] & 0x80) {
        *out = binary(field, size);
        return 1;
    }
    size_t at = 0;
    uint64_t value = 0;
    while (at < size && field[at] == ' ')
        at++;
    for (; at < size && field[at] >= '0' && field[at] <= '7'; at++)
        value = value << 3 | (field[at] - '0');
    for (; at < size; at++)
        if (field[at] != ' ' && field[at] != '\0')
            return 0;
    *out = value;
    return 1;
}

/* The sum of four numbers of 16 bits. */
static uint64_t lanes(uint64_t word) {
    return (word & 0xffff) + (word >> 16 & 0xffff) + (word >> 32 & 0xffff) + (word >> 48);
}

int tar_block_sum_fits(const unsigned char *block) {
    uint64_t claimed;
    if (!number(block, SUM_AT, &claimed))
        return 0;
    /* Eight bytes at a time: 64 words add up to at most 64 * 255 in each half of two neighbours, which fits. */
    const uint64_t halves = 0x00ff00ff00ff00ffu, tops = 0x0001000100010001u;
    uint64_t even = 0, odd = 0, high = 0; /* bytes above 127: the signed sum is 256 less for each */
    for (unsigned i = 0; i < TAR_BLOCK; i += 8) {
        uint64_t word;
        memcpy(&word, block + i, 8);
        even += word & halves;
        odd += word >> 8 & halves;
        high += (word >> 7 & tops) + (word >> 15 & tops);
    }
    uint64_t sum = 8 * ' ' + lanes(even) + lanes(odd), above = lanes(high);
    for (unsigned i = 148; i < 156; i++) { /* the sum itself counts as blanks */
        sum -= block[i];
        above -= block[i] >> 7;
    }
    return claimed == sum || claimed == sum - 256 * above;
}

static uint32_t owner(uint64_t id) {
    return id > UINT32_MAX ? UINT32_MAX : (uint32_t)id;
}

int tar_header_parse(const unsigned char *block, tar_header *out) {
    uint64_t mode, uid, gid, size, real = 0;
    if (!tar_block_sum_fits(block) || !number(block, SIZE_AT, &size) || size > INT64_MAX ||
        !number(block, MODE_AT, &mode))
        return 0;
    if (!number(block, UID_AT, &uid))
        uid = UINT32_MAX;
    if (!number(block, GID_AT, &gid))
        gid = UINT32_MAX;
    const char type = block[TYPE_AT] ? (char)block[TYPE_AT] : '0';
    const int is_ustar =
        memcmp(block + MAGIC_AT, "ustar\0", 6) == 0; /* GNU's magic ends with blanks, and has no prefix */
    if (type == 'S' && (!number(block, REAL_AT, &real) || real > INT64_MAX))
        return 0;
    *out = (tar_header){.name = text(block, NAME_AT),
                        .prefix = is_ustar ? text(block, PREFIX_AT) : stella_sv_of(NULL, 0),
                        .link = text(block, LINK_AT),
                        .type = type,
                        .mode = (uint32_t)(mode & 07777),
                        .uid = owner(uid),
                        .gid = owner(gid),
                        .size = size,
                        .real_size = real,
                        .sparse_goes_on = block[MORE_AT] != 0};
    return 1;
}

stella_sv tar_header_name(const tar_header *header, char *joined) {
    if (header->prefix.len == 0)
        return header->name;
    memcpy(joined, header->prefix.ptr, header->prefix.len);
    joined[header->prefix.len] = '/';
    memcpy(joined + header->prefix.len + 1, header->name.ptr, header->name.len);
    return stella_sv_of(joined, header->prefix.len + 1 + header->name.len);
}

uint32_t tar_header_kind(const tar_header *header, stella_sv name) {
    switch (header->type) {
    case '2':
        return STELLA_FILE_SYMLINK;
    case '3':
    case '4':
    case '6':
        return STELLA_FILE_OTHER;
    case '5':
    case 'D': /* GNU: a directory with a list of what was in it */
        return STELLA_FILE_DIRECTORY;
    case '0':
        return name.len && name.ptr[name.len - 1] == '/' ? STELLA_FILE_DIRECTORY : STELLA_FILE_REGULAR;
    default: /* '1', '7', 'S', and, as POSIX demands, whatever is unknown */
        return STELLA_FILE_REGULAR;
    }
}

int tar_header_has_body(const tar_header *header) {
    return !(header->type >= '1' && header->type <= '6');
}

int tar_pax_next(stella_sv *rest, stella_sv *key, stella_sv *value) {
    const size_t blank = stella_sv_find(*rest, ' ');
    uint64_t length;
    if (!stella_sv_u64(stella_sv_first(*rest, blank), rest->len, &length) || length < blank + 3 ||
        rest->ptr[length - 1] != '\n')
        return 0;
    const stella_sv record = stella_sv_of(rest->ptr + blank + 1, (size_t)length - blank - 2);
    const size_t equals = stella_sv_find(record, '=');
    if (equals == 0 || equals == record.len)
        return 0;
    *key = stella_sv_first(record, equals);
    *value = stella_sv_skip(record, equals + 1);
    *rest = stella_sv_skip(*rest, (size_t)length);
    return 1;
}
