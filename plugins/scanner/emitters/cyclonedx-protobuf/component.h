/* component.h - a component as a protobuf message. Fields go in the order of their numbers, as protoc writes them. */
#ifndef EMITTER_CYCLONEDX_PROTOBUF_COMPONENT_H
#define EMITTER_CYCLONEDX_PROTOBUF_COMPONENT_H

#include "cyclonedx/model.h"
#include "wire.h"

void component_write(wire *w, uint32_t field, const cdx_component *c);

void properties_write(wire *w, uint32_t field, const stella_bom_pair *properties, uint32_t count);

#endif
