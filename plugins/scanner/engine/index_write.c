/* The index segment: names are made twice, once to know their sizes, so that they need no memory. */
#include "index_builder.h"
#include "pack_layout.h"

#include <stdlib.h>

/* Where the texts of links go: after the last one written, in row order. */
typedef struct layout {
    const index_builder *index;
    pack_writer *w;
    char paths[2][PATH_BYTES_MAX];
    stella_sv before; /* the path of the row before */
    uint32_t dir;     /* whose path is in dir_buf */
    stella_sv dir_path;
    char dir_buf[PATH_BYTES_MAX];
} layout;

static size_t varint(unsigned char *at, uint64_t value) {
    size_t used = 0;
    for (; value >= 0x80; value >>= 7)
        at[used++] = (unsigned char)(value | 0x80);
    at[used++] = (unsigned char)value;
    return used;
}

static size_t varint_size(uint64_t value) {
    unsigned char buf[10];
    return varint(buf, value);
}

static stella_sv path_of(layout *l, uint32_t row) {
    const index_item *item = index_at(l->index, l->index->sorted[row]);
    char *buf = l->paths[row % 2];
    if (item->dir == INDEX_NONE)
        return stella_sv_of(buf, 0);
    if (item->dir != l->dir) {
        l->dir = item->dir;
        l->dir_path = index_dir_path(l->index, item->dir, l->dir_buf);
    }
    const stella_sv name = text_heap_get(&l->index->texts, item->name);
    size_t len = l->dir_path.len;
    memcpy(buf, l->dir_path.ptr, len);
    if (len)
        buf[len++] = '/';
    memcpy(buf + len, name.ptr, name.len);
    return stella_sv_of(buf, len + name.len);
}

/* The front-coded name of a row: its head put at `head`, the new bytes as a view. */
static size_t code_name(layout *l, uint32_t row, unsigned char *head, stella_sv *fresh) {
    const stella_sv path = path_of(l, row);
    size_t stays = 0;
    if (row % PACK_BLOCK) {
        const size_t most = path.len < l->before.len ? path.len : l->before.len;
        while (stays < most && path.ptr[stays] == l->before.ptr[stays])
            stays++;
    }
    l->before = path;
    *fresh = stella_sv_skip(path, stays);
    const size_t used = varint(head, stays);
    return used + varint(head + used, fresh->len);
}

static int has_target(const index_item *item) {
    return item->link != INDEX_NONE && (item->mode >> 12 == STELLA_FILE_SYMLINK || (item->flags & PACK_DANGLING));
}

/* Block offsets, and the sizes of names and links. */
static void measure(layout *l, unsigned char *blocks, uint64_t *names, uint64_t *links) {
    *names = 0;
    *links = 1; /* the empty text at 0 serves links without a target */
    for (uint32_t row = 0; row < l->index->sorted_count; row++) {
        unsigned char head[20];
        stella_sv fresh;
        if (row % PACK_BLOCK == 0)
            store64(blocks + (size_t)row / PACK_BLOCK * 8, *names);
        const size_t head_size = code_name(l, row, head, &fresh);
        *names += head_size + fresh.len;
        const index_item *item = index_at(l->index, l->index->sorted[row]);
        if (has_target(item)) {
            const size_t size = text_heap_get(&l->index->texts, item->link).len;
            *links += varint_size(size) + size;
        }
    }
}

static stella_status write_rows(layout *l, stella_error *err) {
    uint64_t links = 1;
    stella_status status = STELLA_OK;
    for (uint32_t row = 0; row < l->index->sorted_count && status == STELLA_OK; row++) {
        const index_item *item = index_at(l->index, l->index->sorted[row]);
        uint32_t link = 0;
        if (has_target(item)) {
            link = (uint32_t)links;
            const size_t size = text_heap_get(&l->index->texts, item->link).len;
            links += varint_size(size) + size;
        } else if (item->flags & PACK_HARDLINK) {
            link = item->flags & PACK_DANGLING ? 0 : index_row(l->index, item->link);
        }
        unsigned char bytes[PACK_ROW_SIZE];
        store64(bytes, item->size);
        store16(bytes + PACK_ROW_MODE, item->mode);
        bytes[PACK_ROW_TYPE] = item->type;
        bytes[PACK_ROW_FLAGS] = item->flags;
        store32(bytes + PACK_ROW_UID, item->uid);
        store32(bytes + PACK_ROW_GID, item->gid);
        store32(bytes + PACK_ROW_LINK, link);
        status = pack_writer_add(l->w, stella_sv_of((const char *)bytes, sizeof bytes), err);
    }
    return status;
}

static stella_status write_names(layout *l, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t row = 0; row < l->index->sorted_count && status == STELLA_OK; row++) {
        unsigned char head[20];
        stella_sv fresh;
        const size_t size = code_name(l, row, head, &fresh);
        status = pack_writer_add(l->w, stella_sv_of((const char *)head, size), err);
        if (status == STELLA_OK)
            status = pack_writer_add(l->w, fresh, err);
    }
    return status;
}

static stella_status write_links(layout *l, stella_error *err) {
    stella_status status = pack_writer_add(l->w, stella_sv_of("", 1), err);
    for (uint32_t row = 0; row < l->index->sorted_count && status == STELLA_OK; row++) {
        const index_item *item = index_at(l->index, l->index->sorted[row]);
        if (!has_target(item))
            continue;
        const stella_sv target = text_heap_get(&l->index->texts, item->link);
        unsigned char head[10];
        status = pack_writer_add(l->w, stella_sv_of((const char *)head, varint(head, target.len)), err);
        if (status == STELLA_OK)
            status = pack_writer_add(l->w, target, err);
    }
    return status;
}

static stella_status write_parts(layout *l, unsigned char *blocks, uint64_t blocks_size, stella_error *err) {
    uint64_t names, links;
    measure(l, blocks, &names, &links);
    if (links > UINT32_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than 4 GiB of link targets in one layer");
    unsigned char header[PACK_INDEX_HEADER] = {0};
    store32(header, l->index->sorted_count);
    store64(header + 8, names);
    store64(header + 16, links);
    stella_status status = pack_writer_add(l->w, stella_sv_of((const char *)header, sizeof header), err);
    if (status == STELLA_OK)
        status = write_rows(l, err);
    if (status == STELLA_OK)
        status = pack_writer_add(l->w, stella_sv_of((const char *)blocks, blocks_size), err);
    if (status == STELLA_OK)
        status = write_names(l, err);
    return status == STELLA_OK ? write_links(l, err) : status;
}

stella_status index_write(index_builder *index, pack_writer *w, pack_segment *out, stella_error *err) {
    const uint64_t blocks_size = ((uint64_t)index->sorted_count + PACK_BLOCK - 1) / PACK_BLOCK * 8;
    unsigned char *blocks = malloc(blocks_size ? blocks_size : 1);
    layout *l = calloc(1, sizeof *l);
    stella_status status = STELLA_E_NOMEM;
    if (blocks && l) {
        *l = (layout){.index = index, .w = w, .dir = INDEX_NONE};
        status = pack_writer_begin(w, STELLA_SV(""), STELLA_SV(""), err);
        if (status == STELLA_OK)
            status = write_parts(l, blocks, blocks_size, err);
        if (status == STELLA_OK)
            status = pack_writer_end(w, out, err);
    } else {
        stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to write the index");
    }
    free(l);
    free(blocks);
    return status;
}
