/* opam.h - texts in the fields of an opam file, with what the braces behind them say.
 *
 *     depends: [ "dune" {>= "2.0"} "alcotest" {= "1.7" & with-test} ]
 *
 * Source: opam's manual, "Common file format". */
#ifndef OCAML_OPAM_H
#define OCAML_OPAM_H

#include "common/lexer.h"

typedef struct opam_item {
    stella_sv field;  /* "depends" */
    stella_sv text;   /* "dune" */
    stella_sv filter; /* the first text in the braces: "2.0"; empty: none */
    uint32_t line;
    int32_t is_exact; /* the braces begin with "=" */
    int32_t is_dev;   /* only for tests, documentation or the setup of developers */
} opam_item;

typedef struct opam_reader {
    lexer lex;
    lexer_token token; /* the one at hand */
    stella_sv field;
    int32_t has_begun;
} opam_reader;

opam_reader opam_open(stella_sv text, stella_arena *arena);

/* The next text; out->field.ptr is NULL at the end. Sections ("url { ... }") are stepped over.
 * Returns STELLA_E_FORMAT for what is no opam file, STELLA_E_NOMEM. */
stella_status opam_next(opam_reader *reader, opam_item *out, stella_error *err);

#endif
