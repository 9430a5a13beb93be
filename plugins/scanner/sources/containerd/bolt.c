#include "bolt.h"

#include <stella/cursor.h>

#include <string.h>

#define MAGIC        0xed0cdaedu
#define VERSION      2u
#define HEAD_BYTES   16u /* of a page: number u64, kind u16, count u16, overflow u32 */
#define META_BYTES   64u
#define SUMMED_BYTES 56u
#define ELEMENT      16u /* of a leaf: flags, position, key and value length; of a branch: position, key length, page */
#define BUCKET_BYTES 16u /* in front of a bucket's value: root page, sequence */
#define PAGE_LEAST   512u
#define PAGE_MOST    65536u

#define KIND_BRANCH 1u
#define KIND_LEAF   2u
#define KIND_META   4u
#define LEAF_BUCKET 1u

/* ---- meta pages ----------------------------------------------------------------------------------------------------
 */

typedef struct meta {
    uint32_t page_bytes;
    uint64_t root, page_count, transaction;
} meta;

static uint64_t fnv(const unsigned char *bytes, size_t size) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash;
}

static stella_status read_meta(const bolt *b, uint64_t offset, meta *out, stella_error *err) {
    unsigned char page[HEAD_BYTES + META_BYTES];
    uint64_t got = 0;
    const stella_status status = b->read(b->self, offset, page, sizeof page, &got, err);
    if (status != STELLA_OK)
        return status;
    stella_cursor c = stella_cursor_of(page, (size_t)got);
    stella_cursor_skip(&c, 8);
    const uint32_t kind = stella_cursor_u16le(&c);
    stella_cursor_skip(&c, 6);
    const uint32_t magic = stella_cursor_u32le(&c), version = stella_cursor_u32le(&c);
    meta m = {.page_bytes = stella_cursor_u32le(&c)};
    stella_cursor_skip(&c, 4);
    m.root = stella_cursor_u64le(&c);
    stella_cursor_skip(&c, 16); /* its sequence, the free list */
    m.page_count = stella_cursor_u64le(&c);
    m.transaction = stella_cursor_u64le(&c);
    const uint64_t sum = stella_cursor_u64le(&c);
    if (c.ok && magic == __builtin_bswap32(MAGIC))
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "a bolt database of the other byte order");
    if (!c.ok || kind != KIND_META || magic != MAGIC)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no bolt database: it has no meta page");
    if (version != VERSION)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "a bolt database of version %u, known is 2", version);
    if (sum != fnv(page + HEAD_BYTES, SUMMED_BYTES))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a meta page whose checksum does not fit");
    if (m.page_bytes < PAGE_LEAST || m.page_bytes > PAGE_MOST || (m.page_bytes & (m.page_bytes - 1)))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "pages of %u bytes", m.page_bytes);
    *out = m;
    return STELLA_OK;
}

/* The second meta page is where the first one says that pages end; when the first is torn, at one of the usual sizes. */
static stella_status read_second(const bolt *b, uint32_t page_bytes, meta *out) {
    for (uint32_t size = PAGE_LEAST; size <= PAGE_MOST; size *= 2)
        if ((page_bytes == 0 || size == page_bytes) && read_meta(b, size, out, NULL) == STELLA_OK &&
            out->page_bytes == size)
            return STELLA_OK;
    return STELLA_E_FORMAT;
}

static stella_status read_metas(const bolt *b, meta *out, stella_error *err) {
    meta first, second;
    const stella_status status = read_meta(b, 0, &first, err);
    if (status == STELLA_E_UNSUPPORTED || status == STELLA_E_IO)
        return status;
    const stella_status also = read_second(b, status == STELLA_OK ? first.page_bytes : 0, &second);
    if (status != STELLA_OK && also != STELLA_OK)
        return status;
    *out = status != STELLA_OK || (also == STELLA_OK && second.transaction > first.transaction) ? second : first;
    return STELLA_OK;
}

stella_status bolt_open(bolt *b, stella_error *err) {
    meta m;
    const stella_status status = read_metas(b, &m, err);
    if (status != STELLA_OK)
        return status;
    b->page_bytes = m.page_bytes;
    b->page_count = m.page_count;
    b->root = m.root;
    b->transaction = m.transaction;
    b->pages_read = 0;
    return STELLA_OK;
}

int bolt_is_unchanged(const bolt *b) {
    meta m;
    return read_metas(b, &m, NULL) == STELLA_OK && m.transaction == b->transaction;
}

