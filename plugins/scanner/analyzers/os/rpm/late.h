/* late.h - databases that no probe could read whole: one whose write-ahead log lies in another layer than its main file,
 * and one that rpm finds through a symbolic link only. */
#ifndef RPM_LATE_H
#define RPM_LATE_H

#include "package.h"

typedef struct late_records {
    stella_analysis *job;
    stella_record *at; /* as a probe would have emitted them */
    uint32_t count, room;
    stella_sv replaced[64]; /* databases whose probed records no longer count */
    uint32_t replaced_count;
} late_records;

/* out  .job set by the caller; the rest lives in the job's arena
 * Returns STELLA_E_NOMEM. */
stella_status late_read(late_records *out, stella_error *err);

/* Whether the records of that database's probe are to be passed over. */
int late_replaces(const late_records *late, stella_sv path);

#endif
