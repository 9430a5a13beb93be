#include "spdx/licenses.h"

#include <stella/component.h>
#include <stella/spdx.h>

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the licenses");
}

static int contains(stella_sv text, stella_sv part) {
    for (; text.len >= part.len; text = stella_sv_skip(text, 1))
        if (stella_sv_starts(text, part))
            return 1;
    return 0;
}

/* Different texts may leave the same id, "A b" and "A/b", and so may one that an expression brought along. */
static stella_sv other_id(stella_arena *arena, stella_sv id, unsigned number) {
    return number == 1 ? stella_arena_printf(arena, "%.*s-other", STELLA_SV_FMT(id))
                       : stella_arena_printf(arena, "%.*s-other-%u", STELLA_SV_FMT(id), number);
}

static stella_status add_name(spdx_licenses *l, stella_arena *arena, stella_sv name, stella_error *err) {
    const stella_sv id = stella_spdx_ref(name, arena);
    stella_sv own = id;
    for (unsigned i = 1; own.ptr && spdx_texts_find(&l->refs, own); i++)
        own = other_id(arena, id, i);
    spdx_text *known = own.ptr ? spdx_texts_add(&l->names, name) : NULL;
    spdx_text *ref = known ? spdx_texts_add(&l->refs, own) : NULL;
    if (!ref)
        return no_memory(err);
    known->value = own;
    ref->value = name;
    return STELLA_OK;
}

int spdx_licenses_next_ref(stella_sv *expression, stella_sv *out) {
    while (expression->len) {
        size_t len = 0;
        while (len < expression->len && !memchr(" ()", expression->ptr[len], 3))
            len++;
        const stella_sv word = stella_sv_first(*expression, len);
        *expression = stella_sv_skip(*expression, len + 1);
        if (!stella_sv_starts(word, STELLA_SV("LicenseRef-")))
            continue;
        *out = word;
        return 1;
    }
    return 0;
}

/* The names that an expression brings along must be explained too. */
static stella_status add_refs(spdx_licenses *l, stella_sv expression, stella_error *err) {
    for (stella_sv ref; spdx_licenses_next_ref(&expression, &ref);)
        if (!spdx_texts_add(&l->refs, ref))
            return no_memory(err);
    return STELLA_OK;
}

/* References into documents that are not at hand cannot be kept, nor additions, which SPDX 2.3 does not know. */
static int is_self_contained(stella_sv expression) {
    return !contains(expression, STELLA_SV("DocumentRef-")) && !contains(expression, STELLA_SV("AdditionRef-"));
}

static stella_status collect_expression(spdx_licenses *l, stella_arena *arena, stella_sv text, stella_error *err) {
    if (spdx_texts_find(&l->expressions, text))
        return STELLA_OK;
    const stella_sv expression = stella_spdx_expression(text, arena);
    if (!expression.ptr || !is_self_contained(expression))
        return STELLA_OK; /* a free text */
    spdx_text *item = spdx_texts_add(&l->expressions, text);
    if (!item)
        return no_memory(err);
    item->value = expression;
    return add_refs(l, expression, err);
}

/* Expressions first: the names in them are given, those for free texts can give way. */
static stella_status collect_one(spdx_licenses *l, stella_arena *arena, const stella_bom_license *license, int pass,
                                 stella_error *err) {
    const int is_expression = license->how == STELLA_LICENSE_EXPRESSION;
    if (pass == 0)
        return is_expression ? collect_expression(l, arena, license->text, err) : STELLA_OK;
    if ((is_expression && spdx_texts_find(&l->expressions, license->text)) || spdx_texts_find(&l->names, license->text))
        return STELLA_OK;
    return add_name(l, arena, license->text, err);
}

static stella_status collect(spdx_licenses *l, const stella_bom *bom, stella_arena *arena, int pass,
                             stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < bom->components.count && status == STELLA_OK; i++) {
        const stella_list *licenses = &STELLA_AT(bom->components, stella_bom_component, i)->licenses;
        for (uint32_t k = 0; k < licenses->count && status == STELLA_OK; k++)
            status = collect_one(l, arena, STELLA_AT(*licenses, stella_bom_license, k), pass, err);
    }
    return status;
}

stella_status spdx_licenses_collect(const stella_bom *bom, stella_arena *arena, spdx_licenses *out, stella_error *err) {
    spdx_licenses l = {.expressions.arena = arena, .names.arena = arena, .refs.arena = arena};
    stella_status status = collect(&l, bom, arena, 0, err);
    if (status == STELLA_OK)
        status = collect(&l, bom, arena, 1, err);
    if (status == STELLA_OK)
        *out = l;
    return status;
}

static stella_sv operand_of(const spdx_licenses *l, const stella_bom_license *license) {
    const spdx_text *item =
        license->how == STELLA_LICENSE_EXPRESSION ? spdx_texts_find(&l->expressions, license->text) : NULL;
    if (!item)
        item = spdx_texts_find(&l->names, license->text);
    return item->value;
}

void spdx_licenses_declared(const spdx_licenses *l, const stella_bom_component *c, stella_buf *out) {
    for (uint32_t i = 0; i < c->licenses.count; i++) {
        const stella_sv operand = operand_of(l, STELLA_AT(c->licenses, stella_bom_license, i));
        /* One that is joined by AND itself stays one: readers take the operands apart. */
        const int is_bracketed =
            contains(operand, STELLA_SV(" AND ")) || (c->licenses.count > 1 && contains(operand, STELLA_SV(" OR ")));
        stella_buf_add(out, i ? STELLA_SV(" AND ") : STELLA_SV(""));
        stella_buf_add(out, is_bracketed ? STELLA_SV("(") : STELLA_SV(""));
        stella_buf_add(out, operand);
        stella_buf_add(out, is_bracketed ? STELLA_SV(")") : STELLA_SV(""));
    }
}
