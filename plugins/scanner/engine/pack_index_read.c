/* The index of a pack: rows, front-coded names, bisection. */
#include "pack_reader.h"
#include "path.h"

uint32_t pack_count(const pack *p) {
    return p->rows;
}

static const unsigned char *row_bytes(const pack *p, uint32_t row) {
    return (const unsigned char *)p->row_bytes.ptr + (size_t)row * PACK_ROW_SIZE;
}

static stella_sv link_target(const pack *p, uint32_t offset) {
    stella_cursor c = stella_cursor_of(p->links.ptr, p->links.len);
    stella_cursor_seek(&c, offset);
    return stella_cursor_str(&c, stella_cursor_varint(&c));
}

void pack_row_at(const pack *p, uint32_t row, pack_row *out) {
    const unsigned char *at = row_bytes(p, row);
    const uint32_t mode = load16(at + PACK_ROW_MODE);
    const uint32_t link = load32(at + PACK_ROW_LINK);
    *out = (pack_row){.size = load64(at),
                      .kind = mode >> 12,
                      .type = at[PACK_ROW_TYPE],
                      .mode = mode & 07777,
                      .uid = load32(at + PACK_ROW_UID),
                      .gid = load32(at + PACK_ROW_GID),
                      .flags = at[PACK_ROW_FLAGS],
                      .link = PACK_NO_ROW};
    if (out->kind == STELLA_FILE_SYMLINK || (out->flags & PACK_DANGLING))
        out->target = link_target(p, link);
    else if ((out->flags & PACK_HARDLINK) && link < p->rows)
        out->link = link;
}

/* A name is: how many bytes of the one before it stay, how many are new, the new ones. */
typedef struct coded_name {
    uint64_t stays;
    stella_sv fresh;
} coded_name;

/* len  of the name before it */
static int take_name(stella_cursor *c, size_t len, coded_name *out) {
    out->stays = stella_cursor_varint(c);
    out->fresh = stella_cursor_str(c, stella_cursor_varint(c));
    return c->ok && out->stays <= len && out->fresh.len <= PATH_BYTES_MAX - out->stays;
}

static int decode_name(const pack *p, uint64_t *offset, char *buf, size_t *len) {
    stella_cursor c = stella_cursor_of(p->names.ptr, p->names.len);
    coded_name name;
    stella_cursor_seek(&c, *offset);
    if (!take_name(&c, *len, &name))
        return 0;
    if (name.fresh.len)
        memcpy(buf + name.stays, name.fresh.ptr, name.fresh.len);
    *len = (size_t)name.stays + name.fresh.len;
    *offset = stella_cursor_offset(&c);
    return 1;
}

static uint64_t block_offset(const pack *p, uint32_t block) {
    return load64((const unsigned char *)p->blocks.ptr + (size_t)block * 8);
}

void pack_walk_init(pack_walk *w, const pack *p, uint32_t row) {
    w->owner = p;
    w->row = w->next = row;
    w->path = stella_sv_of(w->buf, 0);
    w->offset = 0;
    if (row >= p->rows)
        return;
    w->offset = block_offset(p, row / PACK_BLOCK);
    w->next = row - row % PACK_BLOCK;
    while (w->next < row && pack_walk_next(w))
        continue;
}

int pack_walk_next(pack_walk *w) {
    if (w->next >= w->owner->rows)
        return 0;
    size_t len = w->next % PACK_BLOCK ? w->path.len : 0;
    if (!decode_name(w->owner, &w->offset, w->buf, &len)) {
        w->next = w->owner->rows; /* damaged beyond the checksum: nothing after it can be trusted */
        return 0;
    }
    w->path = stella_sv_of(w->buf, len);
    w->row = w->next++;
    return 1;
}

stella_sv pack_path(const pack *p, uint32_t row, char *buf) {
    if (row >= p->rows)
        return stella_sv_of(buf, 0);
    uint64_t offset = block_offset(p, row / PACK_BLOCK);
    size_t len = 0;
    for (uint32_t at = row - row % PACK_BLOCK; at <= row; at++)
        if (!decode_name(p, &offset, buf, &len))
            return stella_sv_of(buf, 0);
    return stella_sv_of(buf, len);
}

/* The first path of a block is stored whole. */
static stella_sv block_head(const pack *p, uint32_t block) {
    stella_cursor c = stella_cursor_of(p->names.ptr, p->names.len);
    stella_cursor_seek(&c, block_offset(p, block));
    stella_cursor_varint(&c);
    return stella_cursor_str(&c, stella_cursor_varint(&c));
}

/* Names before the one that is looked for need not be put together: each tells how much of its forerunner stays, and so
 * whether it still differs from the path where that one did: behind `same` bytes, the forerunner being the lesser. */
static int find_in_block(const pack *p, uint32_t block, stella_sv path, uint32_t *row) {
    const uint32_t first = block * PACK_BLOCK;
    const uint32_t end = p->rows - first < PACK_BLOCK ? p->rows : first + PACK_BLOCK;
    stella_cursor c = stella_cursor_of(p->names.ptr, p->names.len);
    coded_name name;
    size_t len = 0, same = 0;
    int order = 1;
    stella_cursor_seek(&c, p->rows ? block_offset(p, block) : 0);
    for (*row = first; *row < end && take_name(&c, len, &name); ++*row) {
        len = (size_t)name.stays + name.fresh.len;
        if (name.stays > same)
            continue;
        same = (size_t)name.stays;
        const stella_sv rest = stella_sv_skip(path, same);
        order = path_cmp(name.fresh, rest);
        if (order >= 0)
            break;
        same += path_common(name.fresh, rest);
    }
    return *row < end && c.ok && order == 0;
}

int pack_find(const pack *p, stella_sv path, uint32_t *row) {
    uint32_t low = 0, high = (p->rows + PACK_BLOCK - 1) / PACK_BLOCK; /* the block is below high */
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (path_cmp(block_head(p, middle), path) <= 0)
            low = middle;
        else
            high = middle;
    }
    return find_in_block(p, low, path, row);
}
