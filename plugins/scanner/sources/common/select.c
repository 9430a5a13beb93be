#include "select.h"

#include <stella/sink.h>

#define CHOICES_TEXT_MAX 120 /* of an error's message */

typedef struct image_list {
    oci_descriptor *items;
    uint32_t count;
    stella_sv indexes[SELECT_INDEXES_MAX]; /* digests of the nested ones that were read */
    uint32_t index_count;
    uint64_t index_bytes; /* of those */
} image_list;

/* "linux/arm64/v8" of a descriptor against the platform that is wanted. */
static int platform_fits(const oci_descriptor *image, stella_sv wanted) {
    stella_sv os = {0}, architecture = {0}, variant = {0};
    stella_sv_split(&wanted, '/', &os);
    stella_sv_split(&wanted, '/', &architecture);
    stella_sv_split(&wanted, '/', &variant);
    return stella_sv_eq(image->os, os) && stella_sv_eq(image->architecture, architecture) &&
           (variant.len == 0 || image->variant.len == 0 || stella_sv_eq(image->variant, variant));
}

static int is_same(const oci_descriptor *a, const oci_descriptor *b) {
    return stella_sv_eq(a->digest, b->digest);
}

static stella_status add_image(const documents *docs, image_list *images, const oci_descriptor *image,
                               stella_error *err) {
    for (uint32_t i = 0; i < images->count; i++)
        if (is_same(&images->items[i], image))
            return STELLA_OK; /* two names of one image */
    if (images->count == SELECT_IMAGES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, docs->root, "more than %d images", SELECT_IMAGES_MAX);
    images->items[images->count++] = *image;
    return STELLA_OK;
}

static stella_status collect_index(const documents *docs, const oci_descriptor *entry, stella_sv name, uint32_t depth,
                                   image_list *images, stella_error *err);

/* The images an entry leads to: itself, or those of the index it names. */
static stella_status collect(const documents *docs, const oci_descriptor *entry, stella_sv name, uint32_t depth,
                             image_list *images, stella_error *err) {
    if (entry->is_attachment)
        return STELLA_OK;
    if (entry->is_index)
        return collect_index(docs, entry, name, depth, images, err);
    oci_descriptor image = *entry;
    image.ref_name = name;
    return entry->is_manifest ? add_image(docs, images, &image, err) : STELLA_OK;
}

static int was_read(const image_list *images, stella_sv digest) {
    for (uint32_t i = 0; i < images->index_count; i++)
        if (stella_sv_eq(images->indexes[i], digest))
            return 1;
    return 0;
}

/* Each index is read once, and only so many: three levels of a thousand entries each would be a million to read. */
static stella_status collect_index(const documents *docs, const oci_descriptor *entry, stella_sv name, uint32_t depth,
                                   image_list *images, stella_error *err) {
    if (was_read(images, entry->digest))
        return STELLA_OK;
    if (depth == SELECT_NESTING_MAX)
        return stella_error_at(err, STELLA_E_LIMIT, entry->digest, "indexes nested more than %d deep",
                               SELECT_NESTING_MAX);
    if (images->index_count == SELECT_INDEXES_MAX)
        return stella_error_at(err, STELLA_E_LIMIT, entry->digest, "more than %d nested indexes", SELECT_INDEXES_MAX);
    if (entry->size > SELECT_INDEX_BYTES_MAX - images->index_bytes)
        return stella_error_at(err, STELLA_E_LIMIT, entry->digest, "nested indexes of more than %u MiB",
                               SELECT_INDEX_BYTES_MAX >> 20);
    images->indexes[images->index_count++] = entry->digest;
    images->index_bytes += entry->size;
    stella_sv json;
    oci_index index;
    stella_status status = documents_read(docs, entry, &json, err);
    if (status == STELLA_OK)
        status = oci_index_parse(json, docs->arena, &index, err);
    for (uint32_t i = 0; status == STELLA_OK && i < index.count; i++)
        status = collect(docs, &index.manifests[i], name, depth + 1, images, err);
    return status;
}

static int is_selected(const oci_descriptor *entry, stella_sv select) {
    return select.len == 0 || stella_sv_eq(entry->ref_name, select) || stella_sv_eq(entry->digest, select);
}

/* A digest may also name an image that only a nested index lists. */
static stella_status collect_by_digest(const documents *docs, const oci_index *index, stella_sv select,
                                       image_list *images, stella_error *err) {
    image_list all = {.items = stella_arena_alloc(docs->arena, SELECT_IMAGES_MAX, sizeof *all.items)};
    stella_status status =
        all.items ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, docs->root, "no memory for its images");
    for (uint32_t i = 0; status == STELLA_OK && i < index->count; i++)
        status = collect(docs, &index->manifests[i], index->manifests[i].ref_name, 0, &all, err);
    for (uint32_t i = 0; status == STELLA_OK && i < all.count; i++)
        if (stella_sv_eq(all.items[i].digest, select))
            status = add_image(docs, images, &all.items[i], err);
    return status;
}

