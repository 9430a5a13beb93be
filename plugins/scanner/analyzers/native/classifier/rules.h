/* rules.h - programs and libraries that are known by their name and by a text in them that holds their version. */
#ifndef CLASSIFIER_RULES_H
#define CLASSIFIER_RULES_H

#include <stella/sv.h>

/* How a version is written. All begin with two or more numbers joined by dots. */
typedef enum rule_shape {
    RULE_NUMBERS, /* "6.1.1"; what follows is no part of it */
    RULE_TAGGED,  /* "1.9.3p551", "3.0.0-rc.1" */
    RULE_HASHED,  /* "3.1-dev0-1eb0f22": TAGGED, and the last dash begins the commit, which is left out */
    RULE_JAVA,    /* "1.8.0_352-b08", "11.0.17+8-LTS": what '+' begins is left out */
    /* "7.2.4buildkitsandbox-1704812352000000000": the version, the name of the machine (that, or twelve letters as
     * containers have them) and the time in nanoseconds. Texts around it do not count. */
    RULE_BUILD_ID,
} rule_shape;

/* In before and after a NUL stands for one or more NULs. In after the byte RULE_BLANKS stands for one or more blanks, and
 * RULE_DIGIT for a digit. */
#define RULE_DIGIT  '\1'
#define RULE_BLANKS '\2'

/* A text "BEFORE version AFTER" in a file of one of these names. */
typedef struct rule {
    const char *files; /* names of files, separated by blanks; '*' stands for any letters */
    stella_sv before;
    stella_sv after;
    stella_sv needs;  /* also somewhere in the file; empty: nothing */
    const char *name; /* of the software: purl pkg:generic/NAME */
    const char *cpe;  /* "vendor:product"; NULL: none */
    rule_shape shape;
    int is_by_file; /* the number in the name of the file ("python3.11") begins the version, behind before */
} rule;

/* All of them; the first that matches holds. */
extern const rule rules[];
extern const unsigned rule_count;

#endif
