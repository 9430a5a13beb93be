/* text.h - small texts of configuration files and command lines. */
#ifndef ENTRYTRACE_TEXT_H
#define ENTRYTRACE_TEXT_H

#include <stella/sv.h>

/* Takes the next word (blanks and newlines separate) off *rest. Returns 0, leaving *out alone, at the end. */
int text_word(stella_sv *rest, stella_sv *out);

/* The offset of the first byte that is one of those, or text.len. */
size_t text_span(stella_sv text, const char *bytes);

/* Whether the byte is a blank of ASCII. */
int text_is_blank(char byte);

/* Whether it is the name of a variable: letters, digits and '_', no digit in front. */
int text_is_name(stella_sv text);

/* Behind the last slash. */
stella_sv text_base(stella_sv path);

/* Before the last slash; empty when there is none or only the first byte is one. */
stella_sv text_directory(stella_sv path);

/* Whether the list, words between blanks, holds that word. */
int text_list_has(const char *list, stella_sv word);

/* Whether the pattern of fnmatch(3) without flags - '*', '?', '[a-z]', '[!a]', '\' - describes all of the text. */
int text_matches(stella_sv pattern, stella_sv text);

#endif
