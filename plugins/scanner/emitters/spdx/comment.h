/* comment.h - what SPDX has no place for, as lines "stella:NAME=VALUE" of a package's comment. The names are those of
 * the properties in CycloneDX. */
#ifndef EMITTER_SPDX_COMMENT_H
#define EMITTER_SPDX_COMMENT_H

#include <stella/bom.h>
#include <stella/sink.h>

void spdx_comment_of_root(const stella_bom *bom, stella_buf *out);
void spdx_comment_of_component(const stella_bom *bom, const stella_bom_component *c, stella_buf *out);

#endif
