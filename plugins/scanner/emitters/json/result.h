/* result.h - the full result as JSON, docs/reference/result.md. */
#ifndef EMITTER_JSON_RESULT_H
#define EMITTER_JSON_RESULT_H

#include <stella/bom.h>
#include <stella/json.h>

#define RESULT_SCHEMA "https://stella-ops.org/schema/result/0"

/* Writes the whole document; the writer's owner finishes it. */
void result_write(stella_json_writer *w, const stella_bom *bom);

#endif
