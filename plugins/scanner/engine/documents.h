/* documents.h - a target that is a document listing components: readers (stella/reader.h) in place of analyzers; or an
 * archive of several, which become one result.
 *
 * Such a target is a single file in a layer of its own. Nobody asked for its content while the layer was read, so it is
 * wished for and comes with the second round, like any other file that interests could not foresee. */
#ifndef SCANNER_ENGINE_DOCUMENTS_H
#define SCANNER_ENGINE_DOCUMENTS_H

#include "analyze_request.h"
#include "phases.h"

#include <stella/reader.h>

#define DOCUMENTS_KIND "document" /* the kind of image that the source states */
#define DOCUMENTS_KIND_SEVERAL                                                                                         \
    "documents" /* an archive; the image's name is the path of the one whose subject counts, or "=NAME" */
#define DOCUMENTS_MAX 1000u

int documents_is_one(const analyze_request *request);

/* Has the reader that is surest read each document.
 * result   gets its stage, or wishes; all zero before; phases_fini it whatever is returned
 * subject  set when it was read; texts live in the arena
 * Returns STELLA_E_FORMAT when no reader knows the document, or what the reader says. */
stella_status documents_run(const analysis_world *world, const analyze_request *request, stella_arena *arena,
                            phases_result *result, stella_subject *subject, stella_error *err);

/* Puts the document's subject into the result and takes out what tells of layers: the one there was is no image's. */
void documents_finish(const stella_subject *subject, int64_t epoch_ms, stella_bom *bom);

#endif
