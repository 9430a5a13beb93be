#include "diff_write.h"

#include <stella/auto.h>

#define LINE_BYTES_MAX (1u << 20)

typedef struct page {
    const diff_result *result;
    const diff_form *form;
    stella_buf part; /* text, harmless for terminals */
    stella_buf line;
} page;

static void page_fini(page *p) {
    stella_buf_fini(&p->part);
    stella_buf_fini(&p->line);
}

/* Text that is to mean nothing in Markdown: what could be an element of it, or HTML, is escaped. */
static void add_part(page *p) {
    for (size_t i = 0; i < p->part.len; i++) {
        const char c = p->part.ptr[i];
        if (c == '<')
            stella_buf_add(&p->line, STELLA_SV("&lt;"));
        else if (c == '&')
            stella_buf_add(&p->line, STELLA_SV("&amp;"));
        else if (c && strchr("\\`*_[]|~", c))
            stella_buf_printf(&p->line, "\\%c", c);
        else
            stella_buf_u8(&p->line, (uint8_t)c);
    }
    p->line.failed |= p->part.failed;
    p->part.len = 0;
}

static stella_status flush(page *p, stella_error *err) {
    stella_buf_u8(&p->line, '\n');
    if (p->line.failed)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a line of the page is too long");
    const stella_status status = stella_sink_write(p->form->sink, stella_buf_sv(&p->line), err);
    p->line.len = 0;
    return status;
}

static void add(page *p, const char *text) {
    stella_buf_add(&p->line, stella_sv_cstr(text));
}

static stella_status write_text(page *p, const char *text, stella_error *err) {
    add(p, text);
    return flush(p, err);
}

static stella_status write_titles(page *p, stella_error *err) {
    return write_text(
        p, "\n| change | name | type | old | new | layer | details |\n| --- | --- | --- | --- | --- | --- | --- |",
        err);
}

static stella_status write_row(page *p, const diff_change *change, stella_error *err) {
    const diff_component *c = diff_subject(change);
    add(p, "| ");
    stella_buf_add(&p->line, diff_kind_word(change->kind));
    add(p, " | ");
    diff_add_name(&p->part, c);
    add_part(p);
    add(p, " | ");
    stella_buf_add(&p->part, c->type);
    add_part(p);
    add(p, " | ");
    diff_add_version(&p->part, change->old);
    add_part(p);
    add(p, " | ");
    diff_add_version(&p->part, change->new);
    add_part(p);
    add(p, " | ");
    diff_add_layer(&p->part, change->group);
    add_part(p);
    add(p, " | ");
    diff_add_fields(&p->part, change);
    diff_add_removal(&p->part, change);
    add_part(p);
    add(p, " |");
    return flush(p, err);
}

static stella_status write_heading(page *p, uint32_t first, uint32_t count, stella_error *err) {
    const diff_counts counts = diff_count(p->result, first, count);
    add(p, "\n## ");
    diff_add_heading(&p->part, p->result, p->result->changes[first].group);
    add_part(p);
    add(p, "\n\n");
    diff_add_counts(&p->line, &counts);
    const stella_status status = flush(p, err);
    return status == STELLA_OK ? write_titles(p, err) : status;
}

static stella_status write_head(page *p, stella_error *err) {
    const diff_result *r = p->result;
    add(p, "# ");
    diff_add_subject(&p->part, r->old);
    add_part(p);
    add(p, " → ");
    diff_add_subject(&p->part, r->new);
    add_part(p);
    add(p, "\n\n");
    diff_add_counts(&p->line, &r->counts);
    stella_buf_printf(&p->line, ", %u unchanged%s.", r->counts.unchanged,
                      r->view == DIFF_USAGE ? " (of what the entrypoint reaches)" : "");
    stella_status status = flush(p, err);
    diff_add_base(&p->part, r);
    if (status != STELLA_OK || !p->part.len)
        return status;
    add(p, "\n");
    add_part(p);
    return flush(p, err);
}

/* Kind by kind; below headings layer by layer. */
static stella_status write_rows(page *p, stella_error *err) {
    const diff_result *r = p->result;
    stella_status status = r->change_count && !p->form->is_by_layer ? write_titles(p, err) : STELLA_OK;
    for (uint32_t kind = 0; !p->form->is_by_layer && kind < DIFF_KINDS; kind++)
        for (uint32_t i = 0; i < r->change_count && status == STELLA_OK; i++)
            if (r->changes[i].kind == kind)
                status = write_row(p, &r->changes[i], err);
    for (uint32_t i = 0, count; p->form->is_by_layer && i < r->change_count && status == STELLA_OK; i += count) {
        count = diff_group_length(r, i);
        status = write_heading(p, i, count, err);
        for (uint32_t k = i; k < i + count && status == STELLA_OK; k++)
            status = write_row(p, &r->changes[k], err);
    }
    return status;
}

stella_status diff_write_markdown(const diff_result *r, const diff_form *form, stella_error *err) {
    STELLA_AUTO(page_fini)
    page p = {.result = r, .form = form, .part = stella_buf_of(LINE_BYTES_MAX), .line = stella_buf_of(LINE_BYTES_MAX)};
    const stella_status status = write_head(&p, err);
    return status == STELLA_OK ? write_rows(&p, err) : status;
}
