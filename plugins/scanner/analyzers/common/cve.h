/* cve.h - CVE ids named in a text. */
#ifndef ANALYZER_CVE_H
#define ANALYZER_CVE_H

#include <stella/component.h>
#include <stella/sink.h>

/* Different ids of one text that are kept; what is behind is dropped, and is_full set. */
#define CVE_IDS_MAX 20000

/* An id: year * 10^9 + number. */
typedef struct cve_set {
    uint64_t *ids; /* owned; sorted once cve_set_finish was called */
    uint32_t count, room;
    int32_t is_full;
    char tail[32]; /* of the last piece: an id may span two */
    uint32_t tail_len;
} cve_set;

void cve_set_fini(cve_set *set); /* also for STELLA_AUTO */

/* Looks through the next piece of the text. Returns STELLA_E_NOMEM. */
stella_status cve_set_scan(cve_set *set, stella_sv piece);

/* Behind the last piece: each id once, in order. Returns STELLA_E_NOMEM. */
stella_status cve_set_finish(cve_set *set);

/* The set as the bytes of a record. Returns the status of the buffer. */
stella_status cve_set_encode(const cve_set *set, stella_buf *out);

/* Gives the component a STELLA_PROPERTY_CVE for each id of either record's bytes (one may be empty), in order. */
void cve_add_properties(stella_sv first, stella_sv second, stella_component *c);

#endif
