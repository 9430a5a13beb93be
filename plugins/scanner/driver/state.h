/* state.h - what the parts of one scan share. Private to the driver. */
#ifndef SCANNER_DRIVER_STATE_H
#define SCANNER_DRIVER_STATE_H

#include "image.h"
#include "loss.h"
#include "scan.h"
#include "target.h"

#include <stella/sink.h>

#include <pthread.h>
#include <stdatomic.h>

#define SCAN_THREADS_MAX   32
#define SCAN_ARENA_BYTES   (256u << 20)
#define SCAN_CONTEXT_BYTES (1u << 20) /* text that keys of packs depend on */

/* One layer on its way from stored bytes to pack. */
typedef struct layer_state {
    int pack_fd;       /* read-only; -1 until it is there, and for a foreign layer */
    int supplement_fd; /* read-only; files that an analyzer asked for afterwards; -1: none */
    int is_gone;       /* it was there, and could not be opened again for a supplement */
    uint64_t entries, bytes, unreadable;
    char diff_id[STELLA_DIGEST_TEXT_SIZE]; /* computed by the child; empty when it was not asked to */
    exclusions excluded;                   /* plugins that died on this layer */
    stella_status status;
    stella_error error;
    scan_layer_report report;
} layer_state;

struct scan {
    scan_options options;
    stella_arena *arena; /* of the thread that runs the scan */
    target target;
    int spool_fd;   /* the archive uncompressed, or -1 */
    int content_fd; /* what layers are read from: target, or spool; borrowed */
    image_info image;
    int32_t only_layer; /* the layer that the outputs are about; -1: all */
    layer_state layers[SCAN_LAYERS_MAX];
    stella_buf context; /* plugins and options: decides, with a layer's digest, what its pack holds */
    loss_list losses;
    exclusions excluded; /* plugins that no child of this scan is to use any more */

    pthread_mutex_t lock; /* of losses, excluded, jobs */
    stella_job_handle *jobs[SCAN_THREADS_MAX];
    atomic_int is_cancelled;
    uint64_t started_ns, deadline_ns; /* CLOCK_MONOTONIC; deadline 0: none */
    atomic_uint layers_done, layers_total;
    atomic_ullong bytes_done, bytes_total, items;
};

uint64_t scan_now_ns(void);

/* STELLA_E_CANCELLED or STELLA_E_TIMEOUT once there is no point in going on. [any thread] */
stella_status scan_check(const scan *s, stella_error *err);

/* Milliseconds until the deadline, at least 1; 0: there is none. [any thread] */
uint32_t scan_left_ms(const scan *s);

#endif
