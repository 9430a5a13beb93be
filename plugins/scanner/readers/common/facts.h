/* facts.h - what SBOMs say beside their own members: ours have "stella:NAME" properties or lines, under the same names
 * in every format. Names here are without "stella:". */
#ifndef READER_COMMON_FACTS_H
#define READER_COMMON_FACTS_H

#include <stella/reader.h>

#define FACTS_PREFIX "stella:"

/* What must be known of a component before it is added. */
typedef struct facts {
    uint32_t flags; /* STELLA_COMPONENT_* */
    stella_sv type; /* of a component without a package URL; empty: not said */
} facts;

void facts_look(facts *f, stella_sv name, stella_sv value);

/* States one fact of a component. What is worked out anew (layers, evidence) is passed over. */
void facts_state(stella_component *c, stella_sv name, stella_sv value);

/* One fact of the subject; the text is borrowed. Others are passed over. */
void facts_subject(stella_subject *subject, stella_sv name, stella_sv value);

/* A component as a document names it. */
typedef struct named {
    stella_sv purl; /* as written; may be empty */
    stella_sv name, version;
    stella_sv type; /* when it has no purl that can be read */
    uint32_t flags;
} named;

/* Adds it, with the document as its evidence. A purl that cannot be read is noted; one that is another spelling of the
 * canonical one is that one.
 * out  set on success: NULL for a component without a name, which is noted and left out
 * Returns STELLA_E_NOMEM. */
stella_status facts_add(stella_reading *reading, const named *n, stella_component **out, stella_error *err);

/* "2023-11-14T22:13:20Z", or with another offset or fractions, as milliseconds since 1970; -1 for anything else, and for
 * 1970 itself, which stands for "not known" where a format demands a time. */
int64_t facts_time(stella_sv text);

#endif
