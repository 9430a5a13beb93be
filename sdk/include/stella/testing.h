/* stella/testing.h - runs a plugin inside a test program: no daemon, no sandbox, no image. Library stella_testing;
 * docs: docs/sdk/testing.md. Not for use in plugins.
 *
 *     const char *const layers[] = {"tests/data/rootfs"};
 *     const stella_testing_options options = {.struct_size = sizeof options, .layers = layers, .layer_count = 1};
 *     STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(64u << 20);
 *     assert_int_equal(stella_testing_run(&stella_plugin, &options, &text, &err), STELLA_OK);
 *     assert_true(stella_testing_golden("tests/golden/mine.json", stella_buf_sv(&text)));
 *
 * All functions: [one thread]. */
#ifndef STELLA_TESTING_H
#define STELLA_TESTING_H

#include <stella/analyzer.h>
#include <stella/emitter.h>
#include <stella/entrytrace.h>
#include <stella/reader.h>

STELLA_BEGIN_DECLS

typedef struct stella_testing_options {
    uint32_t struct_size;
    uint32_t layer_count;
    const char *const *layers; /* folders, base first, at least one; ".wh.NAME" and ".wh..wh..opq" hide what is below */
    uint64_t chunk_bytes;      /* bytes of each piece that a probe is given, 0 = 1 MiB; try 1 and 7 */
    uint64_t fail_alloc; /* the allocation, counted from 1, that fails in the arenas given to the plugin; 0 = none */
    const stella_record *published; /* what earlier phases have published; kind, key and bytes are read */
    uint32_t published_count;
    uint32_t
        cancel_call;  /* the call of stella_cancelled, counted from 1, that answers yes, as do all after it; 0 = none
                      */
    uint32_t options; /* STELLA_OPTION_*, as the user would ask for them */
    uint32_t reserved;
    const stella_trace *trace; /* what the image runs, for analyzers of STELLA_PHASE_USAGE; NULL: nothing is known */
} stella_testing_options;

/* Walks the folders, calls probe and analyze as the engine would (files that were not kept come in a second round) and
 * adds the outcome to text: a JSON document with components, relations, published records and notes, in an order that
 * depends on the content alone.
 * Returns what the plugin returns when analyze fails; a probe that fails is a note. STELLA_E_INVALID when the plugin
 * breaks the contract: no analyzer, a component without evidence, a record with a key that is too long, ... */
stella_status stella_testing_run(const stella_plugin_entry *entry, const stella_testing_options *options,
                                 stella_buf *text, stella_error *err);

/* Runs it again and again, each time with the next allocation failing, until one run needs no more. Each run must
 * return STELLA_E_NOMEM, or end well with a note about it or with the same text as an undisturbed run.
 * runs  set on success: how many allocations were made to fail
 * Returns STELLA_E_INTERNAL for a run that did neither: err says which. */
stella_status stella_testing_fail_each(const stella_plugin_entry *entry, const stella_testing_options *options,
                                       uint64_t *runs, stella_error *err);

/* Asks an entry tracer what a launch does over the folders' tree, as the engine would: up to three times, when it wishes
 * for files. The program's file is looked up (it need not exist). Adds a JSON document: language, terminal, steps,
 * includes, uses, unknown, notes.
 * launch  .struct_size, args and env are read
 * Returns what the plugin returns; STELLA_E_INVALID when it breaks the contract. */
stella_status stella_testing_hop(const stella_plugin_entry *entry, const stella_testing_options *options,
                                 const stella_launch *launch, stella_buf *text, stella_error *err);

/* Runs an emitter.
 * flags  STELLA_EMIT_*   width  columns, 0 = no terminal */
stella_status stella_testing_emit(const stella_plugin_entry *entry, const stella_bom *bom, uint32_t flags,
                                  uint32_t width, stella_buf *text, stella_error *err);

/* The same as the engine runs it for "-o FORMAT@VERSION" and --template.
 * how  flags, width, version (empty: the emitter's default) and template_text are read */
stella_status stella_testing_emit_as(const stella_plugin_entry *entry, const stella_bom *bom,
                                     const stella_emission *how, stella_buf *text, stella_error *err);

/* Runs a reader over a document, which gets the name "document". Adds to text a line with the subject's name, kind and
 * time, then what stella_testing_run would.
 * Returns STELLA_E_UNSUPPORTED when detect does not know the document, else what the reader says. */
stella_status stella_testing_read(const stella_plugin_entry *entry, stella_sv document, stella_buf *text,
                                  stella_error *err);

/* Reads it again and again, each time with the next allocation in the reader's arena failing, until one needs no more.
 * Each must return STELLA_E_NOMEM or end with the same text as an undisturbed one.
 * runs  set on success: how many allocations were made to fail
 * Returns STELLA_E_INTERNAL for one that did neither: err says which. */
stella_status stella_testing_read_fail_each(const stella_plugin_entry *entry, stella_sv document, uint64_t *runs,
                                            stella_error *err);

/* A result for emitters: two layers, every member set in some component and empty in another, awkward texts. With a
 * count, that many made-up packages instead. NULL when the arena's budget is spent. */
const stella_bom *stella_testing_bom(stella_arena *arena, uint32_t component_count);

/* Whether the file holds exactly this text; tells standard error where it first differs. With STELLA_UPDATE_GOLDEN=1 in
 * the environment the file is written instead. */
int stella_testing_golden(const char *path, stella_sv text);

STELLA_END_DECLS

#endif
