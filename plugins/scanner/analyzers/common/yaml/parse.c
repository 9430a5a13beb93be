#include "members.h"
#include "yaml.h"

#include <stella/auto.h>

#include <yaml.h>

#define PENDING_FIRST 256 /* children that wait for the end of their container before the arena is asked for more */

/* An array or object whose end has not come. The outermost is the stream, whose elements are documents. */
typedef struct frame {
    stella_json value; /* kind and line */
    stella_sv key;     /* of the member that comes next */
    stella_sv anchor;  /* its own; empty when it has none */
    uint32_t first;    /* its first child among the pending ones */
    uint32_t height;   /* of the highest child */
    uint64_t nodes;    /* met before it began */
    int32_t has_key;
    int32_t reserved;
} frame;

/* A whole value that aliases may name. */
typedef struct anchor {
    stella_sv name;
    stella_json value;
    uint64_t nodes;  /* it and all below, aliases followed */
    uint32_t height; /* containers in each other: 0 for a scalar */
} anchor;

typedef struct builder {
    yaml_parser_t parser;
    stella_sv text;
    stella_arena *arena;
    stella_error *err;
    stella_json_member *pending; /* children of all open containers; elements have no key */
    uint32_t count, room;
    uint64_t nodes;
    anchor *anchors;
    uint32_t anchor_count, alias_count;
    uint32_t line;  /* of the event at hand */
    uint32_t depth; /* of the innermost frame */
    frame frames[STELLA_JSON_DEPTH_MAX + 1];
} builder;

static void event_fini(yaml_event_t *event) {
    yaml_event_delete(event);
}

static stella_status fail(const builder *b, stella_status code, const char *what) {
    return stella_error_set(b->err, code, "", "line %u: %s", b->line, what);
}

static stella_status fail_memory(const builder *b) {
    return fail(b, STELLA_E_NOMEM, "the document needs more memory than it may use");
}

static stella_status fail_parser(builder *b) {
    const yaml_parser_t *p = &b->parser;
    if (p->error == YAML_MEMORY_ERROR)
        return fail_memory(b);
    b->line = (uint32_t)p->problem_mark.line + 1;
    if (p->error == YAML_READER_ERROR) /* it knows no line */
        return stella_error_set(b->err, STELLA_E_FORMAT, "", "byte %zu: %s", p->problem_offset, p->problem);
    return fail(b, STELLA_E_FORMAT, p->problem ? p->problem : "no YAML");
}

/* Most texts stand in the document as they are. libyaml counts characters, not bytes, so its mark is but a guess. */
static int keep_text(const builder *b, const yaml_char_t *ptr, size_t len, size_t mark, stella_sv *out) {
    if (mark <= b->text.len && len <= b->text.len - mark && memcmp(b->text.ptr + mark, ptr, len) == 0) {
        *out = stella_sv_of(b->text.ptr + mark, len);
        return 1;
    }
    *out = stella_arena_dup(b->arena, stella_sv_of((const char *)ptr, len));
    return out->ptr != NULL;
}

/* ---- anchors and aliases --------------------------------------------------------------------------------------------
 */

/* The newest of that name; NULL when there is none. */
static const anchor *anchor_find(const builder *b, stella_sv name) {
    for (uint32_t i = b->anchor_count; i-- > 0;)
        if (stella_sv_eq(b->anchors[i].name, name))
            return &b->anchors[i];
    return NULL;
}

static stella_status anchor_add(builder *b, anchor added) {
    if (added.name.len == 0)
        return STELLA_OK;
    if (b->anchor_count == YAML_ANCHORS_MAX)
        return fail(b, STELLA_E_LIMIT, "too many anchors");
    if (!b->anchors)
        b->anchors = stella_arena_alloc(b->arena, YAML_ANCHORS_MAX, sizeof *b->anchors);
    if (!b->anchors)
        return fail_memory(b);
    b->anchors[b->anchor_count++] = added;
    return STELLA_OK;
}