bolt_bucket bolt_top(const bolt *b) {
    return (bolt_bucket){.root = b->root};
}

/* ---- pages ---------------------------------------------------------------------------------------------------------
 */

typedef struct page {
    stella_sv bytes;
    uint32_t kind, count;
} page;

/* A branch's child, or a leaf's key with its value. */
typedef struct element {
    stella_sv key, value;
    uint64_t child;
    int is_bucket;
} element;

static stella_status damaged(const char *what, uint64_t number, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the bolt database is damaged at page %llu: %s",
                            (unsigned long long)number, what);
}

static stella_status parse_page(stella_sv bytes, uint64_t number, page *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    page p = {.bytes = bytes};
    stella_cursor_skip(&c, 8);
    p.kind = stella_cursor_u16le(&c);
    p.count = stella_cursor_u16le(&c);
    if (!c.ok || bytes.len < HEAD_BYTES || (p.kind != KIND_BRANCH && p.kind != KIND_LEAF))
        return damaged("neither a branch nor a leaf", number, err);
    if (p.count > (bytes.len - HEAD_BYTES) / ELEMENT || (p.kind == KIND_BRANCH && p.count == 0))
        return damaged("more elements than fit, or a branch without any", number, err);
    *out = p;
    return STELLA_OK;
}

static stella_status fetch(bolt *b, uint64_t number, uint64_t size, stella_sv *out, stella_error *err) {
    uint64_t got = 0;
    char *bytes = stella_arena_alloc(b->arena, 1, size);
    if (!bytes)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a page of %llu bytes",
                                (unsigned long long)size);
    const stella_status status = b->read(b->self, number * b->page_bytes, bytes, size, &got, err);
    if (status == STELLA_OK && got < size)
        return damaged("it lies behind the end of the file", number, err);
    *out = stella_sv_of(bytes, size);
    return status;
}

/* How many pages overflow a page, and that its number is its own. */
static stella_status read_head(bolt *b, uint64_t number, uint64_t *bytes, stella_error *err) {
    unsigned char head[HEAD_BYTES];
    uint64_t got = 0;
    if (number < 2 || number >= b->page_count || number > (uint64_t)INT64_MAX / PAGE_MOST)
        return damaged("there is no such page", number, err);
    if (b->pages_read == BOLT_PAGES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u pages of a bolt database", BOLT_PAGES_MAX);
    b->pages_read++;
    const stella_status status = b->read(b->self, number * b->page_bytes, head, sizeof head, &got, err);
    if (status != STELLA_OK)
        return status;
    stella_cursor c = stella_cursor_of(head, (size_t)got);
    const uint64_t own = stella_cursor_u64le(&c);
    stella_cursor_skip(&c, 4);
    const uint32_t overflow = stella_cursor_u32le(&c);
    if (!c.ok || own != number)
        return damaged("it is another page, or cut short", number, err);
    if (overflow >= BOLT_PAGE_BYTES_MAX / b->page_bytes)
        return damaged("it overflows too far", number, err);
    *bytes = ((uint64_t)overflow + 1) * b->page_bytes;
    return STELLA_OK;
}

static stella_status read_page(bolt *b, uint64_t number, page *out, stella_error *err) {
    uint64_t size = 0;
    stella_sv bytes;
    stella_status status = read_head(b, number, &size, err);
    if (status == STELLA_OK)
        status = fetch(b, number, size, &bytes, err);
    return status == STELLA_OK ? parse_page(bytes, number, out, err) : status;
}

static stella_status root_page(bolt *b, const bolt_bucket *in, page *out, stella_error *err) {
    return in->root ? read_page(b, in->root, out, err) : parse_page(in->inside, 0, out, err);
}

static int element_at(const page *p, uint32_t index, element *out) {
    const size_t start = HEAD_BYTES + (size_t)index * ELEMENT;
    stella_cursor c = stella_cursor_of(p->bytes.ptr, p->bytes.len);
    element e = {.is_bucket = 0};
    uint32_t position, key_size, value_size = 0;
    stella_cursor_seek(&c, start);
    if (p->kind == KIND_LEAF) {
        e.is_bucket = (stella_cursor_u32le(&c) & LEAF_BUCKET) != 0;
        position = stella_cursor_u32le(&c);
        key_size = stella_cursor_u32le(&c);
        value_size = stella_cursor_u32le(&c);
    } else {
        position = stella_cursor_u32le(&c);
        key_size = stella_cursor_u32le(&c);
        e.child = stella_cursor_u64le(&c);
    }
    stella_cursor_seek(&c, (uint64_t)start + position); /* counted from the element itself */
    e.key = stella_cursor_str(&c, key_size);
    e.value = stella_cursor_str(&c, value_size);
    *out = e;
    return c.ok;
}

/* ---- searching -----------------------------------------------------------------------------------------------------
 */

/* The last element whose key is not greater; of a branch the first one otherwise. */
static stella_status search(const page *p, uint64_t number, stella_sv key, element *out, stella_error *err) {
    uint32_t low = 0, high = p->count;
    element e = {.is_bucket = 0};
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (!element_at(p, middle, &e))
            return damaged("an element runs past its end", number, err);
        if (stella_sv_cmp(e.key, key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 && p->kind == KIND_LEAF)
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "no such key");
    if (!element_at(p, low ? low - 1 : 0, out))
        return damaged("an element runs past its end", number, err);
    return STELLA_OK;
}

static stella_status find(bolt *b, const bolt_bucket *in, stella_sv key, element *out, stella_error *err) {
    page p;
    uint64_t number = in->root;
    stella_status status = root_page(b, in, &p, err);
    for (uint32_t depth = 0; status == STELLA_OK; depth++) {
        if (depth == BOLT_DEPTH_MAX)
            return damaged("pages without end", number, err);
        status = search(&p, number, key, out, err);
        if (status != STELLA_OK || p.kind == KIND_LEAF)
            break;
        number = out->child;
        status = read_page(b, number, &p, err);
    }
    if (status == STELLA_OK && !stella_sv_eq(out->key, key))
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "no such key");
    return status;
}

