/* stella/terminal.h - text from outside, made harmless for terminals and log lines.
 *
 * A file name may hold escape sequences that move the cursor, rename the window or hide what follows. Whatever did not
 * come from our own source is shown through here. */
#ifndef STELLA_TERMINAL_H
#define STELLA_TERMINAL_H

#include <stella/arena.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

/* Adds the text with everything a terminal might act on spelled out: \n, \r, \t, other control characters and bytes
 * that are no valid UTF-8 as \xNN, line separators and characters that reverse the writing direction as \uNNNN.
 * Returns what stella_buf_add returns. [one thread] */
stella_status stella_terminal_add(stella_buf *out, stella_sv text);

/* The same as a NUL-terminated string in the arena; the text itself is not borrowed. NULL when the budget is spent.
 * [one thread] */
const char *stella_terminal_cstr(stella_arena *arena, stella_sv text);

/* How many columns of a terminal a text that is harmless already takes: wide characters (East Asian, pictographs) count
 * two, combining ones none, a byte that begins no character one. [any thread] */
uint32_t stella_terminal_width(stella_sv text);

/* Its longest beginning of whole characters that takes at most so many columns. [any thread] */
stella_sv stella_terminal_fit(stella_sv text, uint32_t columns);

STELLA_END_DECLS

#endif
