/* requires_txt.h - requires.txt of an egg-info (setuptools): requirements, in sections of extras and markers. */
#ifndef PYTHON_REQUIRES_TXT_H
#define PYTHON_REQUIRES_TXT_H

#include <stella/arena.h>

/* The same as requirements of PEP 508, one a line: what is below "[extra:marker]" gets both as its marker. In the arena;
 * ptr NULL when it is spent. */
stella_sv requires_txt_convert(stella_sv text, stella_arena *arena);

#endif
