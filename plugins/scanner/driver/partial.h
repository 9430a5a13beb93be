/* partial.h - a layer in a registry read in parts: its table of contents, and what of it analyzers ask for by path.
 * Private to the driver. */
#ifndef SCANNER_DRIVER_PARTIAL_H
#define SCANNER_DRIVER_PARTIAL_H

#include "request.h"

/* What was fetched of a layer. */
typedef struct partial {
    layer_parts parts;                 /* for layer_task.parts */
    int toc_fd, blob_fd;               /* its descriptors; -1: the layer is to be read as any other */
    char key[STELLA_DIGEST_TEXT_SIZE]; /* what the pack is kept under: not the digest of the layer */
    uint64_t fetched;                  /* bytes */
} partial;

#define PARTIAL_NONE                                                                                                   \
    { .toc_fd = -1, .blob_fd = -1 }
void partial_fini(partial *p); /* for STELLA_AUTO */

/* Whether the layer can be read in parts, and the user wants that. key: set when it can. */
int partial_applies(const scan *s, const layer_info *info, char key[STELLA_DIGEST_TEXT_SIZE]);

/* Fetches the table and the parts. A server that sends no parts, or a table of a kind that is not known, is no error:
 * then there are no descriptors.
 * out  to be ended with partial_fini whatever is returned
 * Returns STELLA_E_FORMAT for a table that lies, and what fetching returns. */
stella_status partial_fetch(scan *s, const layer_task *task, const exclusions *excluded, partial *out,
                            stella_error *err);

/* Says in the result that the layer was read in part. */
void partial_note(scan *s, uint32_t index, uint64_t fetched);

#endif
