#include "bom_index.h"
#include "layout.h"

#include <stella/auto.h>

#define FLUSH_FROM (64u << 10)
#define BUFFER_MAX (1u << 20) /* what is not flushed, and one entry more: far more than a text and a set take */

/* Entries are gathered before they go out. */
typedef struct writer {
    stella_buf buf;
    uint64_t written;
    const stella_sink *sink;
    stella_error *err;
} writer;

static void writer_fini(writer *w) {
    stella_buf_fini(&w->buf);
}

static stella_status flush(writer *w) {
    if (w->buf.failed)
        return stella_error_set(w->err, STELLA_E_NOMEM, NULL, "no memory for an index");
    w->written += w->buf.len;
    if (w->written > BOM_INDEX_BYTES_MAX)
        return stella_error_set(w->err, STELLA_E_LIMIT, NULL, "an index has %u bytes at most", BOM_INDEX_BYTES_MAX);
    const stella_status status = stella_sink_write(w->sink, stella_buf_sv(&w->buf), w->err);
    w->buf.len = 0;
    return status;
}

static stella_status entry_done(writer *w) {
    return w->buf.failed || w->buf.len >= FLUSH_FROM ? flush(w) : STELLA_OK;
}

static stella_status check_text(stella_sv text, const char *section, uint32_t i, stella_error *err) {
    char path[INDEX_PATH_BYTES];
    if (text.len <= BOM_INDEX_TEXT_MAX && stella_sv_utf8_prefix(text) == text.len)
        return STELLA_OK;
    index_path(path, section, i);
    if (text.len > BOM_INDEX_TEXT_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, path, "a text of %zu bytes; an index takes %u", text.len,
                                BOM_INDEX_TEXT_MAX);
    return stella_error_set(err, STELLA_E_INVALID, path, "a text that is not UTF-8");
}

static stella_status check_table(const stella_sv *texts, uint32_t count, const char *section, int is_ordered,
                                 stella_error *err) {
    char path[INDEX_PATH_BYTES];
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < count; i++) {
        status = check_text(texts[i], section, i, err);
        index_path(path, section, i);
        if (status == STELLA_OK && is_ordered && i && stella_sv_cmp(texts[i - 1], texts[i]) >= 0)
            status = stella_error_set(err, STELLA_E_INVALID, path, "a table that is not in order");
    }
    return status;
}

static int is_set(const uint32_t *values, uint32_t count, uint32_t bound) {
    for (uint32_t i = 0; i < count; i++)
        if (values[i] >= bound || (i && values[i] <= values[i - 1]))
            return 0;
    return 1;
}

static stella_status check_components(const bom_index_content *c, stella_error *err) {
    char path[INDEX_PATH_BYTES];
    for (uint32_t i = 0; i < c->component_count; i++) {
        const bom_index_component *one = &c->components[i];
        const stella_status status = check_text(one->identity, INDEX_COMPONENTS, i, err);
        if (status != STELLA_OK)
            return status;
        index_path(path, INDEX_COMPONENTS, i);
        if (i && stella_sv_cmp(one[-1].identity, one->identity) >= 0)
            return stella_error_set(err, STELLA_E_INVALID, path, "a table that is not in order");
        if (!is_set(one->layers, one->layer_count, c->layer_count) ||
            !is_set(one->entrypoints, one->entrypoint_count, c->entrypoint_count))
            return stella_error_set(err, STELLA_E_INVALID, path, "a set that is not in order, or of what is not there");
    }
    return STELLA_OK;
}

static stella_status check(const bom_index_content *c, stella_error *err) {
    stella_status status = index_check_counts(c->layer_count, c->component_count, c->entrypoint_count, err);
    if (status == STELLA_OK)
        status = check_text(c->image_digest, INDEX_DIGEST, 0, err);
    if (status == STELLA_OK)
        status = check_table(c->layers, c->layer_count, INDEX_LAYERS, 0, err);
    if (status == STELLA_OK)
        status = check_table(c->entrypoints, c->entrypoint_count, INDEX_ENTRYPOINTS, 1, err);
    return status == STELLA_OK ? check_components(c, err) : status;
}

static void put_text(writer *w, stella_sv text) {
    (void)stella_buf_u16le(&w->buf, (uint16_t)text.len);
    (void)stella_buf_add(&w->buf, text);
}

static void put_header(writer *w, const bom_index_content *c) {
    (void)stella_buf_add(&w->buf, INDEX_MAGIC);
    (void)stella_buf_u16le(&w->buf, BOM_INDEX_VERSION);
    (void)stella_buf_u16le(&w->buf, c->entrypoint_count ? BOM_INDEX_FLAG_USAGE : 0);
    put_text(w, c->image_digest);
    (void)stella_buf_u64le(&w->buf, (uint64_t)c->generated_us);
    (void)stella_buf_u32le(&w->buf, c->layer_count);
    (void)stella_buf_u32le(&w->buf, c->component_count);
    (void)stella_buf_u32le(&w->buf, c->entrypoint_count);
}

static stella_status put_table(writer *w, const stella_sv *texts, uint32_t count) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < count; i++) {
        put_text(w, texts[i]);
        status = entry_done(w);
    }
    return status;
}

/* The length stands before what it measures. */
static void put_set(writer *w, const uint32_t *values, uint32_t count) {
    const size_t at = w->buf.len;
    (void)stella_buf_u32le(&w->buf, 0);
    if (w->buf.failed || roaring_write(values, count, &w->buf) != STELLA_OK)
        return;
    const size_t len = w->buf.len - at - 4;
    for (size_t i = 0; i < 4; i++)
        w->buf.ptr[at + i] = (char)(len >> 8 * i & 0xff);
}

static stella_status put_identities(writer *w, const bom_index_content *c) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < c->component_count; i++) {
        put_text(w, c->components[i].identity);
        status = entry_done(w);
    }
    return status;
}

static stella_status put_layer_sets(writer *w, const bom_index_content *c) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < c->component_count; i++) {
        put_set(w, c->components[i].layers, c->components[i].layer_count);
        status = entry_done(w);
    }
    return status;
}

static stella_status put_entrypoint_sets(writer *w, const bom_index_content *c) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; c->entrypoint_count && status == STELLA_OK && i < c->component_count; i++) {
        if (c->components[i].entrypoint_count)
            put_set(w, c->components[i].entrypoints, c->components[i].entrypoint_count);
        else
            (void)stella_buf_u32le(&w->buf, 0);
        status = entry_done(w);
    }
    return status;
}

stella_status bom_index_write(const bom_index_content *content, const stella_sink *sink, stella_error *err) {
    STELLA_AUTO(writer_fini) writer w = {.buf = stella_buf_of(BUFFER_MAX), .sink = sink, .err = err};
    stella_status status = check(content, err);
    if (status != STELLA_OK)
        return status;
    put_header(&w, content);
    status = put_table(&w, content->layers, content->layer_count);
    if (status == STELLA_OK)
        status = put_identities(&w, content);
    if (status == STELLA_OK)
        status = put_layer_sets(&w, content);
    if (status == STELLA_OK)
        status = put_table(&w, content->entrypoints, content->entrypoint_count);
    if (status == STELLA_OK)
        status = put_entrypoint_sets(&w, content);
    if (status == STELLA_OK)
        status = flush(&w);
    return status;
}
