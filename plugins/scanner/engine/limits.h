/* limits.h - every limit of reading a layer, with the option that raises it. A refusal names both.
 *
 * The first group comes with the request ("limits" of protocol.h) and so from the user; the second is fixed: what it
 * bounds is never that large in an honest image. */
#ifndef SCANNER_ENGINE_LIMITS_H
#define SCANNER_ENGINE_LIMITS_H

#include <stdint.h>

#define LIMIT_ENTRIES     10000000u     /* --max-entries: files, directories and links of one layer */
#define LIMIT_PATH_BYTES  4096u         /* --max-path-bytes: of one path, cleaned; also of a link's target */
#define LIMIT_LAYER_BYTES (1ull << 40)  /* --max-layer-bytes: of one layer, uncompressed */
#define LIMIT_RATIO       200u          /* --max-ratio: uncompressed bytes for each stored one... */
#define LIMIT_RATIO_BYTES (16ull << 30) /* --ratio-from-bytes: ...looked at only above this much */

#define OPTION_ENTRIES     "--max-entries"
#define OPTION_PATH_BYTES  "--max-path-bytes"
#define OPTION_LAYER_BYTES "--max-layer-bytes"
#define OPTION_RATIO       "--max-ratio"

#define PATH_BYTES_MAX      32768u       /* what --max-path-bytes may be raised to: views hold one path in a buffer */
#define TAR_NAME_BYTES_MAX  65536u       /* a GNU long name, or one pax value; longer fails the archive */
#define TAR_PAX_BYTES_MAX   (1u << 20)   /* one pax header */
#define KEEP_BYTES          (16u << 20)  /* content kept of one file when the interest names no limit */
#define KEEP_BYTES_MAX      (256u << 20) /* the most an interest may ask to keep of one file */
#define SCRIPT_BYTES        (64u << 10)  /* executable scripts up to this size are always kept */
#define SPOOL_MEMORY_BYTES  (8u << 20)   /* a file that several plugins read waits in memory up to this size... */
#define SPOOL_BYTES_MAX     (4ull << 30) /* ...and in the scratch file up to this one */
#define HELD_BYTES_MAX      (4ull << 30) /* of one layer, files that wait in the scratch file until all of it was seen */
#define HELD_FILES_MAX      100000u      /* of one layer, such files */
#define INTERESTS_MAX       256u         /* of one analyzer */
#define ANALYZERS_MAX       256u
#define RECORD_KIND_MAX     64u
#define RECORD_KEY_MAX      4096u
#define RECORD_BYTES_MAX    (16u << 20)
#define RECORDS_MAX         5000000u /* of one plugin in one layer */
#define NOTES_MAX           1000u    /* of one plugin in one layer; how many more there were is said */
#define NOTE_BYTES_MAX      512u
#define EVIDENCE_BYTES_MAX  (1ull << 30) /* of one plugin in one layer */
#define ZSTD_WINDOW_LOG_MAX 27           /* 128 MiB, the most that `zstd --ultra` uses without --long */

typedef struct engine_limits {
    uint64_t entries, path_bytes, layer_bytes, ratio, ratio_bytes;
} engine_limits;

#define ENGINE_LIMITS_DEFAULT                                                                                          \
    {                                                                                                                  \
        .entries = LIMIT_ENTRIES, .path_bytes = LIMIT_PATH_BYTES, .layer_bytes = LIMIT_LAYER_BYTES,                    \
        .ratio = LIMIT_RATIO, .ratio_bytes = LIMIT_RATIO_BYTES                                                         \
    }

#endif
