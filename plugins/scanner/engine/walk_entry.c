/* One entry of an archive, or of its table of contents, made an entry of the layer: marks become flags, and names that
 * could lead out of the image are left out with a note. */
#include "walk_entry.h"

#include "path.h"

#include <stdio.h>
#include <stdlib.h>

#define MARK        ".wh."
#define MARK_META   ".wh..wh."     /* of the file system that invented the marks: never files of the image */
#define MARK_OPAQUE ".wh..wh..opq" /* exactly */

struct walker {
    collector *c;
    size_t room; /* bytes of the longest path taken */
    char path[PATH_BYTES_MAX], link[PATH_BYTES_MAX];
};

static void refuse(walker *w, stella_sv name, const char *what) {
    collector_note(w->c, STELLA_E_FORMAT, STELLA_NOTE_ERROR, name, "left out: %s", what);
}

/* The entry's path, or its target, clean. 0: there is none to take, and the reason has been noted under the entry's. */
static int clean(walker *w, stella_sv name, stella_sv entry, char *buf, const char *of, stella_sv *out) {
    int was_absolute = 0;
    char text[96];
    switch (path_clean(name, buf, w->room, out, &was_absolute)) {
    case PATH_OK:
        if (was_absolute)
            collector_note(w->c, STELLA_OK, STELLA_NOTE_INFO, entry, "an absolute %s, taken from the root of the image",
                           of);
        return 1;
    case PATH_DOTDOT:
        snprintf(text, sizeof text, "its %s has a '..', which may lead out of the image", of);
        refuse(w, entry, text);
        return 0;
    case PATH_NUL:
        snprintf(text, sizeof text, "its %s has a NUL byte", of);
        refuse(w, entry, text);
        return 0;
    case PATH_TOO_LONG:
        collector_note(w->c, STELLA_E_LIMIT, STELLA_NOTE_ERROR, entry,
                       "left out: a %s of %zu bytes, at most %zu; " OPTION_PATH_BYTES " raises the limit", of, name.len,
                       w->room);
        return 0;
    default: /* the root itself: nothing to say of it */
        return 0;
    }
}

/* Turns a marker into what it says. 1: it was one; entry is then to be taken when its path or flags say something. */
static int read_marker(walker *w, stella_sv path, index_entry *entry) {
    stella_sv dir, name;
    path_split(path, &dir, &name);
    if (!stella_sv_starts(name, STELLA_SV(MARK)))
        return 0;
    *entry = (index_entry){.path = dir};
    if (stella_sv_eq(name, STELLA_SV(MARK_OPAQUE))) {
        entry->flags = PACK_OPAQUE;
    } else if (stella_sv_starts(name, STELLA_SV(MARK_META)) || name.len == strlen(MARK)) {
        collector_note(w->c, STELLA_OK, STELLA_NOTE_INFO, path, "a marker that hides nothing");
    } else { /* the hidden path is what is left of the marker's, moved over the mark */
        const size_t at = path.len - name.len;
        memmove(w->path, path.ptr, at);
        memmove(w->path + at, name.ptr + strlen(MARK), name.len - strlen(MARK));
        entry->path = stella_sv_of(w->path, path.len - strlen(MARK));
        entry->flags = PACK_WHITEOUT;
    }
    return 1;
}

static int read_link(walker *w, const tar_entry *from, index_entry *entry) {
    if (from->is_hardlink) {
        entry->flags |= PACK_HARDLINK;
        entry->size = 0;
        return clean(w, from->link, entry->path, w->link, "hard link's target", &entry->target);
    }
    if (from->kind != STELLA_FILE_SYMLINK)
        return 1;
    if (from->link.len > w->room || memchr(from->link.ptr ? from->link.ptr : "", '\0', from->link.len)) {
        refuse(w, entry->path, "its link's target is longer than a path may be, or has a NUL byte");
        return 0;
    }
    entry->target = from->link;
    return 1;
}

stella_status walker_take(walker *w, const tar_entry *from, uint32_t flags, body *content, stella_error *err) {
    stella_sv path;
    if (!clean(w, from->name, from->name, w->path, "path", &path))
        return STELLA_OK;
    index_entry entry = {.path = path,
                         .size = from->size,
                         .kind = from->kind,
                         .mode = from->mode,
                         .uid = from->uid,
                         .gid = from->gid,
                         .flags = flags | (from->is_sparse ? PACK_SPARSE : 0)};
    if (read_marker(w, path, &entry))
        return entry.flags ? collector_take(w->c, &entry, NULL, err) : STELLA_OK;
    if (!read_link(w, from, &entry))
        return STELLA_OK;
    const int has_content = from->kind == STELLA_FILE_REGULAR && !from->is_hardlink && !from->is_sparse;
    if (from->is_sparse)
        collector_note(w->c, STELLA_E_UNSUPPORTED, STELLA_NOTE_ERROR, path,
                       "stored as a sparse file: its content was not read");
    return collector_take(w->c, &entry, has_content ? content : NULL, err);
}

walker *walker_create(collector *c) {
    walker *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->c = c;
    w->room = c->limits.path_bytes < PATH_BYTES_MAX ? (size_t)c->limits.path_bytes : PATH_BYTES_MAX;
    return w;
}

void walker_destroyp(walker **w) {
    free(*w);
    *w = NULL;
}
