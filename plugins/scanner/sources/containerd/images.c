#include "images.h"

#include <stella/cursor.h>
#include <stella/digest.h>
#include <stella/sink.h>

#define CHOICES_TEXT_MAX 110 /* of an error's message */
#define SPELLINGS        4u

/* What a name may stand for, as containerd would have it; the surest first. */
typedef struct spellings {
    stella_sv names[SPELLINGS];
    uint32_t count;
} spellings;

typedef struct finding {
    bolt *b;
    stella_sv select;
    spellings whole, rest; /* of select; of what follows a namespace in it */
    stella_sv name_space;  /* being searched */
    images_found found;
    uint32_t rank; /* of found: lower is surer; NO_RANK: nothing yet */
    uint32_t seen; /* images */
    int is_ambiguous;
    stella_buf choices;
} finding;

#define NO_RANK 0xffffffffu

/* "registry.example/x", "localhost/x", "x:5000/y": the first part is a host. */
static int has_host(stella_sv name) {
    const size_t slash = stella_sv_find(name, '/');
    const stella_sv first = stella_sv_first(name, slash);
    return slash < name.len && (memchr(first.ptr, '.', first.len) || memchr(first.ptr, ':', first.len) ||
                                stella_sv_eq(first, STELLA_SV("localhost")));
}

static int has_tag(stella_sv name) {
    const size_t slash = stella_sv_rfind(name, '/');
    const stella_sv last = slash < name.len ? stella_sv_skip(name, slash + 1) : name;
    return stella_sv_find(last, ':') < last.len || stella_sv_find(last, '@') < last.len;
}

static void spell(stella_arena *arena, stella_sv name, spellings *out) {
    *out = (spellings){.names = {name}, .count = 1};
    stella_sv full = name;
    if (!has_host(name))
        full = stella_arena_printf(arena, "docker.io/%s%.*s", stella_sv_find(name, '/') < name.len ? "" : "library/",
                                   STELLA_SV_FMT(name));
    if (!has_tag(name))
        full = stella_arena_printf(arena, "%.*s:latest", STELLA_SV_FMT(full));
    if (full.ptr && !stella_sv_eq(full, name))
        out->names[out->count++] = full;
}

/* How well the name fits; NO_RANK: not at all. */
static uint32_t rank_of(const spellings *wanted, stella_sv name) {
    for (uint32_t i = 0; i < wanted->count; i++)
        if (stella_sv_eq(wanted->names[i], name))
            return i;
    return NO_RANK;
}

/* A signed varint of Go's encoding/binary: zigzag. */
static int read_size(stella_sv bytes, uint64_t *out) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    const uint64_t value = stella_cursor_varint(&c);
    *out = value >> 1;
    return c.ok && (value & 1) == 0;
}

static stella_status read_target(finding *f, stella_sv name, const bolt_bucket *image, images_found *out,
                                 stella_error *err) {
    bolt_bucket target;
    stella_sv size = {0};
    images_found found = {.name_space = f->name_space, .name = name};
    stella_status status = bolt_find_bucket(f->b, image, STELLA_SV("target"), &target, err);
    if (status == STELLA_OK)
        status = bolt_find(f->b, &target, STELLA_SV("digest"), &found.digest, err);
    if (status == STELLA_OK)
        status = bolt_find(f->b, &target, STELLA_SV("mediatype"), &found.media_type, err);
    if (status == STELLA_OK)
        status = bolt_find(f->b, &target, STELLA_SV("size"), &size, err);
    if (status == STELLA_E_NOTFOUND || (status == STELLA_OK && !read_size(size, &found.size)))
        return stella_error_at(err, STELLA_E_FORMAT, name, "the image has no digest, media type or size");
    if (status == STELLA_OK && !stella_digest_is_valid(found.digest))
        return stella_error_at(err, STELLA_E_UNSUPPORTED, name, "digest %.*s: only sha256 is supported",
                               STELLA_SV_FMT(stella_sv_first(found.digest, 80)));
    if (status == STELLA_OK)
        *out = found;
    return status;
}

static void offer(finding *f, stella_sv name) {
    if (f->choices.len < CHOICES_TEXT_MAX)
        stella_buf_printf(&f->choices, "%s%.*s/%.*s", f->choices.len ? ", " : "", STELLA_SV_FMT(f->name_space),
                          STELLA_SV_FMT(name));
}

