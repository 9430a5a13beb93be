#include "columns.h"

#include <stella/component.h>
#include <stella/terminal.h>

#include <stdlib.h>

#define DIGEST_COLUMNS 19 /* "sha256:" and twelve digits */

#define GAP   2 /* columns between two */
#define BOLD  "\033[1m"
#define RESET "\033[0m"

static const struct {
    stella_sv title;
    uint32_t least; /* columns it keeps in a narrow terminal */
    uint32_t most;  /* columns it takes in a wide one, or in a file; 0: as many as it needs */
} headings[COLUMNS] = {[COLUMN_NAME] = {STELLA_SV_INIT("NAME"), 12, 0},
                       [COLUMN_VERSION] = {STELLA_SV_INIT("VERSION"), 8, 0},
                       [COLUMN_TYPE] = {STELLA_SV_INIT("TYPE"), 4, 0},
                       [COLUMN_LICENSE] = {STELLA_SV_INIT("LICENSE"), 7, 48},
                       [COLUMN_LAYER] = {STELLA_SV_INIT("LAYER"), 5, 0}};

static void add_licenses(stella_buf *cell, const stella_list *licenses) {
    for (uint32_t i = 0; i < licenses->count; i++) {
        if (i > 0)
            stella_buf_add(cell, STELLA_SV(", "));
        stella_terminal_add(cell, STELLA_AT(*licenses, stella_bom_license, i)->text);
    }
}

static void add_name(stella_buf *cell, const stella_bom_component *c) {
    if (c->namespace_.len && !stella_sv_eq(c->type, STELLA_SV("deb"))) {
        stella_terminal_add(cell, c->namespace_);
        stella_buf_add(cell, STELLA_SV("/"));
    }
    stella_terminal_add(cell, c->name);
}

/* "npm (declared, dev)". */
static void add_type(stella_buf *cell, const stella_bom_component *c) {
    static const struct {
        uint32_t flag;
        const char *mark;
    } marks[] = {{STELLA_COMPONENT_DECLARED, "declared"},
                 {STELLA_COMPONENT_DEV, "dev"},
                 {STELLA_COMPONENT_OPTIONAL, "optional"},
                 {STELLA_COMPONENT_MANAGED, "managed"}};
    const char *before = " (";
    stella_terminal_add(cell, c->type);
    for (uint32_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (!(c->flags & marks[i].flag))
            continue;
        stella_buf_printf(cell, "%s%s", before, marks[i].mark);
        before = ", ";
    }
    if (before[0] == ',')
        stella_buf_add(cell, STELLA_SV(")"));
}

/* The text of a cell, harmless; valid until the next. */
static stella_sv cell_of(table *t, const stella_bom_component *c, column which) {
    t->cell.len = 0;
    t->cell.failed = 0;
    switch (which) {
    case COLUMN_NAME:
        add_name(&t->cell, c);
        break;
    case COLUMN_VERSION:
        stella_terminal_add(&t->cell, c->version.len ? c->version : STELLA_SV("-"));
        break;
    case COLUMN_TYPE:
        add_type(&t->cell, c);
        break;
    case COLUMN_LICENSE:
        add_licenses(&t->cell, &c->licenses);
        break;
    default:
        stella_buf_printf(&t->cell, "%u", c->introduced);
    }
    return stella_buf_sv(&t->cell);
}

/* Without a purl (the operating system) first. */
static int compare_rows(const void *x, const void *y) {
    const stella_bom_component *a = *(const stella_bom_component *const *)x;
    const stella_bom_component *b = *(const stella_bom_component *const *)y;
    const stella_sv keys[][2] = {{a->type, b->type},
                                 {a->namespace_, b->namespace_},
                                 {a->name, b->name},
                                 {a->version, b->version},
                                 {a->ref, b->ref}};
    int order = (a->purl.len > 0) - (b->purl.len > 0);
    for (uint32_t i = 0; order == 0 && i < sizeof keys / sizeof keys[0]; i++)
        order = stella_sv_cmp(keys[i][0], keys[i][1]);
    return order;
}

/* Layer by layer, then as ever. */
static int compare_rows_by_layer(const void *x, const void *y) {
    const uint32_t a = (*(const stella_bom_component *const *)x)->introduced;
    const uint32_t b = (*(const stella_bom_component *const *)y)->introduced;
    return a != b ? (a > b) - (a < b) : compare_rows(x, y);
}

stella_status columns_order(table *t, stella_error *err) {
    const stella_list *components = &t->bom->components;
    const int has_layers = t->bom->layers.count && (stella_sv_eq(t->bom->subject_kind, STELLA_SV("image")) ||
                                                    stella_sv_eq(t->bom->subject_kind, STELLA_SV("layer")));
    t->has_layers = has_layers;
    t->is_by_layer = has_layers && (t->out->flags & STELLA_EMIT_BY_LAYER);
    t->columns = has_layers && !t->is_by_layer ? COLUMNS : COLUMN_LAYER;
    t->rows = stella_arena_alloc(t->out->arena, components->count, sizeof *t->rows);
    if (!t->rows)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the rows of the table");
    for (uint32_t i = 0; i < components->count; i++)
        t->rows[i] = STELLA_AT(*components, stella_bom_component, i);
    if (components->count)
        qsort(t->rows, components->count, sizeof *t->rows, t->is_by_layer ? compare_rows_by_layer : compare_rows);
    return STELLA_OK;
}

