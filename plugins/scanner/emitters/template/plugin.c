/* The emitter of templates (README.md). */
#include "template/check.h"
#include "template/mustache.h"

#include "json/result.h"

#include <stella/auto.h>
#include <stella/emitter.h>

#define DOCUMENT_MAX ((size_t)512 << 20)
#define TREE_MAX     (UINT64_C(2) << 30)

/* The result as the format json has it: what a template sees is that, under the same names. */
static stella_status make_document(const stella_bom *bom, stella_buf *text, stella_arena *arena,
                                   const stella_json **out, stella_error *err) {
    const stella_sink sink = stella_buf_sink(text);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    result_write(&w, bom);
    const stella_status status = stella_json_finish(&w, err);
    return status == STELLA_OK ? stella_json_parse(stella_buf_sv(text), arena, out, err) : status;
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(TREE_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(DOCUMENT_MAX);
    const stella_json *document;
    if (!STELLA_HAS(out, stella_emission, template_text) || !out->template_text.ptr)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "the format template needs --template FILE");
    stella_status status = check_template(out->template_text, err);
    if (status != STELLA_OK)
        return status;
    if (!arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the result");
    status = make_document(bom, &text, arena, &document, err);
    return status == STELLA_OK ? mustache_render(out->template_text, document, out->sink, err) : status;
}

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "template",
                                       .media_type = "text/plain",
                                       .emit = emit,
                                       .flags = STELLA_EMITTER_TEMPLATE};

STELLA_PLUGIN("org.stella-ops.emitter.template", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
