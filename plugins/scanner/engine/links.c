#include "links.h"

#include "analyzers.h"

#include <stella/auto.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLUSH_BYTES (64u << 10)

struct links {
    stella_sv bytes; /* mapped */
    size_t at;       /* of the first name that may still be asked for */
};

uint32_t links_match(const matcher *m, const linked_name *name, uint32_t type, matcher_hit *hits) {
    uint32_t kept = 0;
    const uint32_t count = matcher_match(m, name->path, hits);
    for (uint32_t i = 0; i < count; i++) {
        const matcher_hit *hit = &hits[i];
        const int is_served = hit->plugin == ANALYZERS_ENGINE || (!hit->by_path && !name->first_is_gone);
        if (!is_served && (hit->type == 0 || hit->type == type))
            hits[kept++] = *hit;
    }
    return kept;
}

/* ---- writing ------------------------------------------------------------------------------------------------------
 */

typedef struct missed {
    uint32_t first, id;
} missed;

typedef struct missed_list {
    missed *items;
    uint32_t count, room;
} missed_list;

static void missed_list_fini(missed_list *list) {
    free(list->items);
}

static stella_status remember(missed_list *list, uint32_t first, uint32_t id, stella_error *err) {
    if (list->count == list->room) {
        const uint32_t room = list->room ? list->room * 2 : 256;
        missed *items = realloc(list->items, room * sizeof *items);
        if (!items)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for hard links");
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = (missed){.first = first, .id = id};
    return STELLA_OK;
}

static stella_status find_missed(const index_builder *index, const matcher *m, missed_list *list, stella_error *err) {
    matcher_hit hits[MATCHER_HITS_MAX];
    char buf[PATH_BYTES_MAX];
    stella_status status = STELLA_OK;
    for (uint32_t id = 0; id < index_count(index) && status == STELLA_OK; id++) {
        linked_name name = {.id = id};
        uint32_t type;
        if (!index_link(index, id, &name.first, &type) || index_row(index, id) == PACK_NO_ROW)
            continue;
        name.first_is_gone = index_row(index, name.first) == PACK_NO_ROW;
        name.path = index_entry_path(index, id, buf);
        uint64_t ignored;
        if (links_match(m, &name, type, hits) || matcher_is_companion(m, name.path, &ignored))
            status = remember(list, name.first, id, err);
    }
    return status;
}

static int by_first(const void *a, const void *b) {
    const missed *left = a, *right = b;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return (left->id > right->id) - (left->id < right->id);
}

static stella_status flush(int fd, stella_buf *buf, stella_error *err) {
    for (size_t done = 0; done < buf->len;) {
        const ssize_t put = write(fd, buf->ptr + done, buf->len - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "hard links cannot be written down: %s", strerror(errno));
        done += (size_t)put;
    }
    buf->len = 0;
    return STELLA_OK;
}

static stella_status add_name(const index_builder *index, const missed *one, stella_buf *out, stella_error *err) {
    char buf[PATH_BYTES_MAX];
    const stella_sv path = index_entry_path(index, one->id, buf);
    stella_buf_u32le(out, one->first);
    stella_buf_u32le(out, one->id);
    stella_buf_u8(out, index_row(index, one->first) == PACK_NO_ROW);
    stella_buf_str(out, path);
    return out->failed ? stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for hard links") : STELLA_OK;
}

stella_status links_write(const index_builder *index, const matcher *m, int fd, uint64_t *count, stella_error *err) {
    STELLA_AUTO(missed_list_fini) missed_list list = {.count = 0};
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(FLUSH_BYTES + 2 * PATH_BYTES_MAX);
    stella_status status = find_missed(index, m, &list, err);
    if (status == STELLA_OK && list.count)
        qsort(list.items, list.count, sizeof *list.items, by_first);
    for (uint32_t i = 0; i < list.count && status == STELLA_OK; i++) {
        status = add_name(index, &list.items[i], &text, err);
        if (status == STELLA_OK && text.len >= FLUSH_BYTES)
            status = flush(fd, &text, err);
    }
    if (status == STELLA_OK)
        status = flush(fd, &text, err);
    if (status == STELLA_OK)
        *count = list.count;
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------------------
 */

static int read_name(stella_cursor *c, linked_name *out) {
    linked_name name;
    name.first = stella_cursor_u32le(c);
    name.id = stella_cursor_u32le(c);
    name.first_is_gone = stella_cursor_u8(c);
    name.path = stella_cursor_str(c, stella_cursor_varint(c));
    if (!c->ok || name.path.len == 0 || name.path.len > PATH_BYTES_MAX || name.id <= name.first)
        return 0;
    *out = name;
    return 1;
}

/* Whole, and in order: what was written down belongs to a hostile layer. */
static int is_sound(stella_sv bytes) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    linked_name name;
    for (uint32_t first = 0; stella_cursor_left(&c); first = name.first)
        if (!read_name(&c, &name) || name.first < first)
            return 0;
    return 1;
}

stella_status links_open(int fd, links **out, stella_error *err) {
    struct stat st;
    STELLA_AUTO(links_closep) links *l = calloc(1, sizeof *l);
    if (!l)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for hard links");
    if (fstat(fd, &st) < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "hard links cannot be read: %s", strerror(errno));
    if (st.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes == MAP_FAILED)
            return stella_error_set(err, STELLA_E_IO, NULL, "hard links cannot be read: %s", strerror(errno));
        l->bytes = stella_sv_of(bytes, (size_t)st.st_size);
    }
    if (!is_sound(l->bytes))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the hard links of an earlier reading are damaged");
    *out = STELLA_TAKE(l);
    return STELLA_OK;
}

void links_close(links *l) {
    if (l && l->bytes.len)
        munmap((void *)(uintptr_t)l->bytes.ptr, l->bytes.len);
    free(l);
}

void links_closep(links **l) {
    links_close(*l);
    *l = NULL;
}

links_of links_at(links *l, uint32_t first) {
    if (!l)
        return (links_of){.rest = stella_cursor_of(NULL, 0)};
    stella_cursor c = stella_cursor_of(l->bytes.ptr, l->bytes.len);
    stella_cursor_seek(&c, l->at);
    linked_name name;
    while (stella_cursor_left(&c) && read_name(&c, &name) && name.first < first)
        l->at = stella_cursor_offset(&c);
    stella_cursor_seek(&c, l->at);
    return (links_of){.rest = c, .first = first};
}

int links_next(links_of *it, linked_name *out) {
    linked_name name;
    if (stella_cursor_left(&it->rest) == 0 || !read_name(&it->rest, &name) || name.first != it->first)
        return 0;
    *out = name;
    return 1;
}
