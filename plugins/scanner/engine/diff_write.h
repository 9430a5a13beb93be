/* diff_write.h - the forms in which a comparison is told. docs/reference/diff.md describes them. */
#ifndef SCANNER_ENGINE_DIFF_WRITE_H
#define SCANNER_ENGINE_DIFF_WRITE_H

#include "diff_changes.h"

#include <stella/sink.h>

#define DIFF_SCHEMA "https://stella-ops.org/schema/diff/0"

typedef struct diff_form {
    const stella_sink *sink;
    int is_by_layer; /* for people: under headings, one for each layer */
    int is_color;
    uint32_t width; /* of the terminal; 0: it is none */
} diff_form;

typedef stella_status diff_writer(const diff_result *result, const diff_form *form, stella_error *err);

diff_writer diff_write_json, diff_write_table, diff_write_markdown;

/* The writer of a format: "json", "table", "markdown"; NULL for another. */
diff_writer *diff_writer_of(stella_sv format);

/* "2026-11-23T22:00:00Z"; empty for a negative time. */
typedef char diff_time_text[32];
void diff_time(int64_t ms, diff_time_text out);

/* ---- for people: lines made of texts from outside, harmless ------------------------------------------------------- */

stella_sv diff_kind_word(diff_kind kind); /* "added", "removed", "version", "metadata" */

/* Each adds to the buffer. */
void diff_add_name(stella_buf *out, const diff_component *c);                   /* "scope/name" */
void diff_add_version(stella_buf *out, const diff_component *c);                /* "1:2.0"; "-" without one */
void diff_add_layer(stella_buf *out, diff_place place);                         /* "3", "old 3", "-" */
void diff_add_fields(stella_buf *out, const diff_change *change);               /* "licenses: MIT -> X11; ..." */
void diff_add_subject(stella_buf *out, const diff_side *side);                  /* name and short digest */
void diff_add_base(stella_buf *out, const diff_result *result);                 /* a sentence; nothing without layers */
void diff_add_counts(stella_buf *out, const diff_counts *counts);               /* "1 added, 2 removed, ..." */
void diff_add_heading(stella_buf *out, const diff_result *r, diff_place place); /* of a layer, with its instruction */
void diff_add_removal(stella_buf *out, const diff_change *change);              /* why it is gone; may add nothing */

diff_counts diff_count(const diff_result *result, uint32_t first, uint32_t count);

#endif
