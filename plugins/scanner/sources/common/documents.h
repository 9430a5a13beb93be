/* documents.h - the small documents of an image (index, manifest, configuration), read by digest from wherever they
 * are: a layout's blobs, a registry. */
#ifndef SCANNER_SOURCES_DOCUMENTS_H
#define SCANNER_SOURCES_DOCUMENTS_H

#include "oci.h"

typedef struct documents {
    stella_arena *arena; /* where the documents and what is read from them live */
    const char *root;    /* what the outermost index is called in errors: "index.json" */
    const char *ask;     /* how the user picks one of several images: "TARGET:REF" */
    void *self;
    /* The content of the document that a descriptor names, of the size and digest that it states: STELLA_E_FORMAT when
     * they are others, STELLA_E_NOTFOUND when it is not there. */
    stella_status (*read)(void *self, const oci_descriptor *d, stella_sv *out, stella_error *err);
    /* The document's name in errors: "blobs/sha256/<hex>". */
    stella_sv (*name)(void *self, stella_sv digest);
} documents;

static inline stella_status documents_read(const documents *docs, const oci_descriptor *d, stella_sv *out,
                                           stella_error *err) {
    return docs->read(docs->self, d, out, err);
}

static inline stella_sv documents_name(const documents *docs, stella_sv digest) {
    return docs->name(docs->self, digest);
}

/* Fails when the bytes are not what the descriptor states; name: of the document, for the error. */
stella_status documents_verify(const oci_descriptor *d, stella_sv bytes, stella_sv name, stella_error *err);

/* Puts the document's name before the JSON pointer that a parser left; passes status on. */
stella_status documents_locate(stella_status status, stella_sv name, stella_error *err);

#endif
