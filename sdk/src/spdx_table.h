/* spdx_table.h - the identifiers of the SPDX License List, sorted by their lower-case form.
 *
 * Texts by their offsets: a table of pointers would be relocated in every plugin, each time one is loaded. */
#ifndef STELLA_SRC_SPDX_TABLE_H
#define STELLA_SRC_SPDX_TABLE_H

#include <stella/sv.h>

typedef struct spdx_table {
    const char *text;        /* one after the other, each with its NUL */
    const uint16_t *offsets; /* of each, and behind them that of the end */
    size_t count;
} spdx_table;

extern const char stella_spdx_version[];
extern const spdx_table stella_spdx_licenses, stella_spdx_exceptions;

static inline stella_sv spdx_table_at(const spdx_table *t, size_t index) {
    const uint16_t start = t->offsets[index];
    return stella_sv_of(t->text + start, (size_t)t->offsets[index + 1] - start - 1);
}

#endif
