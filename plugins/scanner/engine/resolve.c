/* Where a path leads in the merged tree. */
#include "view.h"

typedef struct walk {
    const view *view;
    char *done; /* resolved so far, PATH_BYTES_MAX bytes of room */
    size_t done_len;
    char todo[PATH_BYTES_MAX]; /* right-aligned: what is left to walk */
    size_t todo_at;
    unsigned hops;
    int is_missing; /* something on the way does not exist: the rest is taken as written */
} walk;

static int push(walk *w, stella_sv name) {
    const size_t slash = w->done_len != 0;
    if (w->done_len + slash + name.len >= PATH_BYTES_MAX)
        return 0;
    if (slash)
        w->done[w->done_len++] = '/';
    memcpy(w->done + w->done_len, name.ptr, name.len);
    w->done_len += name.len;
    return 1;
}

static void pop(walk *w) {
    const size_t slash = stella_sv_rfind(stella_sv_of(w->done, w->done_len), '/');
    w->done_len = slash < w->done_len ? slash : 0;
}

static int take_name(walk *w, stella_sv *name) {
    while (w->todo_at < sizeof w->todo && w->todo[w->todo_at] == '/')
        w->todo_at++;
    const stella_sv rest = stella_sv_of(w->todo + w->todo_at, sizeof w->todo - w->todo_at);
    *name = stella_sv_first(rest, stella_sv_find(rest, '/'));
    w->todo_at += name->len;
    return name->len != 0;
}

/* Puts a link's target before what is left. */
static int unread(walk *w, stella_sv target) {
    if (target.len >= w->todo_at)
        return 0;
    w->todo[--w->todo_at] = '/';
    w->todo_at -= target.len;
    memcpy(w->todo + w->todo_at, target.ptr, target.len);
    return 1;
}

static int is_last(const walk *w) {
    for (size_t i = w->todo_at; i < sizeof w->todo; i++)
        if (w->todo[i] != '/')
            return 0;
    return 1;
}

/* One name further. */
static stella_status step(walk *w, stella_sv name, int follow, view_entry *entry, stella_error *err) {
    if (stella_sv_eq(name, STELLA_SV(".")))
        return STELLA_OK;
    if (stella_sv_eq(name, STELLA_SV(".."))) {
        pop(w);
        return STELLA_OK;
    }
    if (!push(w, name))
        return stella_error_at(err, STELLA_E_LIMIT, name, "the path becomes longer than %u bytes", PATH_BYTES_MAX);
    pack_row facts = {0};
    if (!w->is_missing && !view_at(w->view, stella_sv_of(w->done, w->done_len), entry))
        w->is_missing = 1;
    if (w->is_missing)
        return STELLA_OK;
    view_facts(w->view, *entry, &facts);
    if (facts.kind == STELLA_FILE_DIRECTORY || (is_last(w) && !(follow && facts.kind == STELLA_FILE_SYMLINK)))
        return STELLA_OK;
    if (facts.kind != STELLA_FILE_SYMLINK) {
        w->is_missing = 1; /* nothing is below a file */
        return STELLA_OK;
    }
    if (++w->hops > VIEW_HOPS_MAX || !unread(w, facts.target))
        return stella_error_at(err, STELLA_E_LIMIT, stella_sv_of(w->done, w->done_len),
                               "more than %d symbolic links, or a path that grows without end", VIEW_HOPS_MAX);
    pop(w);
    if (stella_sv_starts(facts.target, STELLA_SV("/")))
        w->done_len = 0;
    return STELLA_OK;
}

stella_status view_resolve(const view *v, stella_sv path, int follow, char *buf, stella_sv *canonical,
                           view_entry *entry, stella_error *err) {
    walk w = {.view = v, .done = buf, .todo_at = PATH_BYTES_MAX};
    if (path.len >= sizeof w.todo)
        return stella_error_at(err, STELLA_E_LIMIT, path, "a path of more than %u bytes", PATH_BYTES_MAX - 1);
    w.todo_at -= path.len;
    if (path.len)
        memcpy(w.todo + w.todo_at, path.ptr, path.len);
    view_entry at = {.row = PACK_NO_ROW};
    for (stella_sv name; take_name(&w, &name);) {
        const stella_status status = step(&w, name, follow, &at, err);
        if (status != STELLA_OK)
            return status;
    }
    *canonical = stella_sv_of(buf, w.done_len);
    if (w.is_missing)
        return stella_error_at(err, STELLA_E_NOTFOUND, *canonical, "not in the tree");
    if (w.done_len == 0) /* the root is a directory that has no entry */
        at = (view_entry){.row = PACK_NO_ROW};
    else if (!view_at(v, *canonical, &at))
        return stella_error_at(err, STELLA_E_NOTFOUND, *canonical, "not in the tree");
    *entry = at;
    return STELLA_OK;
}
