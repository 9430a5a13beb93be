#include "toc.h"

#include <stella/auto.h>
#include <stella/digest.h>
#include <stella/json.h>

#include <stdlib.h>

#define ARENA_BYTES ((uint64_t)1 << 30)
#define TEXT_MAX    (64u << 10) /* of one string of the table */
#define KIND_CHUNK  0xffu       /* no file: more of the one before */

/* What an entry says, before it is checked. */
typedef struct item {
    stella_sv type, name, link, digest, chunk_digest, chunk_type;
    uint64_t size, offset, inner, chunk_offset, chunk_size, mode, uid, gid;
} item;

typedef struct parser {
    stella_json_reader reader;
    toc *t;
    uint64_t data_bytes;
    uint32_t file_room, chunk_room;
    uint64_t covered; /* bytes of the last file that its chunks describe */
    stella_sv file_digest;
} parser;

static stella_status refuse(stella_sv name, const char *what, stella_error *err) {
    return stella_error_at(err, STELLA_E_FORMAT, name, "the layer's table of contents lies: %s", what);
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a layer's table of contents");
}

/* ---- one entry ---- */

static int read_text(parser *p, stella_sv *out) {
    if (stella_json_next(&p->reader) != STELLA_JSON_STRING || p->reader.text.len > TEXT_MAX)
        return 0;
    *out = stella_arena_dup(p->t->arena, p->reader.text);
    return out->ptr != NULL;
}

static int read_number(parser *p, uint64_t *out) {
    return stella_json_next(&p->reader) == STELLA_JSON_NUMBER && stella_sv_u64(p->reader.text, INT64_MAX, out);
}

/* The member whose key was read; one that is not known is stepped over. */
static int read_member(parser *p, item *out) {
    const struct {
        stella_sv key;
        stella_sv *text;
        uint64_t *number;
    } known[] = {{STELLA_SV("type"), &out->type, NULL},
                 {STELLA_SV("name"), &out->name, NULL},
                 {STELLA_SV("linkName"), &out->link, NULL},
                 {STELLA_SV("digest"), &out->digest, NULL},
                 {STELLA_SV("chunkDigest"), &out->chunk_digest, NULL},
                 {STELLA_SV("chunkType"), &out->chunk_type, NULL},
                 {STELLA_SV("size"), NULL, &out->size},
                 {STELLA_SV("offset"), NULL, &out->offset},
                 {STELLA_SV("innerOffset"), NULL, &out->inner},
                 {STELLA_SV("chunkOffset"), NULL, &out->chunk_offset},
                 {STELLA_SV("chunkSize"), NULL, &out->chunk_size},
                 {STELLA_SV("mode"), NULL, &out->mode},
                 {STELLA_SV("uid"), NULL, &out->uid},
                 {STELLA_SV("gid"), NULL, &out->gid}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (stella_sv_eq(known[i].key, p->reader.text))
            return known[i].text ? read_text(p, known[i].text) : read_number(p, known[i].number);
    return stella_json_skip(&p->reader);
}

/* The members of the object that was begun. */
static int read_item(parser *p, item *out) {
    *out = (item){.size = 0};
    for (;;) {
        const uint32_t token = stella_json_next(&p->reader);
        if (token == STELLA_JSON_OBJECT_END)
            return 1;
        if (token != STELLA_JSON_KEY || !read_member(p, out))
            return 0;
    }
}

/* ---- the table ---- */

static int kind_of(stella_sv type, uint32_t *kind, uint32_t *is_hardlink) {
    static const struct {
        stella_sv name;
        uint32_t kind;
    } kinds[] = {{STELLA_SV_INIT("reg"), STELLA_FILE_REGULAR},   {STELLA_SV_INIT("hardlink"), STELLA_FILE_REGULAR},
                 {STELLA_SV_INIT("dir"), STELLA_FILE_DIRECTORY}, {STELLA_SV_INIT("symlink"), STELLA_FILE_SYMLINK},
                 {STELLA_SV_INIT("char"), STELLA_FILE_OTHER},    {STELLA_SV_INIT("block"), STELLA_FILE_OTHER},
                 {STELLA_SV_INIT("fifo"), STELLA_FILE_OTHER},    {STELLA_SV_INIT("chunk"), KIND_CHUNK}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!stella_sv_eq(kinds[i].name, type))
            continue;
        *kind = kinds[i].kind;
        *is_hardlink = i == 1;
        return 1;
    }
    return 0;
}