/* A copy, for the event goes; empty for no name. */
static int anchor_name(const builder *b, const yaml_char_t *name, stella_sv *out) {
    *out = name ? stella_arena_dup(b->arena, stella_sv_cstr((const char *)name)) : STELLA_SV("");
    return out->ptr != NULL;
}

/* ---- children -------------------------------------------------------------------------------------------------------
 */

/* The pending children grow inside the arena, so that its budget bounds them too. */
static int pending_grow(builder *b) {
    const uint32_t room = b->room ? b->room * 2 : PENDING_FIRST; /* YAML_NODES_MAX keeps it from overflowing */
    stella_json_member *grown = stella_arena_alloc(b->arena, room, sizeof *grown);
    if (!grown)
        return 0;
    if (b->pending)
        memcpy(grown, b->pending, b->count * sizeof *grown);
    b->pending = grown;
    b->room = room;
    return 1;
}

static stella_status take_key(const builder *b, frame *f, const stella_json *value) {
    if (value->kind != STELLA_JSON_STRING)
        return fail(b, STELLA_E_FORMAT, "a key that is no scalar");
    f->key = value->text;
    f->has_key = 1;
    return STELLA_OK;
}

/* Puts a whole value where the innermost frame awaits it: as a key, as a member or as an element. */
static stella_status add(builder *b, const stella_json *value, uint32_t height) {
    frame *f = &b->frames[b->depth];
    if (f->value.kind == STELLA_JSON_OBJECT && !f->has_key)
        return take_key(b, f, value);
    if (b->count == b->room && !pending_grow(b))
        return fail_memory(b);
    b->pending[b->count++] = (stella_json_member){.key = f->key, .value = *value};
    f->has_key = 0;
    if (height > f->height)
        f->height = height;
    return STELLA_OK;
}

static stella_status count_nodes(builder *b, uint64_t nodes) {
    b->nodes += nodes; /* each at most YAML_NODES_MAX */
    return b->nodes > YAML_NODES_MAX ? fail(b, STELLA_E_LIMIT, "too many values") : STELLA_OK;
}

/* ---- events ---------------------------------------------------------------------------------------------------------
 */

static stella_status on_scalar(builder *b, const yaml_event_t *event) {
    const size_t quote = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? 0 : 1;
    anchor whole = {.value = {.kind = STELLA_JSON_STRING, .line = b->line}, .nodes = 1};
    if (!keep_text(b, event->data.scalar.value, event->data.scalar.length, event->start_mark.index + quote,
                   &whole.value.text) ||
        !anchor_name(b, event->data.scalar.anchor, &whole.name))
        return fail_memory(b);
    if (count_nodes(b, 1) != STELLA_OK || anchor_add(b, whole) != STELLA_OK)
        return b->err->code;
    return add(b, &whole.value, whole.height);
}

static stella_status on_alias(builder *b, const yaml_event_t *event) {
    const anchor *named = anchor_find(b, stella_sv_cstr((const char *)event->data.alias.anchor));
    if (!named)
        return fail(b, STELLA_E_FORMAT, "an alias without an anchor before it");
    if (b->alias_count++ == YAML_ALIASES_MAX)
        return fail(b, STELLA_E_LIMIT, "too many aliases");
    if (b->depth + named->height > STELLA_JSON_DEPTH_MAX)
        return fail(b, STELLA_E_LIMIT, "nested too deeply");
    if (count_nodes(b, named->nodes) != STELLA_OK)
        return b->err->code;
    return add(b, &named->value, named->height);
}

static stella_status open_container(builder *b, uint32_t kind, const yaml_char_t *name) {
    stella_sv own_name;
    if (b->depth == STELLA_JSON_DEPTH_MAX)
        return fail(b, STELLA_E_LIMIT, "nested too deeply");
    if (!anchor_name(b, name, &own_name))
        return fail_memory(b);
    b->frames[++b->depth] =
        (frame){.value = {.kind = kind, .line = b->line}, .first = b->count, .nodes = b->nodes, .anchor = own_name};
    return count_nodes(b, 1);
}

