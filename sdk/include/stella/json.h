/* stella/json.h - JSON (RFC 8259): a pull reader for documents of any size, a streaming writer, a small tree in an
 * arena for documents one wants whole, and the canonical form of RFC 8785.
 *
 * All strings are UTF-8; the reader refuses invalid UTF-8, lone surrogates, duplicate keys (in the tree), depth beyond
 * STELLA_JSON_DEPTH_MAX and bytes behind the value. Errors name the place as a JSON pointer (tree) or byte offset
 * (reader). */
#ifndef STELLA_JSON_H
#define STELLA_JSON_H

#include <stella/arena.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

#define STELLA_JSON_DEPTH_MAX 128

#define STELLA_JSON_NONE       0 /* the document ended well */
#define STELLA_JSON_OBJECT     1
#define STELLA_JSON_OBJECT_END 2
#define STELLA_JSON_ARRAY      3
#define STELLA_JSON_ARRAY_END  4
#define STELLA_JSON_KEY        5
#define STELLA_JSON_STRING     6
#define STELLA_JSON_NUMBER     7
#define STELLA_JSON_TRUE       8
#define STELLA_JSON_FALSE      9
#define STELLA_JSON_NULL       10
#define STELLA_JSON_ERROR      11 /* see error; every later call gives it again */

/* ---- reader ---------------------------------------------------------------------------------------------------------
 */

/* In the caller's storage; members are the reader's own. [one thread] */
typedef struct stella_json_reader {
    stella_sv text;  /* of the last KEY, STRING (decoded) or NUMBER (as written); valid until the next call */
    uint64_t offset; /* bytes consumed */
    uint32_t line;   /* of the last token, 1-based */
    uint32_t depth;  /* open objects and arrays */
    stella_error error;
    const char *start, *at, *end;
    stella_buf scratch;
    uint8_t is_object[STELLA_JSON_DEPTH_MAX / 8 + 1];
    uint32_t state;
} stella_json_reader;

/* Begins to read a document that lies in memory. The text is borrowed. string_max bounds one decoded string (0: 16
 * MiB). */
void stella_json_reader_init(stella_json_reader *reader, stella_sv document, size_t string_max);
void stella_json_reader_fini(stella_json_reader *reader);

/* The next token, STELLA_JSON_*. */
uint32_t stella_json_next(stella_json_reader *reader);

/* After OBJECT, ARRAY or KEY: steps over the whole value that was begun or follows. Returns 0 on error. */
int stella_json_skip(stella_json_reader *reader);

/* ---- tree -----------------------------------------------------------------------------------------------------------
 */

typedef struct stella_json {
    uint32_t kind;                            /* OBJECT, ARRAY, STRING, NUMBER, TRUE, FALSE or NULL */
    uint32_t count;                           /* members or elements */
    stella_sv text;                           /* STRING decoded, NUMBER as written */
    const struct stella_json_member *members; /* OBJECT: in document order */
    const struct stella_json *items;          /* ARRAY */
    uint32_t line;                            /* where it begins, 1-based; 0: not from a document */
    uint32_t reserved;
} stella_json;

typedef struct stella_json_member {
    stella_sv key;
    stella_json value;
} stella_json_member;

/* Reads a document into the arena; texts may borrow from it, so it must live as long.
 * out  set on success
 * Returns STELLA_E_FORMAT or STELLA_E_NOMEM (the arena's budget is the limit of the document). */
stella_status stella_json_parse(stella_sv document, stella_arena *arena, const stella_json **out, stella_error *err);

/* All accessors take NULL for "absent" and answer NULL, the empty view or 0 when the value is of another kind. */
const stella_json *stella_json_get(const stella_json *object, const char *key);
const stella_json *stella_json_at(const stella_json *array, uint32_t index);
stella_sv stella_json_str(const stella_json *value);
int stella_json_is(const stella_json *value, uint32_t kind);
int stella_json_u64(const stella_json *value, uint64_t *out); /* a whole number 0 .. 2^64-1; returns 1 and sets out */
int stella_json_i64(const stella_json *value, int64_t *out);

/* ---- writer ---------------------------------------------------------------------------------------------------------
 */

/* Writes a document piece by piece; commas, escapes and indentation are its business. Misuse (a key outside an object,
 * ...) is an assert. After the first failed write nothing more is written; finish tells. [one thread] */
typedef struct stella_json_writer {
    const stella_sink *sink;
    stella_error error;
    uint32_t indent; /* spaces a level; 0: compact */
    uint32_t depth;
    uint32_t state;
    uint32_t used; /* bytes in buffer */
    uint8_t is_object[STELLA_JSON_DEPTH_MAX / 8 + 1];
    char buffer[4096];
} stella_json_writer;

void stella_json_writer_init(stella_json_writer *w, const stella_sink *sink, uint32_t indent);
void stella_json_begin_object(stella_json_writer *w);
void stella_json_end_object(stella_json_writer *w);
void stella_json_begin_array(stella_json_writer *w);
void stella_json_end_array(stella_json_writer *w);
void stella_json_key(stella_json_writer *w, stella_sv key);
/* Invalid UTF-8 is written as U+FFFD. */
void stella_json_write_str(stella_json_writer *w, stella_sv text);
void stella_json_write_u64(stella_json_writer *w, uint64_t value);
void stella_json_write_i64(stella_json_writer *w, int64_t value);
void stella_json_write_bool(stella_json_writer *w, int value);
void stella_json_write_null(stella_json_writer *w);
void stella_json_write_value(stella_json_writer *w, const stella_json *value); /* a whole tree; NULL: null */

/* A member at once. _opt leaves the member out when the text is empty. */
void stella_json_member_str(stella_json_writer *w, const char *key, stella_sv text);
void stella_json_member_opt(stella_json_writer *w, const char *key, stella_sv text);
void stella_json_member_u64(stella_json_writer *w, const char *key, uint64_t value);
void stella_json_member_bool(stella_json_writer *w, const char *key, int value);
void stella_json_member_object(stella_json_writer *w, const char *key); /* key and begin_object */
void stella_json_member_array(stella_json_writer *w, const char *key);  /* key and begin_array */

/* Ends the document (a newline when indented) and reports the first failed write. */
stella_status stella_json_finish(stella_json_writer *w, stella_error *err);

/* The canonical form of RFC 8785: sorted by UTF-16 code units, ECMAScript numbers, no blanks. */
stella_status stella_json_canonical(const stella_json *value, const stella_sink *sink, stella_error *err);

STELLA_END_DECLS

#endif
