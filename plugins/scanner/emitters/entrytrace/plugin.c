/* The emitter of what an image runs (README.md). */
#include "render.h"

#include <stella/auto.h>
#include <stella/emitter.h>
#include <stella/file.h>

#define DOCUMENT_MAX ((size_t)256 << 20)

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    static const struct {
        stella_sv name;
        stella_status (*render)(const stella_bom *bom, stella_buf *out, stella_error *err);
    } renderings[] = {{STELLA_SV_INIT("tree"), render_tree},
                      {STELLA_SV_INIT("json"), render_json},
                      {STELLA_SV_INIT("dot"), render_dot},
                      {STELLA_SV_INIT("mermaid"), render_mermaid}};
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(DOCUMENT_MAX);
    (void)self;
    if (!STELLA_HAS(bom, stella_bom, trace) || !bom->trace)
        return stella_error_set(err, STELLA_E_INVALID, NULL,
                                "nothing says what is run: an image does, or --entrypoint");
    size_t which = 0;
    while (which + 1 < STELLA_COUNT(renderings) && !stella_sv_eq(renderings[which].name, out->version))
        which++;
    const stella_status status = renderings[out->version.len ? which : 0].render(bom, &text, err);
    if (status != STELLA_OK || text.failed)
        return stella_error_set(err, status ? status : STELLA_E_NOMEM, NULL, "no memory for the document");
    return stella_sink_write(out->sink, stella_buf_sv(&text), err);
}

static const char *const versions[] = {"tree", "json", "dot", "mermaid", NULL};
static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "entrytrace",
                                       .media_type = "text/plain",
                                       .emit = emit,
                                       .versions = versions};

STELLA_PLUGIN("org.stella-ops.emitter.entrytrace", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
