/* select.h - which of the images of an OCI index is meant. */
#ifndef SCANNER_SOURCES_SELECT_H
#define SCANNER_SOURCES_SELECT_H

#include "store.h"

#define SELECT_NESTING_MAX     4          /* indexes in indexes */
#define SELECT_INDEXES_MAX     100        /* nested indexes read */
#define SELECT_INDEX_BYTES_MAX (4u << 20) /* of all of them */
#define SELECT_IMAGES_MAX      4096       /* images looked at */

/* Finds the one manifest that target->select (a ref.name or a digest; empty: whichever there is) and target->platform
 * mean. Attestations and artifacts are no images.
 * out  the manifest's descriptor, with ref_name of the entry of index.json that led to it
 * Returns STELLA_E_NOTFOUND when nothing fits, STELLA_E_INVALID when several do: the message lists the choices. */
stella_status select_manifest(const store *s, const oci_index *index, oci_descriptor *out, stella_error *err);

#endif
