/* meta.h - what cpanm keeps of a distribution that it installed: .meta/Alpha-Beta-1.02/install.json, and MYMETA.json
 * beside it. Source: CPAN::Meta::Spec; App::cpanminus says what install.json holds. */
#ifndef PERL_META_H
#define PERL_META_H

#include "common/walk.h"

typedef struct meta {
    stella_sv module;        /* "Alpha::Beta" */
    stella_sv name, version; /* of the distribution: "Alpha-Beta", "1.02" */
    stella_sv stated;        /* the version of the module, as install.json has it */
    stella_sv author;        /* who uploaded it: "ANN" */
    const stella_json *provides;
} meta;

/* "Alpha-Beta-1.02" in its parts; without a version all of it is the name. */
void meta_split(stella_sv dist, stella_sv *name, stella_sv *version);

/* The third segment of "A/AN/ANN/x.tar.gz" when it is an id of an author; else empty. */
stella_sv meta_author(stella_sv pathname);

/* out  set on success; lives in scratch
 * Returns what walk_json returns, STELLA_E_FORMAT without module or distribution. */
stella_status meta_read(const stella_file *file, stella_arena *scratch, meta *out, stella_error *err);

/* License, abstract, author and what is needed to run, from the document of META.json or MYMETA.json.
 * Returns STELLA_E_NOMEM. */
stella_status meta_describe(graph *g, stella_component *c, const stella_json *document, stella_error *err);

#endif
