/* stella/analyzer.h - plugin interface "stella.analyzer/1": finds components in a tree of files.
 *
 * An analyzer says which files interest it. While a layer streams by, the host keeps the content of such a file, or
 * calls probe with it, which extracts records; both are remembered per layer, so they must depend on nothing but the
 * file. Later, once per image, analyze sees the merged tree: the kept files and the records of the files that are still
 * there.
 *
 *     static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
 *         stella_file file = STELLA_FILE_INIT;
 *         for (stella_files it = stella_files_of(0); stella_files_next(job, &it, &file);) {
 *             stella_component *c = stella_component_add(job, STELLA_SV("pub"), name, version, 0);
 *             stella_component_evidence(c, &file, line, STELLA_SV("lockfile"));
 *         }
 *         return STELLA_OK;
 *     }
 *
 * Role: scan. One instance is never in two calls at once. No threads, no files, no network: the process may not. */
#ifndef STELLA_ANALYZER_H
#define STELLA_ANALYZER_H

#include <stella/arena.h>
#include <stella/component.h>
#include <stella/plugin.h>
#include <stella/trace.h>

STELLA_BEGIN_DECLS

#define STELLA_ANALYZER_INTERFACE "stella.analyzer/1"

/* Phases run in this order; analyzers of one phase do not see each other's results, those of later phases do. */
#define STELLA_PHASE_IDENTITY     10 /* which operating system this is */
#define STELLA_PHASE_PACKAGES     20 /* package databases */
#define STELLA_PHASE_APPLICATIONS 30 /* languages */
#define STELLA_PHASE_BINARIES     40 /* what no package manager installed */
#define STELLA_PHASE_ENTRYTRACE   50
#define STELLA_PHASE_USAGE        60

/* What the user asked for beyond the ordinary: bits of options of a probe and of an analysis. */
#define STELLA_OPTION_HEURISTICS    1u /* weak evidence counts too: what it finds has a method that ends in "-guess" */
#define STELLA_OPTION_LICENSE_TEXTS 2u /* --licenses deep: texts of licenses are classified */
#define STELLA_OPTION_USAGE_DEEP    8u /* --usage deep: imports are followed file by file */
#define STELLA_OPTION_VALIDATE      4u /* readers: tell whether the document is valid, and nothing of what it lists */

#define STELLA_NOTE_INFO  1
#define STELLA_NOTE_ERROR 2 /* part of the input could not be used: the result says so */

/* What a probe learnt from a file, or one phase tells later ones. */
typedef struct stella_record {
    uint32_t struct_size;
    uint32_t layer;      /* out: the layer of the file it came from */
    uint32_t introduced; /* out: the first layer of the last unbroken run of layers in which this kind and key were
                            present */
    uint32_t interest;   /* out: the interest of the file it came from */
    stella_sv kind;      /* at most 64 bytes */
    stella_sv key;   /* what stays equal while it is "the same thing": package, version, architecture; at most 4 KiB */
    stella_sv bytes; /* the plugin's own format, at most 16 MiB; written and read by the same plugin build */
    stella_sv path;  /* out: the file it came from */
    const uint32_t
        *layers; /* out: those layers of that run whose own file holds it, ascending: the first is introduced;
                               valid as long as the record. NULL for a record that was published */
    uint32_t layer_count;
} stella_record;

#define STELLA_RECORD_INIT                                                                                             \
    { .struct_size = sizeof(stella_record) }

/* ---- probe: one file, while its layer streams by -------------------------------------------------------------------
 */

typedef struct stella_probe stella_probe;

typedef struct stella_probe_ops {
    stella_abi_head head;
    stella_status (*read)(stella_probe *probe, stella_sv *chunk, stella_error *err);
    stella_status (*record)(stella_probe *probe, const stella_record *record, stella_error *err);
    void (*note)(stella_probe *probe, uint32_t severity, uint32_t line, stella_sv message);
    stella_status (*content)(stella_probe *probe, stella_sv *out, stella_error *err);
    stella_status (*companion)(stella_probe *probe, uint32_t position, stella_sv *out, stella_error *err);
} stella_probe_ops;

struct stella_probe {
    stella_abi_head head;
    const stella_probe_ops *ops;
    const stella_file *file; /* bytes is not set: read them */
    stella_arena *arena;     /* emptied after the call */
    uint32_t options;        /* STELLA_OPTION_* */
    uint32_t reserved;
};

/* The next piece of the file, 1 byte to 1 MiB, valid until the next call; empty at the end.
 * Returns STELLA_E_LIMIT past the interest's max_bytes, STELLA_E_FORMAT when the layer ends inside the file. */
