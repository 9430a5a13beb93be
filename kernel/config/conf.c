#include "config/conf.h"

#include "config/values.h"

#include <stella/auto.h>

#include <stdio.h>
#include <stdlib.h>

void conf_destroy(conf *c) {
    if (!c)
        return;
    stella_arena_destroy(c->arena);
    free(c);
}

void conf_destroyp(conf **c) {
    conf_destroy(*c);
    *c = NULL;
}

int64_t conf_number(const conf *c, conf_key key) {
    return c->values[key].number;
}

const char *conf_text(const conf *c, conf_key key) {
    return c->values[key].text;
}

uint32_t conf_list(const conf *c, conf_key key, const char *const **items) {
    *items = c->values[key].items;
    return c->values[key].item_count;
}

const char *conf_origin(const conf *c, conf_key key) {
    return c->values[key].origin;
}

int conf_differs(const conf *a, const conf *b, conf_key key) {
    const conf_value *x = &a->values[key], *y = &b->values[key];
    if (x->number != y->number || strcmp(x->text, y->text) != 0 || x->item_count != y->item_count)
        return 1;
    for (uint32_t i = 0; i < x->item_count; i++)
        if (strcmp(x->items[i], y->items[i]) != 0)
            return 1;
    return 0;
}

/* A text as libconfig reads it back. */
static stella_status put_quoted(stella_buf *buf, const char *text) {
    stella_buf_u8(buf, '"');
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            stella_buf_printf(buf, "\\x%02x", (unsigned)*c);
        } else {
            if (*c == '"' || *c == '\\')
                stella_buf_u8(buf, '\\');
            stella_buf_u8(buf, (uint8_t)*c);
        }
    }
    return stella_buf_u8(buf, '"');
}

static stella_status put_value(stella_buf *buf, const conf_value *value, conf_type type) {
    switch (type) {
    case CONF_NUMBER:
        return stella_buf_printf(buf, "%lld", (long long)value->number);
    case CONF_SWITCH:
        return stella_buf_printf(buf, "%s", value->number ? "true" : "false");
    case CONF_TEXT:
    case CONF_PATH:
    case CONF_CHOICE:
        return put_quoted(buf, value->text);
    case CONF_LIST:
        stella_buf_add(buf, STELLA_SV("["));
        for (uint32_t i = 0; i < value->item_count; i++) {
            stella_buf_printf(buf, "%s", i ? ", " : "");
            put_quoted(buf, value->items[i]);
        }
        return stella_buf_add(buf, STELLA_SV("]"));
    }
    return STELLA_E_INTERNAL;
}

stella_status conf_show_value(const conf *c, conf_key key, const stella_sink *sink, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(1u << 20);
    const stella_status status = put_value(&buf, &c->values[key], conf_table[key].type);
    if (status != STELLA_OK)
        return stella_error_set(err, status, conf_table[key].path, "the value is too long to be shown");
    return stella_sink_write(sink, stella_buf_sv(&buf), err);
}
