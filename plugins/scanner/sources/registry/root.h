/* root.h - the document that a reference leads to: told apart and held to its digest before anything in it is believed.
 * [any thread] */
#ifndef SCANNER_SOURCES_REGISTRY_ROOT_H
#define SCANNER_SOURCES_REGISTRY_ROOT_H

#include "session.h"

#define ROOT_INDEX    1
#define ROOT_MANIFEST 2

/* Says what a document is, by its own account, else by its media type, else by what it has.
 * Returns STELLA_E_UNSUPPORTED for Docker's schema 1, STELLA_E_FORMAT for what is neither or both. */
stella_status root_kind(const session_document *document, stella_arena *arena, uint32_t *kind, stella_error *err);

/* Compares the document with the digest asked for, or, when that is empty, with the one the registry states.
 * computed  set on success: "sha256:<hex>" of the bytes, in the arena */
stella_status root_verify(const session_document *document, stella_sv asked, stella_arena *arena, stella_sv *computed,
                          stella_error *err);

#endif
