/* mentions.h - the libraries that an ELF file may load while it runs, as far as its constants name them. */
#ifndef BINARY_MENTIONS_H
#define BINARY_MENTIONS_H

#include "common/binary/elf.h"

#include <stella/arena.h>

#define MENTIONS_MAX       256 /* names of one file; what is behind them is not kept */
#define MENTIONS_BYTES_MAX ((size_t)16 << 10)
#define MENTIONS_NAME_MAX  255 /* a longer one is none */

/* Whether one of its dynamic symbols is a function that loads libraries by name: dlopen of libc, or such as GLib, APR, NSPR,
 * libtool and SDL wrap it in. names is the table of their texts. */
int mentions_are_loaded(stella_sv names);

/* The texts in .rodata that end in NUL and are "lib", any letters, digits and "_+.-", and ".so" with or without a version,
 * with or without directories in front: each once, in the order of the file, a NUL between two.
 * out  set on success; empty when there are none or the file has no sections
 * Returns STELLA_E_NOMEM. [any thread] */
stella_status mentions_find(const elf_file *elf, stella_arena *arena, stella_sv *out, stella_error *err);

#endif
