/* stella/emitter.h - plugin interface "stella.emitter/1": writes a result in one format. Role: scan. */
#ifndef STELLA_EMITTER_H
#define STELLA_EMITTER_H

#include <stella/arena.h>
#include <stella/bom.h>
#include <stella/plugin.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

#define STELLA_EMITTER_INTERFACE "stella.emitter/1"

#define STELLA_EMIT_COLOR    1u /* the output is a terminal that wants colour */
#define STELLA_EMIT_BY_LAYER 2u /* for people: components below the layer that introduced them */

#define STELLA_EMITTER_TEMPLATE   1u /* nothing can be written without a template */
#define STELLA_EMITTER_EVERYTHING 2u /* gets the components that are managed too, whether or not the user wants them */

/* Where and how to write. Valid during emit. */
typedef struct stella_emission {
    stella_abi_head head;
    const stella_sink *sink;
    stella_arena *arena;     /* emptied after the call; 256 MiB */
    uint32_t flags;          /* STELLA_EMIT_* */
    uint32_t width;          /* columns of the terminal, 0 when it is none */
    stella_sv version;       /* one of stella_emitter.versions; empty when the emitter has none */
    stella_sv template_text; /* of an emitter that wants one (--template FILE); ptr NULL: not given */
} stella_emission;

typedef struct stella_emitter {
    stella_abi_head head;
    const char *format;     /* the word behind -o: "cyclonedx-json" */
    const char *media_type; /* RFC 6838 */

    /* Writes the whole document. Same bom, same bytes. An error loses this output. [worker] */
    stella_status (*emit)(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err);

    /* Of the format, NULL-terminated, the default first: "-o cyclonedx-json@1.6" picks one. NULL: there is but one. */
    const char *const *versions;

    uint32_t flags; /* STELLA_EMITTER_* */
    uint32_t reserved;
} stella_emitter;

STELLA_END_DECLS

#endif
