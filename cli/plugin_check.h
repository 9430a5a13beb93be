/* plugin_check.h - the checks of `stella plugin test`: each runs in a process of its own, under the sandbox that a
 * worker gives its children. */
#ifndef CLI_PLUGIN_CHECK_H
#define CLI_PLUGIN_CHECK_H

#include "plugin/manifest.h"

#include <stella/plugin.h>
#include <stella/sink.h>

/* What a check may use. */
typedef struct plugin_check {
    const stella_plugin_entry *entry; /* of the loaded plugin */
    const plugin_manifest *manifest;
    const char *input;  /* a folder of inputs, as a path that can be opened in the sandbox */
    stella_buf *output; /* what the check has to give back: the text to compare with tests/expected.json */
} plugin_check;

typedef struct plugin_check_kind {
    const char *name; /* a word, for --only */
    const char *says; /* what it proves */
    stella_status (*run)(const plugin_check *check, stella_error *err);
} plugin_check_kind;

/* In the order in which they are run, ended by an entry without name. "golden" is the one whose output counts. */
extern const plugin_check_kind plugin_checks[];

/* Where and how checks run. */
typedef struct plugin_bench {
    int plugin_fd; /* sealed */
    const plugin_manifest *manifest;
    int input_fd; /* folder; -1: none */
    uint32_t deadline_ms;
    int is_in_process; /* for debuggers: no process of its own, no sandbox, no deadline */
} plugin_bench;

/* Runs one check to its end.
 * output  filled with what the check gave back; may be NULL
 * Returns the check's status; STELLA_E_CRASHED, with the signal named, when its process died; STELLA_E_TIMEOUT when it
 * overran. */
stella_status plugin_check_run(const plugin_bench *bench, const plugin_check_kind *kind, stella_buf *output,
                               stella_error *err);

/* Damaged copies of a folder of inputs, below work: variant 0, 1, ... each one folder. Empty files, files cut at random
 * places, flipped bytes, blown up lines: the same for the same seed. Returns 0 when there is no variant of that number
 * any more, or on failure (err->code is then set). */
int plugin_hostile_make(const char *input, const char *work, uint32_t variant, uint64_t seed, stella_error *err);

#endif