static stella_status bucket_of(const element *e, bolt_bucket *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(e->value.ptr, e->value.len);
    const bolt_bucket bucket = {
        .root = stella_cursor_u64le(&c),
        .inside = stella_sv_skip(e->value, BUCKET_BYTES < e->value.len ? BUCKET_BYTES : e->value.len)};
    if (e->value.len < BUCKET_BYTES)
        return damaged("a bucket without its header", 0, err);
    *out = bucket;
    return STELLA_OK;
}

stella_status bolt_find_bucket(bolt *b, const bolt_bucket *in, stella_sv key, bolt_bucket *out, stella_error *err) {
    element e;
    const stella_status status = find(b, in, key, &e, err);
    if (status != STELLA_OK)
        return status;
    return e.is_bucket ? bucket_of(&e, out, err)
                       : stella_error_set(err, STELLA_E_NOTFOUND, NULL, "a value, and no bucket");
}

stella_status bolt_find(bolt *b, const bolt_bucket *in, stella_sv key, stella_sv *out, stella_error *err) {
    element e;
    const stella_status status = find(b, in, key, &e, err);
    if (status != STELLA_OK)
        return status;
    if (e.is_bucket)
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "a bucket, and no value");
    *out = e.value;
    return STELLA_OK;
}

/* ---- walking -------------------------------------------------------------------------------------------------------
 */

static stella_status visit_leaf(const element *e, bolt_visit visit, void *self, stella_error *err) {
    bolt_bucket inner;
    if (!e->is_bucket)
        return visit(self, e->key, NULL, err);
    const stella_status status = bucket_of(e, &inner, err);
    return status == STELLA_OK ? visit(self, e->key, &inner, err) : status;
}

/* Where a walk stands: one page of each level. */
typedef struct level {
    page page;
    uint32_t next;
} level;

stella_status bolt_each(bolt *b, const bolt_bucket *in, bolt_visit visit, void *self, stella_error *err) {
    level levels[BOLT_DEPTH_MAX];
    uint32_t depth = 0;
    levels[0].next = 0;
    stella_status status = root_page(b, in, &levels[0].page, err);
    while (status == STELLA_OK) {
        level *at = &levels[depth];
        element e;
        if (at->next == at->page.count) {
            if (depth-- == 0)
                break;
            continue;
        }
        if (!element_at(&at->page, at->next++, &e))
            return damaged("an element runs past its end", in->root, err);
        if (at->page.kind == KIND_LEAF) {
            status = visit_leaf(&e, visit, self, err);
            continue;
        }
        if (++depth == BOLT_DEPTH_MAX)
            return damaged("pages without end", e.child, err);
        levels[depth].next = 0;
        status = read_page(b, e.child, &levels[depth].page, err);
    }
    return status;
}