static inline stella_status stella_probe_read(stella_probe *probe, stella_sv *chunk, stella_error *err) {
    return probe->ops->read(probe, chunk, err);
}

/* The whole file as one view, for formats that are read here and there (databases, ELF, zip): memory, or a mapping of
 * which only what is touched costs anything. Not together with stella_probe_read.
 * out  set on success; valid until probe returns
 * Returns STELLA_E_UNSUPPORTED when the interest lacks STELLA_SEEK, STELLA_E_LIMIT for a file larger than the
 * interest's max_bytes, STELLA_E_IO. */
static inline stella_status stella_probe_content(stella_probe *probe, stella_sv *out, stella_error *err) {
    return probe->ops->content(probe, out, err);
}

/* The companion that the interest names at that position, in the same way.
 * Returns STELLA_E_NOTFOUND when this layer holds no regular file of that name. */
static inline stella_status stella_probe_companion(stella_probe *probe, uint32_t position, stella_sv *out,
                                                   stella_error *err) {
    return probe->ops->companion(probe, position, out, err);
}

/* Emits a record (kind, key and bytes are read; copied). Order is kept. A record without a kind or above the limits of
 * stella_record, or more than 5,000,000 of a layer, loses the plugin. Returns why, or STELLA_E_NOMEM. */
static inline stella_status stella_probe_record(stella_probe *probe, const stella_record *record, stella_error *err) {
    return probe->ops->record(probe, record, err);
}

/* Says that something of the file could not be used, or is worth knowing. It is an entry of the result as long as the
 * file is in the tree.
 * severity  STELLA_NOTE_*
 * line      1-based, 0: the whole file
 * message   copied; cut at 512 bytes. After 1,000 notes of a layer the rest is counted. */
static inline void stella_probe_note(stella_probe *probe, uint32_t severity, uint32_t line, stella_sv message) {
    probe->ops->note(probe, severity, line, message);
}

/* ---- analyze: once per image ---------------------------------------------------------------------------------------
 */

typedef struct stella_analysis stella_analysis;

/* Iterators are plain values: set by the _of function, advanced by _next. */
typedef struct stella_files {
    uint32_t interest;
    uint32_t reserved;
    uint64_t position;
} stella_files;

typedef struct stella_records {
    stella_sv kind;     /* empty: every kind */
    uint32_t published; /* 0: own records from probe; 1: records published by earlier phases */
    uint32_t reserved;
    uint64_t position;
} stella_records;

typedef struct stella_entries {
    uint64_t list;
    uint64_t position;
} stella_entries;

/* Whom a file of the tree belongs to, by what analyzers of earlier phases stated with stella_component_owns. */
typedef struct stella_owner {
    uint32_t struct_size;
    uint32_t flags; /* out: STELLA_OWNED_* of the file */
    stella_sv purl; /* out: of the owning component; empty when it has none */
    stella_sv type;
    stella_sv name;
    stella_sv version;
    stella_sv path;       /* out: the file as its package lists it */
    stella_sv digest_alg; /* out: as its package states it; may be empty */
    stella_sv digest;
} stella_owner;

#define STELLA_OWNER_INIT                                                                                              \
    { .struct_size = sizeof(stella_owner) }

typedef struct stella_analysis_ops {
    stella_abi_head head;
    int32_t (*files_next)(stella_analysis *job, stella_files *it, stella_file *out);
    int32_t (*records_next)(stella_analysis *job, stella_records *it, stella_record *out);
    stella_status (*view_stat)(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err);
    stella_status (*view_read)(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err);
    stella_component *(*component_add)(stella_analysis *job, stella_sv type, stella_sv name, stella_sv version,
                                       uint32_t flags);
    void (*relate)(stella_analysis *job, stella_component *from, stella_component *to, uint32_t kind, uint32_t flags);
    stella_status (*publish)(stella_analysis *job, const stella_record *record, stella_error *err);
    void (*note)(stella_analysis *job, uint32_t severity, stella_sv path, uint32_t line, stella_sv message);
    int32_t (*cancelled)(stella_analysis *job);
    int32_t (*owner_of)(stella_analysis *job, stella_sv path, stella_owner *out);
    void (*count)(stella_analysis *job, stella_sv name, uint64_t n);
    const stella_trace *(*trace)(stella_analysis *job);
    void (*use)(stella_analysis *job, uint32_t node, stella_sv path, stella_sv how, stella_sv via);
    int32_t (*view_next)(stella_analysis *job, stella_sv directory, stella_entries *it, stella_file *out);
} stella_analysis_ops;