static void add_platform(stella_buf *out, const oci_descriptor *image) {
    stella_buf_printf(out, "%.*s/%.*s", STELLA_SV_FMT(image->os), STELLA_SV_FMT(image->architecture));
    if (image->variant.len)
        stella_buf_printf(out, "/%.*s", STELLA_SV_FMT(image->variant));
}

static void add_choice(stella_buf *out, const oci_descriptor *image) {
    if (image->ref_name.len && image->os.len) {
        stella_buf_printf(out, "%.*s (", STELLA_SV_FMT(image->ref_name));
        add_platform(out, image);
        stella_buf_add(out, STELLA_SV(")"));
    } else if (image->os.len) {
        add_platform(out, image);
    } else {
        stella_buf_add(out, image->ref_name.len ? image->ref_name : image->digest);
    }
}

/* What the user may choose from: names where there are some, else platforms, else digests. */
static void list_choices(const image_list *images, char text[CHOICES_TEXT_MAX]) {
    stella_buf out = stella_buf_of(CHOICES_TEXT_MAX - 4);
    for (uint32_t i = 0; i < images->count && !out.failed; i++) {
        if (i)
            stella_buf_add(&out, STELLA_SV(", "));
        add_choice(&out, &images->items[i]);
    }
    const stella_sv listed = stella_buf_sv(&out);
    if (listed.len)
        memcpy(text, listed.ptr, listed.len);
    memcpy(text + listed.len, out.failed ? "..." : "", out.failed ? 4 : 1);
    stella_buf_fini(&out);
}

/* Names that the index offers, for a name that it does not. */
static stella_status refuse_name(const documents *docs, const oci_index *index, stella_sv select, stella_error *err) {
    oci_descriptor named[SELECT_NESTING_MAX * 2];
    image_list list = {.items = named};
    for (uint32_t i = 0; i < index->count && list.count < sizeof named / sizeof named[0]; i++)
        if (index->manifests[i].ref_name.len)
            named[list.count++] = (oci_descriptor){.ref_name = index->manifests[i].ref_name};
    char choices[CHOICES_TEXT_MAX];
    list_choices(&list, choices);
    return stella_error_set(err, STELLA_E_NOTFOUND, docs->root, "no image %.*s; there is: %s",
                            STELLA_SV_FMT(stella_sv_first(select, 48)), list.count ? choices : "none with a name");
}

static stella_status choose(const documents *docs, const image_list *images, stella_sv platform, oci_descriptor *out,
                            stella_error *err) {
    char choices[CHOICES_TEXT_MAX];
    list_choices(images, choices);
    if (images->count == 0)
        return stella_error_set(err, STELLA_E_FORMAT, docs->root, "it lists no image");
    if (images->count == 1) { /* the only one, of whatever platform */
        *out = images->items[0];
        return STELLA_OK;
    }
    const oci_descriptor *found = NULL;
    for (uint32_t i = 0; i < images->count; i++) {
        if (!platform_fits(&images->items[i], platform))
            continue;
        if (found)
            return stella_error_set(err, STELLA_E_INVALID, docs->root, "%u images, say which one (%s): %s",
                                    images->count, docs->ask, choices);
        found = &images->items[i];
    }
    if (!found && images->items[0].os.len == 0)
        return stella_error_set(err, STELLA_E_INVALID, docs->root, "%u images, say which one (%s): %s", images->count,
                                docs->ask, choices);
    if (!found)
        return stella_error_set(err, STELLA_E_NOTFOUND, docs->root, "no image for %.*s; there is: %s",
                                STELLA_SV_FMT(stella_sv_first(platform, 40)), choices);
    *out = *found;
    return STELLA_OK;
}

stella_status select_manifest(const documents *docs, const oci_index *index, stella_sv select, stella_sv platform,
                              oci_descriptor *out, stella_error *err) {
    image_list images = {.items = stella_arena_alloc(docs->arena, SELECT_IMAGES_MAX, sizeof *images.items)};
    stella_status status =
        images.items ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, docs->root, "no memory for its images");
    int selected = 0;
    for (uint32_t i = 0; status == STELLA_OK && i < index->count; i++) {
        if (!is_selected(&index->manifests[i], select))
            continue;
        selected = 1;
        status = collect(docs, &index->manifests[i], index->manifests[i].ref_name, 0, &images, err);
    }
    if (status == STELLA_OK && !selected && stella_sv_starts(select, STELLA_SV("sha256:")))
        status = collect_by_digest(docs, index, select, &images, err);
    if (status != STELLA_OK)
        return status;
    if (images.count == 0 && select.len)
        return refuse_name(docs, index, select, err);
    return choose(docs, &images, platform, out, err);
}
