/* words.h - small texts between blanks, as package databases write lists. */
#ifndef ANALYZER_WORDS_H
#define ANALYZER_WORDS_H

#include <stella/component.h>

/* Longest package name, version or architecture that is taken for one. */
#define WORD_MAX 256
/* Bytes of a license that are looked at. */
#define WORDS_LICENSE_MAX 16384

/* Whether it is 1 to WORD_MAX printable ASCII bytes without blanks: what names and versions are made of. */
int word_is_plain(stella_sv text);

/* Takes the next word (blanks and newlines separate) off *rest. Returns 0, leaving *out alone, at the end. */
int word_next(stella_sv *rest, stella_sv *out);

/* Of a list of words that was cut: without the last one, which may be half a word. */
stella_sv words_whole(stella_sv list);

/* Adds what a database says of a package's license: the whole text when it is an SPDX expression; else word by word,
 * those that are no SPDX identifier as names.
 * Returns STELLA_E_NOMEM. */
stella_status words_add_license(stella_component *c, stella_sv text, stella_error *err);

#endif
