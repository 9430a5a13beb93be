/* document.h - what an SPDX document, of version 2.3 or 3.0, says of a result. The formats differ in how they write it.
 */
#ifndef EMITTER_SPDX_DOCUMENT_H
#define EMITTER_SPDX_DOCUMENT_H

#include "spdx/licenses.h"

#include <stella/emitter.h>

#define SPDX_NO_ASSERTION   "NOASSERTION"
#define SPDX_ID_DIGEST_SIZE 12          /* bytes of the digest that make an id unique */
#define SPDX_TEXT_MAX       (64u << 20) /* of one comment: a component with a million properties is cut off */

typedef struct spdx_document {
    const stella_bom *bom;
    stella_arena *arena;    /* for what lives as long as the document */
    stella_arena *scratch;  /* emptied with each package */
    stella_sv namespace_;   /* a URI without fragment; empty while it is being found */
    stella_sv name;         /* of the document and of the subject */
    stella_sv root_purl;    /* pkg:oci/...; empty when it has none */
    stella_sv list_version; /* of the license list, "3.27.0" */
    char created[24];       /* "2023-11-14T22:13:20Z" */
    spdx_licenses licenses;
    unsigned char (*digests)[SPDX_ID_DIGEST_SIZE]; /* of each component's ref */
    stella_buf text;                               /* a text in the making */
} spdx_document;

/* Writes a whole document to a sink; is called twice, first without a namespace. */
typedef stella_status spdx_write(spdx_document *d, const stella_sink *sink, stella_error *err);

/* What an emitter's emit is but for the writing. The namespace is a URL with a UUID from the SHA-256 of the document
 * without one, which is written twice therefore: held in memory it would be as large as all the rest of the scan. */
stella_status spdx_emit(const stella_bom *bom, const stella_emission *out, spdx_write *write, stella_error *err);

/* What is worth knowing of the run, a line each; valid until the next call. Empty when there is nothing. */
stella_sv spdx_document_comment(spdx_document *d);

/* The license list as SPDX 2.3 names it, "3.27". */
stella_sv spdx_short_list_version(const spdx_document *d);

/* Whether an id may hold the byte: letters, digits and '.'; what else there is becomes '-'. */
static inline int spdx_is_id_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
}

/* An analyzer, and the scanner itself as number 0, by name and version; count is that of the plugins plus one. */
stella_bom_pair spdx_tool(const stella_bom *bom, uint32_t index);

#endif