/* A name in the namespace that select names beats one in any other; the same image twice is no choice to make. */
static void consider(finding *f, const images_found *image, uint32_t rank) {
    if (rank == f->rank && !stella_sv_eq(image->digest, f->found.digest))
        f->is_ambiguous = 1;
    if (rank >= f->rank)
        return;
    f->found = *image;
    f->rank = rank;
    f->is_ambiguous = 0;
}

/* In the namespace that select begins with, what follows is the name. */
static int is_named(const finding *f) {
    const stella_sv space = f->name_space;
    return space.len && f->select.len > space.len && f->select.ptr[space.len] == '/' &&
           stella_sv_starts(f->select, space);
}

static stella_status visit_image(void *self, stella_sv name, const bolt_bucket *image, stella_error *err) {
    finding *f = self;
    images_found found;
    if (!image)
        return STELLA_OK;
    if (f->seen++ == IMAGES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u images", IMAGES_MAX);
    offer(f, name);
    const stella_sv wanted = is_named(f) ? stella_sv_skip(f->select, f->name_space.len + 1) : f->select;
    uint32_t rank = is_named(f) ? rank_of(&f->rest, name) : NO_RANK;
    if (rank == NO_RANK) {
        rank = rank_of(&f->whole, name);
        if (rank != NO_RANK) /* other namespaces come behind, "default" before the others */
            rank += SPELLINGS * (stella_sv_eq(f->name_space, STELLA_SV("default")) ? 1 : 2);
    }
    const int by_digest = stella_sv_starts(wanted, STELLA_SV("sha256:"));
    if (rank == NO_RANK && !by_digest && f->select.len)
        return STELLA_OK;
    const stella_status status = read_target(f, name, image, &found, err);
    if (status != STELLA_OK)
        return status;
    if (rank == NO_RANK && by_digest && !stella_sv_eq(found.digest, wanted))
        return STELLA_OK;
    consider(f, &found, rank == NO_RANK ? SPELLINGS * 3 : rank);
    return STELLA_OK;
}

static stella_status visit_namespace(void *self, stella_sv name, const bolt_bucket *inner, stella_error *err) {
    finding *f = self;
    bolt_bucket images;
    if (!inner)
        return STELLA_OK;
    const stella_status status = bolt_find_bucket(f->b, inner, STELLA_SV("images"), &images, err);
    if (status != STELLA_OK)
        return status == STELLA_E_NOTFOUND ? STELLA_OK : status;
    f->name_space = name;
    f->rest.count = 0;
    if (is_named(f))
        spell(f->b->arena, stella_sv_skip(f->select, name.len + 1), &f->rest);
    return bolt_each(f->b, &images, visit_image, f, err);
}

static stella_status answer(const finding *f, images_found *out, stella_error *err) {
    const stella_sv choices = stella_sv_first(stella_buf_sv(&f->choices), CHOICES_TEXT_MAX);
    if (f->rank == NO_RANK && f->select.len == 0)
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "containerd has no image");
    if (f->rank == NO_RANK)
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "no image %.*s; there is: %.*s",
                                STELLA_SV_FMT(stella_sv_first(f->select, 48)), STELLA_SV_FMT(choices));
    if (f->is_ambiguous)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "several images, say which one: %.*s",
                                STELLA_SV_FMT(choices));
    *out = f->found;
    return STELLA_OK;
}

stella_status images_find(bolt *b, stella_sv select, images_found *out, stella_error *err) {
    finding f = {.b = b, .select = select, .rank = NO_RANK, .choices = stella_buf_of(4096)};
    const bolt_bucket top = bolt_top(b);
    bolt_bucket version;
    spell(b->arena, select, &f.whole);
    stella_status status = bolt_find_bucket(b, &top, STELLA_SV("v1"), &version, err);
    if (status == STELLA_E_NOTFOUND)
        status = stella_error_set(err, STELLA_E_FORMAT, NULL, "a bolt database, but none of containerd's images");
    else if (status == STELLA_OK)
        status = bolt_each(b, &version, visit_namespace, &f, err);
    if (status == STELLA_OK)
        status = answer(&f, out, err);
    stella_buf_fini(&f.choices);
    return status;
}
