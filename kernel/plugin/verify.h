/* verify.h - many plugin folders verified at once, by as many threads as there are processors.
 *
 * Most of the time goes into hashing binaries and checking signatures, which share nothing. */
#ifndef KERNEL_PLUGIN_VERIFY_H
#define KERNEL_PLUGIN_VERIFY_H

#include "plugin/folder.h"

#define VERIFY_BATCH_MAX   64 /* folders at once: each has a descriptor and a mapping until its verdict is used */
#define VERIFY_THREADS_MAX 16

/* One arena for each thread that may take part. */
typedef struct verify_arenas {
    stella_arena *list[VERIFY_THREADS_MAX];
} verify_arenas;

/* What became of one folder. */
typedef struct verdict {
    stella_status status;
    stella_error error;              /* when it is refused */
    const plugin_manifest *manifest; /* in one of the arenas */
    const trust_anchor *anchor;      /* lives as long as the trust */
    int fd; /* sealed memfd with the verified binary, or -1 (not needed); whoever wants it takes it */
    char digest[STELLA_DIGEST_TEXT_SIZE]; /* of the binary */
} verdict;

/* Does folder_verify for each of them.
 * dirs      count paths, at most VERIFY_BATCH_MAX
 * arenas    filled as threads need them; kept as long as the manifests, ended by verify_arenas_fini
 * verdicts  count of them, in the order of dirs whichever was done first; to be ended by verdicts_fini */
void verify_folders(const char *const *dirs, uint32_t count, const folder_rules *rules, const trust *t, int64_t now_ms,
                    verify_arenas *arenas, verdict *verdicts);

void verdicts_fini(verdict *verdicts, uint32_t count);
void verify_arenas_fini(verify_arenas *arenas);

#endif