struct stella_analysis {
    stella_abi_head head;
    const stella_analysis_ops *ops;
    stella_arena *arena; /* for the plugin's own needs during the call; 256 MiB */
    uint32_t layer_count;
    uint32_t options; /* STELLA_OPTION_* */
};

/* The kept files that meet the analyzer's interest of that index (its position in stella_analyzer.interests), in path
 * order, without those that upper layers hide. out  .struct_size set by the caller; filled when 1 is returned, 0 at the
 * end */
static inline stella_files stella_files_of(uint32_t interest) {
    stella_files it;
    memset(&it, 0, sizeof it);
    it.interest = interest;
    return it;
}
static inline int stella_files_next(stella_analysis *job, stella_files *it, stella_file *out) {
    return job->ops->files_next(job, it, out);
}

/* The analyzer's own records of that kind, from files still in the tree, in path order, then in the order they were
 * emitted. */
static inline stella_records stella_records_of(stella_sv kind) {
    stella_records it;
    memset(&it, 0, sizeof it);
    it.kind = kind;
    return it;
}

/* Records of that kind published by analyzers of earlier phases, in order of phase, plugin id and publication. */
static inline stella_records stella_published(stella_sv kind) {
    stella_records it = stella_records_of(kind);
    it.published = 1;
    return it;
}
static inline int stella_records_next(stella_analysis *job, stella_records *it, stella_record *out) {
    return job->ops->records_next(job, it, out);
}

/* Looks a path up in the merged tree, following symbolic links inside the root (40 at most); out->path is where it
 * ended. out->bytes is set when the content was kept for this analyzer.
 * out  .struct_size set by the caller; filled on success
 * Returns STELLA_E_NOTFOUND when there is nothing, STELLA_E_LIMIT for too many links or too long a path. */
static inline stella_status stella_view_stat(stella_analysis *job, stella_sv path, stella_file *out,
                                             stella_error *err) {
    return job->ops->view_stat(job, path, out, err);
}

/* The same, with the content, for files that interests could not foresee. When it is not at hand the host notes the
 * wish and returns STELLA_E_PENDING: the analyzer goes on and may wish for more; what it finds in this call is then
 * thrown away, the layers are read again, and analyze is called once more, twice at most. Files up to 256 MiB, 10,000
 * wishes a call.
 * Returns STELLA_E_NOTFOUND, also for what is no regular file; STELLA_E_LIMIT for a larger file, a wish too many, or
 * one that is new in the third call; STELLA_E_IO, with a note, when the layer is gone. */
static inline stella_status stella_view_read(stella_analysis *job, stella_sv path, stella_file *out,
                                             stella_error *err) {
    return job->ops->view_read(job, path, out, err);
}

/* What a directory of the merged tree holds, one level, by byte order of the names; links above it and at its end are
 * followed, the entries are as stella_view_stat would show them but for links, which are not followed. The list is made
 * at the first call and remembered until analyze returns.
 *     stella_entries it = STELLA_ENTRIES_INIT;
 *     while (stella_view_next(job, STELLA_SV("etc/init.d"), &it, &file)) ...
 * out  .struct_size set by the caller; filled when 1 is returned, 0 at the end, and for what is no directory */
static inline int stella_view_next(stella_analysis *job, stella_sv directory, stella_entries *it, stella_file *out) {
    return job->ops->view_next(job, directory, it, out);
}
#define STELLA_ENTRIES_INIT                                                                                            \
    { .list = 0 }

/* Which component of an earlier phase owns a path, in constant time. Links above the last name are followed on both
 * sides, so "lib/x" and "usr/lib/x" have one owner where lib -> usr/lib.
 * out  .struct_size set by the caller; filled when 1 is returned, 0 when nobody owns it */
static inline int stella_owner_of(stella_analysis *job, stella_sv path, stella_owner *out) {
    return job->ops->owner_of(job, path, out);
}

/* Adds a component; never NULL, and valid until analyze returns. Texts are copied. One with a type, name or version of
 * more than 4 KiB is left out, with a note. At most 1,000,000 a call.
 * type   purl type, "deb"; neither it nor name may be empty
 * flags  STELLA_COMPONENT_* */
static inline stella_component *stella_component_add(stella_analysis *job, stella_sv type, stella_sv name,
                                                     stella_sv version, uint32_t flags) {
    return job->ops->component_add(job, type, name, version, flags);
}

/* Since when, and in which layers, the component is there: as the record of it says. Records of several files that prove
 * one component may each be given: their layers are joined. */
static inline void stella_component_from_record(stella_component *c, const stella_record *record) {
    if (record->layer_count)
        stella_component_layers(c, record->layers, record->layer_count);
    else
        stella_component_introduced(c, record->introduced);
}

