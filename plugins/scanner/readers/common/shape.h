/* shape.h - a stella_json tree in the making, for documents that are written in something else. */
#ifndef READER_COMMON_SHAPE_H
#define READER_COMMON_SHAPE_H

#include <stella/json.h>

/* A value that grows: an object or array gets more of them, the others are texts. */
typedef struct shape shape;
struct shape {
    shape *first, *last, *next;
    stella_sv key;  /* as a member of its parent */
    stella_sv text; /* STRING, NUMBER */
    uint32_t kind;  /* STELLA_JSON_* */
    uint32_t count;
    uint32_t line; /* in the document, 1-based */
};

/* Where shapes live. A plain value, all zero but the arena. */
typedef struct shapes {
    stella_arena *arena;
    int32_t is_short; /* memory was; what was made is not whole */
} shapes;

/* A parent that is NULL is the root's, or one that could not be made, which shape_finish tells. Texts are borrowed.
 * key  of a member of an object; empty for an element of an array */
shape *shape_begin(shapes *s, shape *parent, stella_sv key, uint32_t kind, uint32_t line);
void shape_text(shapes *s, shape *parent, stella_sv key, stella_sv text, uint32_t line);

/* The member of that name, NULL when there is none; or one that is made. */
shape *shape_get(const shape *object, stella_sv key);
shape *shape_get_or_begin(shapes *s, shape *object, stella_sv key, uint32_t kind, uint32_t line);

/* The whole tree. Nothing may be added afterwards. The depth is bounded by what built it.
 * out  set on success
 * Returns STELLA_E_NOMEM, also when something could not be made before. */
stella_status shape_finish(shapes *s, const shape *root, const stella_json **out, stella_error *err);

#endif
