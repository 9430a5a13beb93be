/* store.h - where the files of a container are: in a directory, or in an archive that is not unpacked. */
#ifndef SCANNER_SOURCES_STORE_H
#define SCANNER_SOURCES_STORE_H

#include "archive.h"
#include "oci.h"

#include <stella/source.h>

typedef struct store {
    stella_target *target;
    const archive *tar; /* NULL: the target is a directory */
} store;

/* A file of the container, as stella_layer wants it. */
typedef struct store_place {
    stella_sv path;  /* in a directory; empty in an archive */
    uint64_t offset; /* in an archive; 0 in a directory */
    uint64_t size;
} store_place;

/* Opens the target: reads the archive's table of contents when it is a file. Lives in the target's arena. */
stella_status store_open(stella_target *target, store *out, stella_error *err);

/* Finds a file by its name, relative to the container's root. STELLA_E_NOTFOUND when it is not there. */
stella_status store_find(const store *s, stella_sv name, store_place *out, stella_error *err);

/* The content of a small file, in the target's arena. STELLA_E_LIMIT when it is larger than OCI_DOCUMENT_BYTES_MAX. */
stella_status store_read(const store *s, stella_sv name, stella_sv *out, stella_error *err);

/* States the layer that is the file of that name; a foreign one that is there all the same is a blob like any other, and
 * one that is not is stated as it is.
 * Returns STELLA_E_NOTFOUND when it is not there, STELLA_E_FORMAT when it has another size than layer says. */
stella_status store_layer(const store *s, stella_sv name, const stella_layer *layer, stella_error *err);

/* The name of a blob in an OCI layout: "blobs/sha256/<hex>"; ptr NULL when memory is short. */
stella_sv store_blob_name(const store *s, stella_sv digest);

/* The content of a document that a descriptor names; its size and digest are verified: STELLA_E_FORMAT when they are
 * others. */
stella_status store_read_blob(const store *s, const oci_descriptor *blob, stella_sv *out, stella_error *err);

#endif
