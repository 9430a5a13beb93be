/* convert.h - CycloneDX XML as a tree of the shape that CycloneDX JSON has. */
#ifndef READER_CYCLONEDX_XML_CONVERT_H
#define READER_CYCLONEDX_XML_CONVERT_H

#include "common/xml/xml.h"
#include "cyclonedx/cyclonedx.h"

#define CONVERT_NAMESPACE "http://cyclonedx.org/schema/bom/" /* and the version */

/* Elements of other namespaces, which the schema allows anywhere, are left out. Texts are borrowed.
 * Returns STELLA_E_FORMAT for another root, or STELLA_E_NOMEM. */
stella_status convert_bom(const xml_node *bom, stella_arena *arena, const stella_json **out, stella_error *err);

#endif
