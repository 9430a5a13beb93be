/* component.h - a component in XML. The schema wants its elements in this order. */
#ifndef EMITTER_CYCLONEDX_XML_COMPONENT_H
#define EMITTER_CYCLONEDX_XML_COMPONENT_H

#include "common/xml_writer.h"
#include "cyclonedx/model.h"

void component_write(xml_writer *w, const cdx_component *c);

/* The element "properties", unless there are none. */
void properties_write(xml_writer *w, const stella_bom_pair *properties, uint32_t count);

#endif
