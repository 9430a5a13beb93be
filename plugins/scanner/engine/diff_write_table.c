#include "diff_write.h"

#include <stella/auto.h>
#include <stella/terminal.h>

#define LINE_BYTES_MAX (1u << 20)
#define GAP            2
#define BOLD           "\033[1m"
#define RESET          "\033[0m"

enum { COLUMN_CHANGE, COLUMN_NAME, COLUMN_TYPE, COLUMN_OLD, COLUMN_NEW, COLUMN_LAYER, COLUMN_MORE, COLUMNS };

typedef struct table {
    const diff_result *result;
    const diff_form *form;
    stella_buf cell, line;
    uint32_t widths[COLUMNS];
} table;

static const char *const titles[COLUMNS] = {"CHANGE", "NAME", "TYPE", "OLD", "NEW", "LAYER", "DETAILS"};

static void table_fini(table *t) {
    stella_buf_fini(&t->cell);
    stella_buf_fini(&t->line);
}

static void add_details(stella_buf *out, const diff_change *change) {
    diff_add_fields(out, change);
    diff_add_removal(out, change);
}

/* Valid until the next. */
static stella_sv cell_of(table *t, const diff_change *change, int column) {
    stella_buf *cell = &t->cell;
    cell->len = 0;
    switch (column) {
    case COLUMN_CHANGE:
        stella_buf_add(cell, diff_kind_word(change->kind));
        break;
    case COLUMN_NAME:
        diff_add_name(cell, diff_subject(change));
        break;
    case COLUMN_TYPE:
        stella_terminal_add(cell, diff_subject(change)->type);
        break;
    case COLUMN_OLD:
        diff_add_version(cell, change->old);
        break;
    case COLUMN_NEW:
        diff_add_version(cell, change->new);
        break;
    case COLUMN_LAYER:
        diff_add_layer(cell, change->group);
        break;
    default:
        add_details(cell, change);
    }
    return stella_buf_sv(cell);
}

static void measure(table *t) {
    for (int column = 0; column < COLUMN_MORE; column++)
        t->widths[column] = (uint32_t)strlen(titles[column]);
    for (uint32_t i = 0; i < t->result->change_count; i++)
        for (int column = 0; column < COLUMN_MORE; column++) {
            const uint32_t width = stella_terminal_width(cell_of(t, &t->result->changes[i], column));
            t->widths[column] = width > t->widths[column] ? width : t->widths[column];
        }
}

/* Cut to the terminal: what tells of details gives way. */
static stella_status flush(table *t, stella_error *err) {
    while (t->line.len && t->line.ptr[t->line.len - 1] == ' ')
        t->line.len--;
    if (t->form->width)
        t->line.len = stella_terminal_fit(stella_buf_sv(&t->line), t->form->width).len;
    stella_buf_u8(&t->line, '\n');
    if (t->line.failed || t->cell.failed)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a line of the table is too long");
    const stella_status status = stella_sink_write(t->form->sink, stella_buf_sv(&t->line), err);
    t->line.len = 0;
    return status;
}

static void add_cell(table *t, int column, stella_sv text) {
    stella_buf_add(&t->line, text);
    for (uint32_t i = stella_terminal_width(text); column != COLUMN_MORE && i < t->widths[column] + GAP; i++)
        stella_buf_u8(&t->line, ' ');
}

static stella_status write_plain(table *t, const char *text, stella_error *err) {
    stella_status status = STELLA_OK;
    if (t->form->is_color)
        status = stella_sink_write(t->form->sink, STELLA_SV(BOLD), err);
    stella_buf_add(&t->line, stella_sv_cstr(text));
    if (status == STELLA_OK)
        status = flush(t, err);
    return status == STELLA_OK && t->form->is_color ? stella_sink_write(t->form->sink, STELLA_SV(RESET), err) : status;
}

static stella_status write_titles(table *t, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf heading = stella_buf_of(LINE_BYTES_MAX);
    for (int column = 0; column < COLUMNS; column++)
        add_cell(t, column, stella_sv_cstr(titles[column]));
    stella_buf_add(&heading, stella_buf_sv(&t->line));
    stella_buf_u8(&heading, 0);
    t->line.len = 0;
    return heading.failed ? stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a line")
                          : write_plain(t, heading.ptr, err);
}

static stella_status write_row(table *t, const diff_change *change, stella_error *err) {
    for (int column = 0; column < COLUMNS; column++)
        add_cell(t, column, cell_of(t, change, column));
    return flush(t, err);
}

static stella_status write_heading(table *t, uint32_t first, uint32_t count, stella_error *err) {
    const diff_counts counts = diff_count(t->result, first, count);
    stella_status status = first ? flush(t, err) : STELLA_OK;
    if (status != STELLA_OK)
        return status;
    diff_add_heading(&t->line, t->result, t->result->changes[first].group);
    status = flush(t, err);
    diff_add_counts(&t->line, &counts);
    return status == STELLA_OK ? flush(t, err) : status;
}

/* Kind by kind; below headings layer by layer. */
static stella_status write_rows(table *t, stella_error *err) {
    const diff_result *r = t->result;
    stella_status status = r->change_count && !t->form->is_by_layer ? write_titles(t, err) : STELLA_OK;
    for (uint32_t kind = 0; !t->form->is_by_layer && kind < DIFF_KINDS; kind++)
        for (uint32_t i = 0; i < r->change_count && status == STELLA_OK; i++)
            if (r->changes[i].kind == kind)
                status = write_row(t, &r->changes[i], err);
    for (uint32_t i = 0, count; t->form->is_by_layer && i < r->change_count && status == STELLA_OK; i += count) {
        count = diff_group_length(r, i);
        status = write_heading(t, i, count, err);
        for (uint32_t k = i; k < i + count && status == STELLA_OK; k++)
            status = write_row(t, &r->changes[k], err);
    }
    return status;
}

static stella_status write_summary(table *t, stella_error *err) {
    const diff_result *r = t->result;
    stella_status status = r->change_count ? flush(t, err) : STELLA_OK;
    diff_add_subject(&t->line, r->old);
    stella_buf_add(&t->line, STELLA_SV(" -> "));
    diff_add_subject(&t->line, r->new);
    if (status == STELLA_OK)
        status = flush(t, err);
    diff_add_base(&t->line, r);
    if (status == STELLA_OK && t->line.len)
        status = flush(t, err);
    diff_add_counts(&t->line, &r->counts);
    stella_buf_printf(&t->line, ", %u unchanged%s", r->counts.unchanged,
                      r->view == DIFF_USAGE ? " (of what the entrypoint reaches)" : "");
    return status == STELLA_OK ? flush(t, err) : status;
}

stella_status diff_write_table(const diff_result *r, const diff_form *form, stella_error *err) {
    STELLA_AUTO(table_fini)
    table t = {.result = r, .form = form, .cell = stella_buf_of(LINE_BYTES_MAX), .line = stella_buf_of(LINE_BYTES_MAX)};
    measure(&t);
    const stella_status status = write_rows(&t, err);
    return status == STELLA_OK ? write_summary(&t, err) : status;
}
