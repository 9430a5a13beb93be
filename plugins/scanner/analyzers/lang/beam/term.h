/* term.h - terms of Erlang and Elixir as files hold them: *.app, rebar.lock, mix.lock; read into trees of stella/json.h.
 *
 *     {application,cowboy,[{vsn,"2.9.0"},{applications,[kernel,stdlib]}]}.      Erlang
 *     %{"jason": {:hex, :jason, "1.4.0", [optional: true]}}                     Elixir
 *
 * Tuples and lists become ARRAYs, atoms, texts, binaries and numbers STRINGs; "key: value" in a list of Elixir is the
 * pair that it stands for, and "%{...}" an ARRAY of such pairs. What is none of these (operators, funs) is stepped
 * over: it stands only where nobody looks. Nothing is evaluated. */
#ifndef BEAM_TERM_H
#define BEAM_TERM_H

#include <stella/json.h>

#define TERM_DEPTH_MAX 64

/* Read all terms of a text. They fit walk_parse.
 * out  set on success: an ARRAY of the terms; lives in the arena and borrows from text. Every value has its line
 * Returns STELLA_E_FORMAT for brackets or texts without end, STELLA_E_LIMIT for deeper ones, STELLA_E_NOMEM. */
stella_status term_parse_erlang(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err);
stella_status term_parse_elixir(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err);

/* The second of the pair in the list whose first is the key; NULL when there is none. */
const stella_json *term_get(const stella_json *list, stella_sv key);

#endif
