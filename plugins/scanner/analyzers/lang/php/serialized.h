/* serialized.h - values as PHP's serialize() writes them, read into the trees of stella/json.h.
 *
 *     a:2:{s:4:"name";s:3:"pie";i:7;b:1;}
 *
 * An array becomes an OBJECT, its whole-number keys texts of digits; integers and doubles NUMBERs as written; texts keep
 * their bytes, which need not be UTF-8. Objects and references are refused. Source: the PHP manual, serialize(). */
#ifndef PHP_SERIALIZED_H
#define PHP_SERIALIZED_H

#include <stella/json.h>

#define SERIALIZED_DEPTH_MAX 64

/* Reads one value; bytes behind it are an error.
 * out  set on success; lives in the arena and borrows from text
 * Returns STELLA_E_FORMAT, STELLA_E_LIMIT for a deeper one, STELLA_E_NOMEM. */
stella_status serialized_parse(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err);

#endif
