/* scan.h - one scan from the supervisor's side: opens what the user named, has children parse it, reads, hashes and
 * feeds the layers to them, and hands the outputs back in descriptors.
 *
 * This is the only place that opens paths which the user named. Everything a child answers is checked before it is
 * used: a child read hostile bytes. */
#ifndef SCANNER_DRIVER_SCAN_H
#define SCANNER_DRIVER_SCAN_H

#include "cache.h"

#include <stella/worker.h>

#define SCAN_LAYERS_MAX  250 /* all packs are handed to one child */
#define SCAN_OUTPUTS_MAX 12
#define SCAN_ENGINE_ID   "org.stella-ops.scanner.engine"
#define SCAN_LOSSES_MAX  1000
#define SCAN_COUNTS_MAX  256

/* How a scan ended: the exit status of `stella scan`. */
typedef enum scan_outcome {
    SCAN_DONE = 0,
    SCAN_USAGE = 2,   /* the call, the configuration or the plugins are at fault */
    SCAN_TARGET = 3,  /* the target cannot be read or is not what it claims */
    SCAN_PARTIAL = 4, /* done, but a plugin's contribution is missing; the outputs say which */
    SCAN_FAILED = 5   /* out of time, cancelled, output not writable, or an internal part failed */
} scan_outcome;

/* 0: the engine's default. */
typedef struct scan_limits {
    uint64_t entries, path_bytes, layer_bytes, ratio, ratio_bytes;
} scan_limits;

/* Whether components are listed that a lock file names and nothing proves to be installed. */
typedef enum scan_declared {
    SCAN_DECLARED_AUTO, /* of a tree without OS identity and package database */
    SCAN_DECLARED_ON,
    SCAN_DECLARED_OFF
} scan_declared;

typedef struct scan_options {
    const stella_worker *worker;
    cache *cache; /* what earlier scans learnt; may be shared by threads; NULL: nothing, and nothing is kept */
    /* Called once for each role of hosts ("scan", "connect"), before its first job, unless NULL; an error ends the scan
     * with SCAN_USAGE. */
    stella_status (*prepare)(void *context, const char *role, stella_error *err);
    void *context;               /* of prepare */
    const char *target;          /* SCHEME:PATH[:REF], a path, an image's name, or "-", as the user wrote it */
    const char *platform;        /* "linux/amd64" */
    int has_input;               /* "-" may be read: descriptor 0 is the user's */
    uint64_t input_bytes_max;    /* that it may hold; 0: the default */
    int64_t epoch_ms;            /* SOURCE_DATE_EPOCH, or -1 */
    uint64_t timeout_ms;         /* of the whole scan; 0: none */
    const char *registry_ca;     /* file with more authorities that a registry may be vouched for by; or NULL */
    const char *const *insecure; /* HOST[:PORT] of registries that may be spoken to without verified TLS */
    uint32_t insecure_count;
    uint32_t threads; /* layers read at once; 0: as many as there are processors */
    int partial;      /* layers in a registry that can be read in parts are, for what is asked for by path */
    int verify_full;  /* verify every diff id, also where a digest of the stored bytes was verified */
    int other_file_systems;
    scan_limits limits;
    uint32_t analyzer_options; /* STELLA_OPTION_* */
    scan_declared declared;
    const char *const *select;  /* NAME or TAG of analyzers, commas between them: the others are left out */
    uint32_t select_count;      /* 0: none is */
    const char *const *exclude; /* of those that are left out */
    uint32_t exclude_count;
    int with_dev;            /* of declared components also those for development only, and the optional ones */
    int with_managed;        /* what belongs to packages of the distribution, in every format */
    const char *only_layer;  /* outputs are to tell what this layer introduces: a position or a digest; NULL: all */
    stella_sv process;       /* what is started instead of what the image says: JSON, see the engine's process.h; may be
                                empty */
    stella_sv template_text; /* of outputs that want one; ptr NULL: none */
} scan_options;

