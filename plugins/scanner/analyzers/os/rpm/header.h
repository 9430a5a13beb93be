/* header.h - an rpm header: tags and their values in one block, as package databases hold it; nothing of it is trusted.
 *
 * A block is two big-endian numbers (entries, bytes of data), the entries (tag, type, offset, count) and the data. An
 * entry that appears twice counts as it stands last: what rpm added when it installed the package follows the region
 * that was signed. All functions: [any thread], no allocation, values borrow from the block. */
#ifndef RPM_HEADER_H
#define RPM_HEADER_H

#include <stella/cursor.h>
#include <stella/error.h>

#define HEADER_ENTRIES_MAX 65535 /* rpm's own limits */
#define HEADER_DATA_MAX    (256u << 20)
#define HEADER_ENTRY_BYTES 16

typedef struct header {
    stella_sv index; /* the entries */
    stella_sv data;
} header;

typedef struct header_value {
    uint32_t type;  /* TYPE_* */
    uint32_t count; /* elements; bytes of BIN */
    stella_sv bytes;
} header_value;

/* out  set on success
 * Returns STELLA_E_FORMAT when the block is shorter than it says, or says more than rpm would. */
stella_status header_parse(stella_sv block, header *out, stella_error *err);

/* The value of a tag. Returns 0, leaving *out alone, when there is none or it does not lie inside of the data. */
int header_find(const header *h, uint32_t tag, header_value *out);

/* The text of a tag, the first one of several; empty when there is none. */
stella_sv header_text(const header *h, uint32_t tag);

/* Bytes of a binary tag; empty when there is none. */
stella_sv header_binary(const header *h, uint32_t tag);

/* The data from where a value begins to where the next one does: all of its bytes, when the header does not lie, without
 * looking at each of its strings. Empty when there is none. */
stella_sv header_region(const header *h, uint32_t tag);

/* The first number of a tag. Returns 0, leaving *out alone, when there is none. */
int header_number(const header *h, uint32_t tag, uint64_t *out);

/* Element i of a number array; 0 past its end. */
uint64_t header_value_number(const header_value *value, uint32_t i);

/* The strings of a value, one after the other. */
typedef struct header_strings {
    stella_sv left;
    uint32_t count; /* still to come, by what the header says: no more than that */
} header_strings;

/* No strings when the tag is not there. They end early where the data does. */
header_strings header_strings_of(const header *h, uint32_t tag);
int header_strings_next(header_strings *strings, stella_sv *out);

#endif
