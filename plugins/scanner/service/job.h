/* job.h - a scan job as a document: what is stored under its id and answered by GET /api/v1/scans/{id}. */
#ifndef SCANNER_SERVICE_JOB_H
#define SCANNER_SERVICE_JOB_H

#include "scan.h"

#include <stella/json.h>
#include <stella/sink.h>

#define JOB_ID_SIZE     33   /* 32 lower-case hex digits, NUL */
#define JOB_TARGET_MAX  4095 /* bytes */
#define JOB_FORMATS_MAX 6
#define JOB_FORMAT_MAX  31  /* bytes of FORMAT or FORMAT@VERSION, [a-z0-9.-] */
#define JOB_REQUEST_MAX 128 /* bytes of a client's own id */
#define JOB_CHOICE_MAX  255 /* bytes of a list of analyzers */

typedef enum job_status { JOB_QUEUED, JOB_RUNNING, JOB_SUCCEEDED, JOB_FAILED } job_status;

/* How the scan is to be done and what is to be listed: the options of `stella scan` of the same names. All zero is what
 * they are by default. */
typedef struct job_choice {
    scan_declared declared;
    int with_dev, with_managed;
    uint32_t analyzer_options;                                    /* STELLA_OPTION_* */
    char select[JOB_CHOICE_MAX + 1], exclude[JOB_CHOICE_MAX + 1]; /* NAME or TAG, commas between them; empty: none */
} job_choice;

typedef struct job {
    char id[JOB_ID_SIZE];
    job_status status;
    char target[JOB_TARGET_MAX + 1];
    uint32_t format_count;
    char formats[JOB_FORMATS_MAX][JOB_FORMAT_MAX + 1];
    job_choice choice;
    char created_at[32], updated_at[32]; /* RFC 3339, UTC */
    uint64_t queued_ms;                  /* its place in the queue */
    uint32_t attempts, sequence;         /* runs begun; events told so far */
    int is_partial;                      /* succeeded, but some plugin's contribution is missing */
    stella_error failure;                /* of JOB_FAILED */
} job;

/* What POST /api/v1/scans says. */
typedef struct job_request {
    job job; /* id, target and formats are set */
    int force;
} job_request;

/* {"target": TEXT, "formats": [TEXT...], "clientRequestId": TEXT, "force": BOOL}, and of a choice "declared": "auto" |
 * "on" | "off", "dev", "managed", "heuristics": BOOL, "licenses": "metadata" | "deep", "select", "exclude": TEXT; all but
 * target may be missing; formats default to ["json"]. The id is a hash over target, formats, clientRequestId and choice:
 * the same request is the same job.
 * out  set on success
 * Returns STELLA_E_FORMAT or STELLA_E_INVALID with the member in err->path. */
stella_status job_request_parse(stella_sv body, stella_arena *arena, job_request *out, stella_error *err);

/* The members of a choice among those of an object; those that are missing leave *out alone.
 * Returns STELLA_E_INVALID with the member in err->path. */
stella_status job_choice_read(const stella_json *object, job_choice *out, stella_error *err);
int job_choice_is_member(stella_sv key);

/* Writes those that are not as by default. */
void job_choice_write(const job_choice *choice, stella_json_writer *w);

/* 32 lower-case hex digits, nothing else. */
int job_id_is_valid(stella_sv text);
int job_has_format(const job *j, stella_sv format);
const char *job_status_name(job_status status);

/* The document, and back. job_read returns STELLA_E_FORMAT for what job_write did not write. */
stella_status job_write(const job *j, const stella_sink *sink, stella_error *err);
stella_status job_read(stella_sv document, stella_arena *arena, job *out, stella_error *err);

/* RFC 3339 with milliseconds. */
void job_time(int64_t wall_ms, char out[32]);

#endif