/* A larger array in place of one that is full. */
static int grow(void **list, uint32_t *room, uint32_t used, size_t size) {
    if (used < *room)
        return 1;
    const uint32_t more = *room ? 2 * *room : 1024;
    void *larger = used < TOC_ENTRIES_MAX ? realloc(*list, more * size) : NULL;
    if (!larger)
        return 0;
    *list = larger;
    *room = more;
    return 1;
}

static stella_status check_complete(const parser *p, stella_error *err) {
    const toc *t = p->t;
    if (t->file_count == 0)
        return STELLA_OK;
    const toc_file *file = &t->files[t->file_count - 1];
    return p->covered == file->entry.size || file->chunk_count == 0
               ? STELLA_OK
               : refuse(file->entry.name, "its chunks are fewer bytes than the file", err);
}

/* A file of one chunk may have a digest of the file alone. */
static stella_status add_chunk(parser *p, const item *from, stella_error *err) {
    toc *t = p->t;
    toc_file *file = &t->files[t->file_count - 1];
    const uint64_t left = file->entry.size - p->covered;
    const uint64_t size = from->chunk_size ? from->chunk_size : left;
    const int is_whole = file->chunk_count == 0 && size == file->entry.size;
    const stella_sv digest = from->chunk_digest.len ? from->chunk_digest : is_whole ? p->file_digest : (stella_sv){0};
    const int is_zeros = stella_sv_eq(from->chunk_type, STELLA_SV("zeros"));
    if (from->chunk_offset != p->covered || size > left || size == 0)
        return refuse(file->entry.name, "its chunks do not make up the file", err);
    if (!is_zeros && from->offset >= p->data_bytes)
        return refuse(file->entry.name, "a chunk lies outside the data", err);
    if (!is_zeros && !stella_digest_is_valid(digest))
        return refuse(file->entry.name, "a chunk has no digest", err);
    if (!grow((void **)&t->chunks, &p->chunk_room, t->chunk_count, sizeof *t->chunks))
        return no_memory(err);
    t->chunks[t->chunk_count++] =
        (toc_chunk){.offset = from->offset, .inner = from->inner, .size = size, .is_zeros = is_zeros, .digest = digest};
    file->chunk_count++;
    p->covered += size;
    return STELLA_OK;
}

static uint32_t id_of(uint64_t number) {
    return number <= UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

static stella_status add_file(parser *p, const item *from, uint32_t kind, uint32_t is_hardlink, stella_error *err) {
    toc *t = p->t;
    stella_status status = check_complete(p, err);
    if (status != STELLA_OK)
        return status;
    if (!grow((void **)&t->files, &p->file_room, t->file_count, sizeof *t->files))
        return no_memory(err);
    const int has_bytes = kind == STELLA_FILE_REGULAR && !is_hardlink;
    t->files[t->file_count++] = (toc_file){.entry = {.name = from->name,
                                                     .link = from->link,
                                                     .kind = kind,
                                                     .is_hardlink = is_hardlink,
                                                     .mode = (uint32_t)from->mode & 07777,
                                                     .uid = id_of(from->uid),
                                                     .gid = id_of(from->gid),
                                                     .size = has_bytes ? from->size : 0},
                                           .first_chunk = t->chunk_count};
    p->covered = 0;
    p->file_digest = from->digest;
    return has_bytes && from->size ? add_chunk(p, from, err) : STELLA_OK;
}

static stella_status add_item(parser *p, const item *from, stella_error *err) {
    const toc *t = p->t;
    uint32_t kind = 0, is_hardlink = 0;
    if (!from->name.len)
        return refuse(STELLA_SV("entries"), "an entry has no name", err);
    if (t->file_count >= TOC_ENTRIES_MAX || t->chunk_count >= TOC_ENTRIES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a table of contents of more than %u entries",
                                TOC_ENTRIES_MAX);
    if (!kind_of(from->type, &kind, &is_hardlink))
        return refuse(from->name, "an entry of no known type", err);
    if (kind != KIND_CHUNK)
        return add_file(p, from, kind, is_hardlink, err);
    if (t->file_count == 0 || !t->files[t->file_count - 1].chunk_count ||
        !stella_sv_eq(t->files[t->file_count - 1].entry.name, from->name))
        return refuse(from->name, "a chunk of no file", err);
    return add_chunk(p, from, err);
}

static stella_status damaged(const parser *p, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the layer's table of contents is damaged near its byte %llu",
                            (unsigned long long)p->reader.offset);
}

