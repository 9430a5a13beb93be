/* check.h - whether a document keeps the rules of its format: tables of what an object may hold, and what they cannot
 * say in code. No JSON Schema: what a table leaves open is not looked at. Each problem is a note of the call, "POINTER:
 * what is wrong", with its line. */
#ifndef READER_COMMON_CHECK_H
#define READER_COMMON_CHECK_H

#include <stella/json.h>
#include <stella/reader.h>

#define CHECK_POINTER_MAX 512u

typedef struct check check;
typedef struct check_shape check_shape;

typedef enum check_kind {
    CHECK_ANY,
    CHECK_TEXT,
    CHECK_NUMBER,
    CHECK_BOOLEAN,
    CHECK_LIST, /* of anything, or of objects of a shape */
    CHECK_TEXTS,
    CHECK_OBJECT,
} check_kind;

#define CHECK_REQUIRED 1u

/* A member of an object. */
typedef struct check_rule {
    const char *key;
    check_kind kind;
    uint32_t flags;                                   /* CHECK_REQUIRED */
    uint32_t since;                                   /* minor version of the format; 0: always */
    const char *const *words;                         /* a closed vocabulary, ended by NULL; NULL: any text */
    void (*also)(check *c, const stella_json *value); /* what else holds for each text or object; may be NULL */
    const check_shape *of;                            /* of the objects; NULL: not looked into */
} check_rule;

struct check_shape {
    const check_rule *rules;
    uint32_t count;
};

#define CHECK_SHAPE(rules)                                                                                             \
    { rules, sizeof(rules) / sizeof((rules)[0]) }

/* A name that the document gives to something. */
typedef struct check_id {
    stella_sv name;
    const stella_json *where;
} check_id;

struct check {
    stella_reading *reading;
    uint32_t version;  /* minor version of the format */
    int32_t is_closed; /* members that no rule names are problems */
    uint32_t problems;
    int32_t is_short; /* memory was */
    check_id *ids;    /* ordered by name */
    uint32_t id_count, id_room;
    size_t len;
    char pointer[CHECK_POINTER_MAX]; /* where it is */
};

/* Whether documents are to be checked instead of read. */
static inline int check_is_wanted(const stella_reading *reading) {
    return (reading->job->options & STELLA_OPTION_VALIDATE) != 0;
}

/* What the document is: "CycloneDX 1.6, JSON". */
void check_format(stella_reading *reading, const char *format, ...) STELLA_PRINTF(2, 3);

/* The document is not even well-formed: why is a note, and the status that of the call. Others than STELLA_E_FORMAT are
 * handed on. */
stella_status check_malformed(stella_reading *reading, const char *format, const stella_error *why);

/* A problem at that value, or at the pointer when it is NULL. */
void check_say(check *c, const stella_json *value, const char *format, ...) STELLA_PRINTF(3, 4);

/* Into a member or element and back: for code that walks by itself. */
size_t check_enter(check *c, stella_sv key);
size_t check_enter_at(check *c, uint32_t index);
void check_leave(check *c, size_t mark);

/* An object and all that its shape looks into. */
void check_object(check *c, const stella_json *object, const check_shape *shape);

/* Gathers the ids, texts of members of that name anywhere in the document; two alike are a problem. */
void check_ids(check *c, const stella_json *root, const char *key);
/* Further ones, of which two may be alike: what the document takes from others. */
void check_more_ids(check *c, const stella_json *root, const char *key);

int check_has_id(const check *c, stella_sv name);

/* For check_rule.also: a package URL; a license expression, or NONE and NOASSERTION; a CPE name. */
void check_purl(check *c, const stella_json *value);
void check_expression(check *c, const stella_json *value);
void check_cpe(check *c, const stella_json *value);

/* Digits of a hash of that name ("SHA-256", "sha256", "SHA3-512"): their kind and their number, when it is known. */
void check_digest(check *c, const stella_json *where, stella_sv algorithm, stella_sv digits);

/* What check_malformed and a finished check return. Returns STELLA_E_NOMEM when the check could not be finished. */
stella_status check_finish(const check *c, stella_error *err);

#endif
