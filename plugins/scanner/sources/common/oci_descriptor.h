/* oci_descriptor.h - reads one descriptor of an index or manifest. Private to this library. */
#ifndef SCANNER_SOURCES_OCI_DESCRIPTOR_H
#define SCANNER_SOURCES_OCI_DESCRIPTOR_H

#include "oci.h"

#include <stella/json.h>

/* path: the JSON pointer of json, for errors. */
stella_status oci_descriptor_read(const stella_json *json, const char *path, oci_descriptor *out, stella_error *err);

/* Reads an array of at most max descriptors; path: the JSON pointer of the array. */
stella_status oci_descriptors_read(const stella_json *array, const char *path, uint32_t max, stella_arena *arena,
                                   const oci_descriptor **out, uint32_t *count, stella_error *err);

#endif
