#include "ld_expand.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define EXPANDED_MAX 4096

/* The token that the text begins with and what stands for it; 0: none. */
static size_t token_at(stella_sv text, const ld_tokens *t, stella_sv *value) {
    const struct {
        stella_sv name, value;
    } known[] = {{STELLA_SV("ORIGIN"), t->origin}, {STELLA_SV("LIB"), t->lib}, {STELLA_SV("PLATFORM"), t->platform}};
    const int is_braced = text.len > 1 && text.ptr[1] == '{';
    const stella_sv rest = stella_sv_skip(text, is_braced ? 2 : 1);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const size_t len = known[i].name.len;
        const int is_closed = !is_braced || (rest.len > len && rest.ptr[len] == '}');
        if (!stella_sv_starts(rest, known[i].name) || !is_closed)
            continue;
        *value = known[i].value;
        return 1 + len + (is_braced ? 2 : 0);
    }
    return 0;
}

/* "$ORIGIN" stands for an absolute path. */
static stella_status put(stella_buf *path, stella_sv text, const ld_tokens *t) {
    stella_status status = STELLA_OK;
    while (text.len && status == STELLA_OK) {
        stella_sv value = stella_sv_first(text, 1);
        size_t len = text.ptr[0] == '$' ? token_at(text, t, &value) : 0;
        if (len && value.ptr == t->origin.ptr)
            status = stella_buf_add(path, STELLA_SV("/"));
        if (len == 0) {
            const size_t next = stella_sv_find(stella_sv_skip(text, 1), '$');
            len = 1 + next;
            value = stella_sv_first(text, len);
        }
        if (status == STELLA_OK)
            status = stella_buf_add(path, value);
        text = stella_sv_skip(text, len);
    }
    return status;
}

static stella_sv without_slashes(stella_sv path) {
    while (path.len && path.ptr[0] == '/')
        path = stella_sv_skip(path, 1);
    while (path.len && path.ptr[path.len - 1] == '/')
        path.len--;
    return path;
}

stella_status ld_expand(stella_sv text, const ld_tokens *tokens, stella_arena *arena, stella_sv *out,
                        stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf path = stella_buf_of(EXPANDED_MAX);
    stella_sv whole = text;
    if (stella_sv_find(text, '$') < text.len) {
        const stella_status status = put(&path, text, tokens);
        if (status == STELLA_E_NOMEM)
            return stella_error_set(err, status, NULL, "no memory for a path of libraries");
        whole = status == STELLA_OK ? stella_arena_dup(arena, stella_buf_sv(&path)) : (stella_sv){0};
        if (status == STELLA_OK && path.len && !whole.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path of libraries");
    }
    *out = whole.len && whole.len <= EXPANDED_MAX && whole.ptr[0] == '/' ? without_slashes(whole) : (stella_sv){0};
    return STELLA_OK;
}