static stella_status read_entries(parser *p, stella_error *err) {
    item from;
    if (stella_json_next(&p->reader) != STELLA_JSON_ARRAY)
        return damaged(p, err);
    for (;;) {
        const uint32_t token = stella_json_next(&p->reader);
        if (token == STELLA_JSON_ARRAY_END)
            return check_complete(p, err);
        if (token != STELLA_JSON_OBJECT || !read_item(p, &from))
            return damaged(p, err);
        const stella_status status = add_item(p, &from, err);
        if (status != STELLA_OK)
            return status;
    }
}

static stella_status read_table(parser *p, stella_error *err) {
    int is_known = 0, has_entries = 0;
    if (stella_json_next(&p->reader) != STELLA_JSON_OBJECT)
        return damaged(p, err);
    for (uint32_t token; (token = stella_json_next(&p->reader)) != STELLA_JSON_OBJECT_END;) {
        uint64_t version = 0;
        stella_status status = STELLA_OK;
        if (token != STELLA_JSON_KEY)
            return damaged(p, err);
        if (stella_sv_eq(p->reader.text, STELLA_SV("version")))
            is_known = read_number(p, &version) && version == 1;
        else if (stella_sv_eq(p->reader.text, STELLA_SV("entries")) && !has_entries++)
            status = read_entries(p, err);
        else if (!stella_json_skip(&p->reader))
            return damaged(p, err);
        if (status != STELLA_OK)
            return status;
    }
    if (!is_known || !has_entries)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "a table of contents of no known version");
    return stella_json_next(&p->reader) == STELLA_JSON_NONE ? STELLA_OK : damaged(p, err);
}

/* ---- where chunks end ---- */

static int by_offset(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Where the next one begins, whosever it is; several may begin at one place. */
static void set_ends(toc *t, const uint64_t *offsets, uint32_t count, uint64_t data_bytes) {
    for (uint32_t i = 0; i < t->chunk_count; i++) {
        uint32_t low = 0, high = count;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (offsets[middle] <= t->chunks[i].offset)
                low = middle + 1;
            else
                high = middle;
        }
        t->chunks[i].end = low < count ? offsets[low] : data_bytes;
    }
}

static stella_status find_ends(toc *t, uint64_t data_bytes, stella_error *err) {
    uint32_t count = 0;
    STELLA_AUTO(stella_freep) uint64_t *offsets = calloc(t->chunk_count + (size_t)1, sizeof *offsets);
    if (!offsets)
        return no_memory(err);
    for (uint32_t i = 0; i < t->chunk_count; i++)
        if (!t->chunks[i].is_zeros)
            offsets[count++] = t->chunks[i].offset;
    qsort(offsets, count, sizeof *offsets, by_offset);
    set_ends(t, offsets, count, data_bytes);
    return STELLA_OK;
}

stella_status toc_parse(stella_sv json, uint64_t data_bytes, toc *out, stella_error *err) {
    *out = (toc){.arena = stella_arena_create(ARENA_BYTES)};
    parser p = {.t = out, .data_bytes = data_bytes};
    if (!out->arena)
        return no_memory(err);
    stella_json_reader_init(&p.reader, json, TEXT_MAX);
    const stella_status status = read_table(&p, err);
    stella_json_reader_fini(&p.reader);
    return status == STELLA_OK ? find_ends(out, data_bytes, err) : status;
}

void toc_fini(toc *t) {
    stella_arena_destroy(t->arena);
    free(t->files);
    free(t->chunks);
    *t = (toc){.arena = NULL};
}
