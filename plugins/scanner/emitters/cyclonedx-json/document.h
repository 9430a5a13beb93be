/* document.h - a result as a CycloneDX 1.7 document. */
#ifndef EMITTER_CYCLONEDX_DOCUMENT_H
#define EMITTER_CYCLONEDX_DOCUMENT_H

#include <stella/bom.h>
#include <stella/json.h>

#define DOCUMENT_ROOT "stella:subject" /* bom-ref of the subject */

/* What a document needs beside the result. */
typedef struct document {
    const stella_bom *bom;
    stella_sv serial;    /* "urn:uuid:..."; empty: the document has none */
    stella_sv root_purl; /* pkg:oci/...; empty for a directory */
} document;

/* Writes the whole document; the writer's owner finishes it. */
void document_write(stella_json_writer *w, const document *d);

/* One property. */
void document_property(stella_json_writer *w, stella_sv name, stella_sv value);

#endif
