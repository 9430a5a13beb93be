/* subject.h - the package URL of what was scanned. */
#ifndef EMITTER_COMMON_SUBJECT_H
#define EMITTER_COMMON_SUBJECT_H

#include <stella/arena.h>
#include <stella/bom.h>

/* pkg:oci/app@sha256:...?arch=amd64&repository_url=registry.example.org/team/app&tag=1.2
 * None without the manifest's digest, which is the type's version; and none for a lone word: in a layout that is as a
 * rule a tag, which names no repository. Nor for a name that is not UTF-8 or too long.
 * out  set on success, when there is one; in the arena
 * Returns STELLA_E_NOMEM. */
stella_status subject_purl(const stella_bom *bom, stella_arena *arena, stella_sv *out, stella_error *err);

#endif
