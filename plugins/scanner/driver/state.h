/* state.h - what the parts of one scan share. Private to the driver. */
#ifndef SCANNER_DRIVER_STATE_H
#define SCANNER_DRIVER_STATE_H

#include "image.h"
#include "loss.h"
#include "memo_text.h"
#include "roster.h"
#include "scan.h"
#include "target.h"

#include <stella/json.h>
#include <stella/sink.h>

#include <pthread.h>
#include <stdatomic.h>

#define SCAN_THREADS_MAX 32
#define SCAN_JOBS_MAX    (2 * SCAN_THREADS_MAX) /* a thread reads a layer in one, and fetches it in another */
#define SCAN_ARENA_BYTES (256u << 20)

typedef enum scan_host_kind { SCAN_HOST_SCAN, SCAN_HOST_CONNECT, SCAN_HOSTS } scan_host_kind;

/* One layer on its way from stored bytes to pack. */
typedef struct layer_state {
    int pack_fd;       /* read-only; -1 until it is there, and for a foreign layer */
    int supplement_fd; /* read-only; files that an analyzer asked for afterwards; -1: none */
    int is_gone;       /* it was there, and could not be opened again for a supplement */
    uint64_t entries, bytes, unreadable;
    char diff_id[STELLA_DIGEST_TEXT_SIZE];   /* computed by the child; empty when it was not asked to */
    char known[STELLA_DIGEST_TEXT_SIZE];     /* of its bytes, computed before it is read; empty: not yet */
    char parts_key[STELLA_DIGEST_TEXT_SIZE]; /* of one read in part: what its pack is kept under; else empty */
    exclusions excluded;                     /* plugins that died on this layer */
    stella_status status;
    stella_error error;
    scan_layer_report report;
} layer_state;

struct scan {
    scan_options options;
    stella_arena *arena; /* of the thread that runs the scan */
    target target;
    int spool_fd; /* the archive uncompressed, or -1 */
    image_info image;
    int32_t only_layer; /* the layer that the outputs are about; -1: all */
    layer_state layers[SCAN_LAYERS_MAX];
    roster roster;                         /* of plugins that verified */
    char context[STELLA_DIGEST_TEXT_SIZE]; /* over what a pack depends on besides layer and plugins */
    uint32_t format_count;
    const char *formats[SCAN_OUTPUTS_MAX];              /* of the outputs */
    stella_buf open_request, open_reply;                /* of image.open */
    char result_keys[SCAN_OUTPUTS_MAX][CACHE_HEX_SIZE]; /* empty: not to be kept */
    const memo_text *memo;                              /* what is remembered of the target; NULL: nothing */
    int is_memo;                                        /* image and known digests come from an earlier scan */
    loss_list losses;
    uint32_t count_count;
    scan_count counts[SCAN_COUNTS_MAX];
    exclusions excluded; /* plugins that no child of this scan is to use any more */

    pthread_mutex_t prepare_lock, spool_lock; /* held for long; never both */
    int is_prepared[SCAN_HOSTS], is_unusable; /* the host was asked for; one of them in vain */
    int has_all_plugins;                      /* the host has loaded what the roster lists */
    stella_error prepare_errors[SCAN_HOSTS];
    stella_sv access; /* of a remote target: what its source may use, secret; empty: nothing */

    pthread_mutex_t lock; /* of losses, excluded, jobs, report */
    scan_report report;
    stella_job_handle *jobs[SCAN_JOBS_MAX];
    atomic_int is_cancelled, is_starting;
    uint64_t started_ns, deadline_ns; /* CLOCK_MONOTONIC; deadline 0: none */
    int64_t started_wall_ns;
    atomic_uint layers_done, layers_total;
    atomic_ullong bytes_done, bytes_total, items;
};

uint64_t scan_now_ns(void);

/* Something could not be kept for later scans: this one goes on. [any thread] */
void scan_count_bytes(scan *s, uint64_t bytes); /* that were read. [any thread] */
void scan_warn(scan *s, const stella_error *why);

/* STELLA_E_CANCELLED or STELLA_E_TIMEOUT once there is no point in going on. [any thread] */
stella_status scan_check(const scan *s, stella_error *err);

/* Milliseconds until the deadline, at least 1; 0: there is none. [any thread] */
uint32_t scan_left_ms(const scan *s);

#endif
