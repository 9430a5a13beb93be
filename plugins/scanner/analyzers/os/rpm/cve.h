/* cve.h - CVE ids named in a text, each once. */
#ifndef RPM_CVE_H
#define RPM_CVE_H

#include <stella/sv.h>

#define CVE_MAX       512 /* of a package; a kernel's changelog names some hundreds */
#define CVE_BYTES_MAX 24  /* "CVE-2021-1234567890123" */

typedef struct cve_set {
    char ids[CVE_MAX][CVE_BYTES_MAX]; /* NUL-terminated, in order */
    uint32_t count;
    int is_full; /* there were more */
} cve_set;

/* Adds the ids that the text names: "CVE-", a year, "-", four digits or more; "CAN-" is what they were called once. */
void cve_set_add(cve_set *set, stella_sv text);

#endif
