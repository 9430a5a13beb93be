/* select.h - which of the images of an OCI index is meant. */
#ifndef SCANNER_SOURCES_SELECT_H
#define SCANNER_SOURCES_SELECT_H

#include "documents.h"

#define SELECT_NESTING_MAX     4          /* indexes in indexes */
#define SELECT_INDEXES_MAX     100        /* nested indexes read */
#define SELECT_INDEX_BYTES_MAX (4u << 20) /* of all of them */
#define SELECT_IMAGES_MAX      4096       /* images looked at */

/* Finds the one manifest that select (a ref.name or a digest; empty: whichever there is) and platform
 * ("os/arch[/variant]") mean. Attestations and artifacts are no images.
 * out  the manifest's descriptor, with ref_name of the entry of the outermost index that led to it
 * Returns STELLA_E_NOTFOUND when nothing fits, STELLA_E_INVALID when several do: the message lists the choices. */
stella_status select_manifest(const documents *docs, const oci_index *index, stella_sv select, stella_sv platform,
                              oci_descriptor *out, stella_error *err);

#endif
