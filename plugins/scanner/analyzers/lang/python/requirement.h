/* requirement.h - dependency specifiers (PEP 508) and their markers. */
#ifndef PYTHON_REQUIREMENT_H
#define PYTHON_REQUIREMENT_H

#include <stella/sv.h>

/* "name[extra,extra] (>=1,<2) ; marker" or "name @ url ; marker". Views into the text; empty when absent. */
typedef struct requirement {
    stella_sv name;
    stella_sv extras; /* between the brackets */
    stella_sv spec;   /* without brackets around it */
    stella_sv url;
    stella_sv marker;
} requirement;

/* Returns 0, leaving *out alone, when there is no valid name at the front or brackets are not closed. */
int requirement_parse(stella_sv text, requirement *out);

/* The version of a spec that allows one alone: "==1.2" or "===1.2", no wildcard. Empty otherwise. */
stella_sv requirement_pin(stella_sv spec);

/* What markers are asked about. The rest is Linux and CPython; machine and kernel are not known. */
typedef struct marker_environment {
    stella_sv python_version; /* "3.11"; empty: not known */
    int32_t is_pypy;
    const stella_sv *extras; /* that are asked for */
    uint32_t extra_count;
} marker_environment;

#define MARKER_FALSE   0
#define MARKER_UNKNOWN 1 /* depends on what is not known, or is no marker */
#define MARKER_TRUE    2

#define MARKER_DEPTH_MAX 32 /* brackets in each other; a deeper one is unknown */

int marker_evaluate(stella_sv marker, const marker_environment *environment);

#endif