/* One output: a format and where it goes. The descriptor is the caller's; it must be a file that can be emptied. */
typedef struct scan_output {
    const char *format; /* "FORMAT" or "FORMAT@VERSION" */
    const char *view;   /* "usage": what an entrypoint reaches; NULL or "inventory": everything */
    int fd;
    int has_color;
    int is_by_layer; /* formats for people: components below the layer that introduced them */
    int is_optional; /* stays empty when nothing is known of an entrypoint; else the view "usage" is refused */
    uint32_t width;  /* columns of the terminal, 0 when it is none */
} scan_output;

/* What somebody who waits wants to know. */
typedef struct scan_progress {
    uint32_t layers_done, layers_total;
    uint64_t bytes_done, bytes_total; /* stored bytes */
    uint64_t items;                   /* files seen */
} scan_progress;

/* What happened to a layer. */
typedef struct scan_layer_report {
    char digest[STELLA_DIGEST_TEXT_SIZE]; /* computed; empty for a directory */
    uint64_t size, entries, elapsed_us;
    uint64_t unreadable; /* files and directories of a directory target that may not be read */
    int was_remembered;
    int is_partial;   /* read in part */
    uint64_t fetched; /* bytes of one that is */
} scan_layer_report;

/* A plugin whose contribution is missing. */
typedef struct scan_loss {
    char plugin[128];
    char code[32]; /* "crashed", "timeout", "limit", ... */
    char message[192];
    char path[192]; /* the file it was at */
    int32_t layer;  /* -1: none in particular */
    int is_lost;    /* 0: worth an entry, but no contribution is missing */
} scan_loss;

/* What the cache was worth to a scan, and what was read all the same. */
typedef struct scan_report {
    uint32_t layers_read;     /* inflated and walked */
    uint32_t layers_extended; /* known, but for plugins that the index says want nothing of it: nothing was read */
    uint32_t layers_known;    /* nothing was to be done */
    uint64_t bytes_read;      /* stored bytes, by hashing alone too */
    int is_described;         /* the target was not even opened by a child */
    int are_results_known;    /* nothing was analyzed */
    uint64_t notes;           /* errors in the result that cost no plugin's contribution: of single files, mostly */
    uint32_t damaged;         /* packs that were thrown away */
    stella_error cache_error; /* the first time that something could not be kept; code STELLA_OK: never */
} scan_report;

/* What analyzers counted. */
typedef struct scan_count {
    char name[65]; /* [a-z0-9_] */
    uint64_t value;
} scan_count;

typedef struct scan scan;

/* The options are copied, what they point to is borrowed until destroy. Returns STELLA_E_NOMEM. */
stella_status scan_create(const scan_options *options, scan **out, stella_error *err);
void scan_destroy(scan *s);
void scan_destroyp(scan **s);

/* Does it, once. Outputs hold whole documents after SCAN_DONE and SCAN_PARTIAL, and nothing of worth otherwise.
 * err  set for every outcome but SCAN_DONE and SCAN_PARTIAL
 * [one thread] Starts threads of its own, which have ended when it returns. */
scan_outcome scan_run(scan *s, const scan_output *outputs, uint32_t output_count, stella_error *err);

/* Ends the scan soon: scan_run returns SCAN_FAILED with STELLA_E_CANCELLED. [any thread, not a signal handler] */
void scan_cancel(scan *s);

/* Whether the plugins' host is being started, which nobody can hasten and which may hang: nothing has begun that would
 * have to be wound up. [any thread] */
int scan_is_starting(const scan *s);

/* [any thread] */
void scan_progress_get(scan *s, scan_progress *out);

/* What was looked for in a registry though no scheme said so; NULL: nothing. After scan_run. [one thread] */
const char *scan_implied_reference(const scan *s);

/* After scan_run. scheme: of the source that knew the target, empty when none did. [one thread] */
stella_sv scan_scheme(const scan *s);
stella_sv scan_image_digest(const scan *s); /* of the manifest; empty when there is none */
uint32_t scan_layer_count(const scan *s);
const scan_layer_report *scan_layer_at(const scan *s, uint32_t index);
scan_report scan_report_get(const scan *s);
uint32_t scan_loss_count(const scan *s);
const scan_loss *scan_loss_at(const scan *s, uint32_t index);
uint32_t scan_count_count(const scan *s); /* 0 also when the results were known */
const scan_count *scan_count_at(const scan *s, uint32_t index);

#endif
