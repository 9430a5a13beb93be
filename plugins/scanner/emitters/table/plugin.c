/* The emitter of the table that people read (README.md). */
#include "columns.h"

#include <stella/analyzer.h>
#include <stella/auto.h>
#include <stella/terminal.h>

#define LINE_MAX_BYTES (1u << 20)
#define TYPES_MAX      32 /* named in the summary; the rest is one number */

static void table_fini(table *t) {
    stella_buf_fini(&t->cell);
    stella_buf_fini(&t->line);
}

static void add_count(stella_buf *line, uint64_t count, const char *thing) {
    stella_buf_printf(line, "%llu %s%s", (unsigned long long)count, thing, count == 1 ? "" : "s");
}

/* Components are ordered by purl, so those of one type mostly stand together. */
static void add_types(stella_buf *line, const stella_bom *bom) {
    stella_sv types[TYPES_MAX];
    uint32_t counts[TYPES_MAX] = {0}, known = 0;
    for (uint32_t i = 0; i < bom->components.count; i++) {
        const stella_sv type = STELLA_AT(bom->components, stella_bom_component, i)->type;
        uint32_t at = 0;
        while (at < known && !stella_sv_eq(types[at], type))
            at++;
        if (at == TYPES_MAX)
            continue;
        if (at == known)
            types[known++] = type;
        counts[at]++;
    }
    for (uint32_t i = 0; i < known; i++) {
        stella_buf_printf(line, "%s%u ", i ? ", " : " (", counts[i]);
        stella_terminal_add(line, types[i]);
    }
    if (known)
        stella_buf_add(line, STELLA_SV(")"));
}

static stella_status write_summary(table *t, stella_error *err) {
    const stella_bom *bom = t->bom;
    stella_status status = columns_flush(t, err); /* an empty line */
    if (status != STELLA_OK)
        return status;
    stella_terminal_add(&t->line, bom->subject_name.len ? bom->subject_name : bom->subject_kind);
    stella_buf_add(&t->line, STELLA_SV(": "));
    if (bom->distro_name.len) {
        stella_terminal_add(&t->line, bom->distro_name);
        stella_buf_add(&t->line, STELLA_SV(", "));
    }
    add_count(&t->line, bom->components.count, "component");
    add_types(&t->line, bom);
    if (t->has_layers) {
        stella_buf_add(&t->line, STELLA_SV(", "));
        add_count(&t->line, bom->layers.count, "layer");
    }
    return columns_flush(t, err);
}

static void add_error(table *t, const stella_bom_error *e) {
    const int is_error = e->severity == STELLA_NOTE_ERROR;
    const int is_colored = is_error && (t->out->flags & STELLA_EMIT_COLOR) != 0;
    stella_buf_printf(&t->line, "  %s%s%s ", is_colored ? "\033[31m" : "", is_error ? "error" : "note",
                      is_colored ? "\033[0m" : "");
    stella_terminal_add(&t->line, e->plugin.len ? e->plugin : STELLA_SV("engine"));
    stella_buf_add(&t->line, STELLA_SV(": "));
    if (e->path.len) {
        stella_terminal_add(&t->line, e->path);
        if (e->line)
            stella_buf_printf(&t->line, ":%u", e->line);
        stella_buf_add(&t->line, STELLA_SV(": "));
    }
    stella_terminal_add(&t->line, e->message);
    stella_buf_add(&t->line, STELLA_SV(" ["));
    stella_terminal_add(&t->line, e->code);
    stella_buf_add(&t->line, STELLA_SV("]"));
    if (e->layer >= 0)
        stella_buf_printf(&t->line, " (layer %d)", e->layer);
}

static stella_status write_errors(table *t, stella_error *err) {
    uint32_t lost = 0;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < t->bom->errors.count && status == STELLA_OK; i++) {
        const stella_bom_error *e = STELLA_AT(t->bom->errors, stella_bom_error, i);
        lost += e->lost ? 1 : 0;
        add_error(t, e);
        status = columns_flush(t, err);
    }
    if (lost == 0 || status != STELLA_OK)
        return status;
    stella_buf_add(&t->line, STELLA_SV("  This result is not whole: "));
    add_count(&t->line, lost, "plugin");
    stella_buf_add(&t->line, STELLA_SV(" failed."));
    return columns_flush(t, err);
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    STELLA_AUTO(table_fini)
    table t = {.bom = bom, .out = out, .cell = stella_buf_of(COLUMNS_CELL_MAX), .line = stella_buf_of(LINE_MAX_BYTES)};
    stella_status status = columns_order(&t, err);
    if (status != STELLA_OK)
        return status;
    columns_measure(&t);
    status = columns_write(&t, err);
    if (status == STELLA_OK)
        status = write_summary(&t, err);
    return status == STELLA_OK ? write_errors(&t, err) : status;
}

static const stella_emitter emitter = {
    .head = STELLA_HEAD(stella_emitter), .format = "table", .media_type = "text/plain", .emit = emit};

STELLA_PLUGIN("org.stella-ops.emitter.table", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
