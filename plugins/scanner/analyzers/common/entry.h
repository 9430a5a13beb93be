/* entry.h - one package as a file names it: checked, then added as a component with its evidence. */
#ifndef ANALYZER_ENTRY_H
#define ANALYZER_ENTRY_H

#include <stella/analyzer.h>

typedef struct entry {
    stella_sv type;       /* purl type */
    stella_sv namespace_; /* segments joined by '/'; may be empty */
    stella_sv name;       /* no slash in it */
    stella_sv version;    /* may be empty, and hold slashes */
    const char *method;   /* of the evidence: "lockfile", "metadata", ... */
    uint32_t line;        /* in the file, 1-based; 0: none */
    uint32_t flags;       /* STELLA_COMPONENT_* */
} entry;

/* Whether it may stand in a path of segments: each is made of printable ASCII without blanks and backslashes, and is
 * neither empty, "." nor "..". */
int entry_is_path(stella_sv text);

/* The same for one segment: what names are made of. */
int entry_is_name(stella_sv text);

/* Adds the component. NULL, with a note of the file and line, when name, namespace or version are none. */
stella_component *entry_add(stella_analysis *job, const stella_file *file, const entry *e);

/* A purl qualifier; one that is no printable ASCII without blanks is left out. */
void entry_qualifier(stella_component *c, const char *key, stella_sv value);

/* Adds the license: an SPDX expression when the text is one, else a name.
 * Returns STELLA_E_NOMEM. */
stella_status entry_license(stella_component *c, stella_sv text, stella_error *err);

/* Notes that the file could not be read: a fault of the file's own, the others stand. */
void entry_fault(stella_analysis *job, const stella_file *file, const stella_error *why);

/* An arena for the reading of one file, so that a hostile one cannot use up what others need: a reader that meets its
 * end says STELLA_E_NOMEM, which is the file's fault (entry_fault). The caller destroys it.
 * out  set on success
 * Returns STELLA_E_NOMEM when there is no memory at all. */
stella_status entry_scratch(uint64_t budget_bytes, stella_arena **out, stella_error *err);

/* Takes the last segment off the path: *path keeps what is before it, empty when there was but one. */
stella_sv entry_pop(stella_sv *path);

#endif
