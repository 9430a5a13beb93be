/* component.h - a component of a CycloneDX 1.7 document. */
#ifndef EMITTER_CYCLONEDX_COMPONENT_H
#define EMITTER_CYCLONEDX_COMPONENT_H

#include <stella/bom.h>
#include <stella/json.h>

void component_write(stella_json_writer *w, const stella_bom *bom, const stella_bom_component *c);

#endif
