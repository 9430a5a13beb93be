/* columns.h - the table of components: what its cells say and how wide its columns are. */
#ifndef EMITTER_TABLE_COLUMNS_H
#define EMITTER_TABLE_COLUMNS_H

#include <stella/bom.h>
#include <stella/emitter.h>

typedef enum column { COLUMN_NAME, COLUMN_VERSION, COLUMN_TYPE, COLUMN_LICENSE, COLUMN_LAYER, COLUMNS } column;

/* Text of one line, in the making; the cell's and the line's buffers are used again and again. */
typedef struct table {
    const stella_bom *bom;
    const stella_emission *out;
    const stella_bom_component **rows; /* in the order shown; in the emission's arena */
    stella_buf cell, line;
    uint32_t widths[COLUMNS];
    int columns; /* how many are shown: a directory has no layers to tell of, and below headings they are told */
    int has_layers, is_by_layer;
} table;

/* Bytes of one cell; a longer one is cut. */
#define COLUMNS_CELL_MAX (64u << 10)

/* Sorts the rows as people look for them: by type and name, "gcc" before "gcc-12". Returns STELLA_E_NOMEM. */
stella_status columns_order(table *t, stella_error *err);

/* Measures all cells and fits the columns into the terminal: the licenses give way first, then version, then name. */
void columns_measure(table *t);

/* Writes heading and rows. */
stella_status columns_write(table *t, stella_error *err);

/* Writes t->line and empties it. Returns STELLA_E_NOMEM when the line could not be made. */
stella_status columns_flush(table *t, stella_error *err);

#endif