/* Moves the children of the innermost frame to a place of their own. */
static int finish_children(builder *b, frame *f) {
    if (!b->pending && !pending_grow(b)) /* an empty stream has added nothing yet */
        return 0;
    stella_json_member *children = b->pending + f->first;
    uint32_t count = b->count - f->first;
    b->count = f->first;
    if (f->value.kind == STELLA_JSON_OBJECT) {
        if (!members_drop_repeated(children, &count))
            return 0;
        stella_json_member *members = stella_arena_alloc(b->arena, count, sizeof *members);
        if (members && count)
            memcpy(members, children, count * sizeof *members);
        f->value.members = members;
        f->value.count = count;
        return members != NULL;
    }
    stella_json *items = stella_arena_alloc(b->arena, count, sizeof *items);
    for (uint32_t i = 0; items && i < count; i++)
        items[i] = children[i].value;
    f->value.items = items;
    f->value.count = count;
    return items != NULL;
}

static stella_status close_container(builder *b) {
    frame *f = &b->frames[b->depth];
    if (!finish_children(b, f))
        return fail_memory(b);
    const anchor whole = {.name = f->anchor, .value = f->value, .nodes = b->nodes - f->nodes, .height = f->height + 1};
    if (anchor_add(b, whole) != STELLA_OK)
        return b->err->code;
    b->depth--;
    return add(b, &whole.value, whole.height);
}

static stella_status on_event(builder *b, const yaml_event_t *event) {
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(b, event);
    case YAML_ALIAS_EVENT:
        return on_alias(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_container(b, STELLA_JSON_ARRAY, event->data.sequence_start.anchor);
    case YAML_MAPPING_START_EVENT:
        return open_container(b, STELLA_JSON_OBJECT, event->data.mapping_start.anchor);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_container(b);
    case YAML_DOCUMENT_START_EVENT:
        b->anchor_count = 0;
        return STELLA_OK;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return STELLA_OK;
    }
    return STELLA_OK;
}

static stella_status next_event(builder *b, int *is_end) {
    STELLA_AUTO(event_fini) yaml_event_t event = {0};
    if (!yaml_parser_parse(&b->parser, &event))
        return fail_parser(b);
    b->line = (uint32_t)event.start_mark.line + 1;
    *is_end = event.type == YAML_STREAM_END_EVENT;
    return on_event(b, &event);
}

static stella_status build(builder *b) {
    stella_status status = STELLA_OK;
    b->frames[0] = (frame){.value = {.kind = STELLA_JSON_ARRAY, .line = 1}};
    yaml_parser_set_input_string(&b->parser, (const yaml_char_t *)(b->text.ptr ? b->text.ptr : ""), b->text.len);
    for (int is_end = 0; status == STELLA_OK && !is_end;)
        status = next_event(b, &is_end);
    if (status == STELLA_OK && !finish_children(b, &b->frames[0]))
        return fail_memory(b);
    return status;
}

stella_status yaml_parse(stella_sv text, stella_arena *arena, const stella_json **documents, stella_error *err) {
    stella_error own = {0};
    builder *b = stella_arena_alloc(arena, 1, sizeof *b);
    stella_json *root = stella_arena_alloc(arena, 1, sizeof *root);
    if (!b || !root || !yaml_parser_initialize(&b->parser))
        return stella_error_set(err, STELLA_E_NOMEM, "", "the document needs more memory than it may use");
    b->text = text;
    b->arena = arena;
    b->err = err ? err : &own;
    const stella_status status = build(b);
    yaml_parser_delete(&b->parser);
    if (status != STELLA_OK)
        return status;
    *root = b->frames[0].value;
    *documents = root;
    return STELLA_OK;
}