/* Takes excess columns from one column, down to what it keeps. */
static void shrink(table *t, column which, uint32_t *excess) {
    const uint32_t least = headings[which].least;
    const uint32_t spare = t->widths[which] > least ? t->widths[which] - least : 0;
    const uint32_t taken = *excess < spare ? *excess : spare;
    t->widths[which] -= taken;
    *excess -= taken;
}

void columns_measure(table *t) {
    for (int i = 0; i < t->columns; i++)
        t->widths[i] = (uint32_t)headings[i].title.len;
    for (uint32_t i = 0; i < t->bom->components.count; i++) {
        for (int which = 0; which < t->columns; which++) {
            const uint32_t width = stella_terminal_width(cell_of(t, t->rows[i], (column)which)),
                           most = headings[which].most;
            const uint32_t wanted = most && width > most ? most : width;
            if (t->widths[which] < wanted)
                t->widths[which] = wanted;
        }
    }
    uint32_t total = GAP * (uint32_t)(t->columns - 1);
    for (int i = 0; i < t->columns; i++)
        total += t->widths[i];
    uint32_t excess = t->out->width && total > t->out->width ? total - t->out->width : 0;
    shrink(t, COLUMN_LICENSE, &excess);
    shrink(t, COLUMN_VERSION, &excess);
    shrink(t, COLUMN_NAME, &excess);
}

static void add_cell(table *t, column which, stella_sv text) {
    uint32_t width = stella_terminal_width(text);
    if (width > t->widths[which]) {
        const stella_sv start = stella_terminal_fit(text, t->widths[which] - 1);
        stella_buf_add(&t->line, start);
        stella_buf_add(&t->line, STELLA_SV("\xe2\x80\xa6")); /* an ellipsis */
        width = stella_terminal_width(start) + 1;
    } else {
        stella_buf_add(&t->line, text);
    }
    for (uint32_t i = width; (int)which + 1 < t->columns && i < t->widths[which] + GAP; i++)
        stella_buf_u8(&t->line, ' ');
}

stella_status columns_flush(table *t, stella_error *err) {
    while (t->line.len && t->line.ptr[t->line.len - 1] == ' ')
        t->line.len--;
    stella_buf_u8(&t->line, '\n');
    if (t->line.failed)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a line of the table");
    const stella_status status = stella_sink_write(t->out->sink, stella_buf_sv(&t->line), err);
    t->line.len = 0;
    return status;
}

static stella_status write_heading(table *t, stella_error *err) {
    const int is_colored = (t->out->flags & STELLA_EMIT_COLOR) != 0;
    if (is_colored)
        stella_buf_add(&t->line, STELLA_SV(BOLD));
    for (int i = 0; i < t->columns; i++)
        add_cell(t, (column)i, headings[i].title);
    if (is_colored)
        stella_buf_add(&t->line, STELLA_SV(RESET));
    return columns_flush(t, err);
}

/* History has instructions over several lines, and with runs of blanks. */
static void add_instruction(stella_buf *line, stella_sv text) {
    stella_sv word;
    for (stella_sv rest = text; stella_sv_split(&rest, ' ', &word);) {
        word = stella_sv_trim(word);
        if (!word.len)
            continue;
        stella_buf_add(line, STELLA_SV(" "));
        stella_terminal_add(line, word);
    }
}

/* "Layer 3 (sha256:0123456789ab): RUN apt-get install ..." */
static stella_status write_layer(table *t, uint32_t index, stella_error *err) {
    if (index >= t->bom->layers.count)
        return STELLA_OK;
    const stella_bom_layer *layer = STELLA_AT(t->bom->layers, stella_bom_layer, index);
    const stella_status status = columns_flush(t, err); /* an empty line */
    stella_buf_printf(&t->line, "Layer %u (", index);
    stella_terminal_add(&t->line, stella_sv_first(layer->digest.len ? layer->digest : layer->diff_id, DIGEST_COLUMNS));
    stella_buf_add(&t->line, layer->created_by.len ? STELLA_SV("):") : STELLA_SV(")"));
    add_instruction(&t->line, layer->created_by);
    if (t->out->width)
        t->line.len = stella_terminal_fit(stella_buf_sv(&t->line), t->out->width).len;
    return status == STELLA_OK ? columns_flush(t, err) : status;
}

stella_status columns_write(table *t, stella_error *err) {
    stella_status status = write_heading(t, err);
    for (uint32_t i = 0; i < t->bom->components.count && status == STELLA_OK; i++) {
        if (t->is_by_layer && (i == 0 || t->rows[i]->introduced != t->rows[i - 1]->introduced))
            status = write_layer(t, t->rows[i]->introduced, err);
        for (int which = 0; which < t->columns; which++)
            add_cell(t, (column)which, cell_of(t, t->rows[i], (column)which));
        if (status == STELLA_OK)
            status = columns_flush(t, err);
    }
    return status;
}