#define STELLA_RELATION_DEPENDS_ON 1
#define STELLA_RELATION_CONTAINS   2

#define STELLA_RELATION_INFERRED 1u /* not stated by metadata */
#define STELLA_RELATION_OPTIONAL 2u
#define STELLA_RELATION_DEV      4u

/* from depends on, or contains, to: both of this call. The same edge twice counts once. At most 5,000,000 a call.
 * kind   STELLA_RELATION_DEPENDS_ON or _CONTAINS
 * flags  STELLA_RELATION_INFERRED, _OPTIONAL, _DEV */
static inline void stella_relate(stella_analysis *job, stella_component *from, stella_component *to, uint32_t kind,
                                 uint32_t flags) {
    job->ops->relate(job, from, to, kind, flags);
}

/* Tells later phases (kind, key and bytes are read; copied). Kinds are versioned: "stella.distro/1".
 * Returns STELLA_E_INVALID for a record without a kind or above the limits of stella_record, which fails the call. */
static inline stella_status stella_publish(stella_analysis *job, const stella_record *record, stella_error *err) {
    return job->ops->publish(job, record, err);
}

/* Says that something could not be used, or is worth knowing: an entry of the result.
 * severity  STELLA_NOTE_*; another one fails the call
 * path      what it is about; may be empty
 * line      1-based, 0: none
 * message   copied. After 10,000 notes the rest is left out, and the result says so. */
static inline void stella_note(stella_analysis *job, uint32_t severity, stella_sv path, uint32_t line,
                               stella_sv message) {
    job->ops->note(job, severity, path, line, message);
}

/* Adds to a counter of the result, which the scanner service adds up as scanner_analyzer_<name>_total.
 * name  lower-case letters, digits and '_', at most 64 bytes: "node_scripts"; another one fails the call */
static inline void stella_count(stella_analysis *job, stella_sv name, uint64_t n) {
    job->ops->count(job, name, n);
}

/* What the image runs: from STELLA_PHASE_USAGE on. NULL when nothing is known of it. Valid until analyze returns. */
static inline const stella_trace *stella_trace_of(stella_analysis *job) {
    return job->ops->trace(job);
}

/* States that a program loads a file: each component that owns the file, is proven by it or by something in it (it is an
 * archive) is used by every entrypoint that the node leads to or is. From STELLA_PHASE_USAGE on; at most 1,000,000 a call.
 * node  of stella_trace_of
 * path  relative to the root, links followed
 * how   a word: "needed", "python-module"; one that ends in "-guess" is weak evidence
 * via   the file that asks for it; may be empty */
static inline void stella_use(stella_analysis *job, uint32_t node, stella_sv path, stella_sv how, stella_sv via) {
    job->ops->use(job, node, path, how, via);
}

/* Nonzero when the result is no longer wanted: return STELLA_E_CANCELLED soon. */
static inline int stella_cancelled(stella_analysis *job) {
    return job->ops->cancelled(job);
}

/* ---- the interface --------------------------------------------------------------------------------------------------
 */

typedef struct stella_analyzer {
    stella_abi_head head;
    uint32_t phase; /* STELLA_PHASE_* */
    uint32_t interest_count;
    uint32_t interest_stride; /* sizeof(stella_interest) */
    const stella_interest *interests;

    /* Extracts records from one file. NULL when no interest has STELLA_PROBE. An error loses this file's records only,
     * is an entry in the result, and makes the scan one that is done in part. [worker] */
    stella_status (*probe)(void *self, stella_probe *probe, stella_error *err);

    /* Adds components. An error loses this analyzer's contribution and is an entry in the result. [worker] */
    stella_status (*analyze)(void *self, stella_analysis *job, stella_error *err);
} stella_analyzer;

/* Defines the plugin of an analyzer.
 *     STELLA_ANALYZER("org.example.analyzer.dart", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
 */
#define STELLA_ANALYZER(id_, version_, phase_, interests_, ...)                                                        \
    static const stella_analyzer stella_analyzer_table = {.head = STELLA_HEAD(stella_analyzer),                        \
                                                          .phase = (phase_),                                           \
                                                          .interest_count = STELLA_COUNT(interests_),                  \
                                                          .interest_stride = sizeof((interests_)[0]),                  \
                                                          .interests = (interests_),                                   \
                                                          __VA_ARGS__};                                                \
    STELLA_PLUGIN(id_, version_, STELLA_ANALYZER_INTERFACE, stella_analyzer_table, .create = NULL)

STELLA_END_DECLS

#endif
