/* component.h - a component in JSON. */
#ifndef EMITTER_CYCLONEDX_JSON_COMPONENT_H
#define EMITTER_CYCLONEDX_JSON_COMPONENT_H

#include "cyclonedx/model.h"

#include <stella/json.h>

void component_write(stella_json_writer *w, cdx_version version, const cdx_component *c);

/* The member "properties", unless there are none. */
void properties_write(stella_json_writer *w, const stella_bom_pair *properties, uint32_t count);

#endif
