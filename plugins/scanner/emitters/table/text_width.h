/* text_width.h - how many columns of a terminal a text takes, and a text cut to so many. UTF-8, already harmless. */
#ifndef EMITTER_TABLE_TEXT_WIDTH_H
#define EMITTER_TABLE_TEXT_WIDTH_H

#include <stella/sv.h>

/* Wide characters (East Asian, pictographs) count two, combining ones none. */
uint32_t text_width(stella_sv text);

/* The longest beginning of whole characters that takes at most columns. */
stella_sv text_fit(stella_sv text, uint32_t columns);

#endif
