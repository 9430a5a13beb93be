/* table.h - what is known of the texts of the SPDX license list: of each the hashes of its pairs of words (words.h),
 * of a long one the smallest of them. */
#ifndef LICENSE_TEXT_TABLE_H
#define LICENSE_TEXT_TABLE_H

#include <stella/sv.h>

typedef struct license_table_text {
    stella_sv id;
    uint32_t first;     /* in license_table_hashes */
    uint32_t count;     /* hashes that are kept */
    uint32_t pairs;     /* different pairs of the text: count, or more */
    uint32_t is_notice; /* the words that put a file under the license, not the license itself */
    uint32_t decisive;  /* the first so many must all be there: what tells the versions of a license apart */
} license_table_text;

extern const char license_table_version[]; /* of the list: "3.29.0 (2026-07-16)" */
extern const license_table_text license_table[];
extern const uint32_t license_table_count;
extern const uint32_t license_table_hashes[];

#endif
