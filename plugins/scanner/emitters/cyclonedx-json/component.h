/* component.h - a component of a CycloneDX 1.7 document. */
#ifndef EMITTER_CYCLONEDX_COMPONENT_H
#define EMITTER_CYCLONEDX_COMPONENT_H

#include <stella/bom.h>
#include <stella/json.h>

void component_write(stella_json_writer *w, const stella_bom *bom, const stella_bom_component *c);

/* Whether a text is a CPE 2.3 formatted string as the CycloneDX schema takes it; another one goes into a property. */
int component_is_cpe(stella_sv text);

/* Whether a homepage may stand as an external reference: an http or https address without blanks. */
int component_is_web_address(stella_sv text);

#endif
