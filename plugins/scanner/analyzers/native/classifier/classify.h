/* classify.h - which known software a program or library is, by its name and its bytes (rules.h). */
#ifndef CLASSIFIER_CLASSIFY_H
#define CLASSIFIER_CLASSIFY_H

#include "rules.h"

#define CLASSIFY_VERSION_MAX 64     /* bytes of a version; a longer one is none */
#define CLASSIFY_HITS_MAX    100000 /* places in one file where a rule's text is looked for */

typedef struct classify_match {
    const rule *rule;
    stella_sv version; /* in the file */
} classify_match;

/* Whether any rule is about files of that name: only then are the bytes worth reading. */
int classify_is_known(stella_sv file_name);

/* out  set when 1 is returned, 0 when it is nothing that is known
 * The time is linear in the bytes, for each rule about files of that name. [any thread] */
int classify(stella_sv file_name, stella_sv bytes, classify_match *out);

#endif
