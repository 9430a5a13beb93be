/* comment.h - what SPDX has no place for, as lines "stella:NAME=VALUE" of a package's comment. The names are those of
 * the properties in CycloneDX. */
#ifndef EMITTER_SPDX_COMMENT_H
#define EMITTER_SPDX_COMMENT_H

#include <stella/bom.h>
#include <stella/sink.h>

/* A line in pieces. Line breaks in a piece become "\\n", a backslash "\\\\"; the name has neither. */
void spdx_line_begin(stella_buf *text, stella_sv name);
void spdx_line_add(stella_buf *text, stella_sv piece);
void spdx_line_end(stella_buf *text);

void spdx_comment_of_root(const stella_bom *bom, stella_buf *out);
void spdx_comment_of_component(const stella_bom *bom, const stella_bom_component *c, stella_buf *out);

#endif
