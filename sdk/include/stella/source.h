/* stella/source.h - plugin interface "stella.source/1": says what blobs an image consists of. Role: scan (archives,
 * layouts, directories: bytes that are not to be trusted), or connect (registries, daemons).
 *
 * A source reads the container only (the outer tar, index.json, manifest, config), never a layer: layers are read,
 * hashed and fed to other processes by the supervisor, from the places that the source names. One of role connect also
 * fetches: it writes a blob's stored bytes, which the supervisor hashes and feeds. */
#ifndef STELLA_SOURCE_H
#define STELLA_SOURCE_H

#include <stella/arena.h>
#include <stella/plugin.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

#define STELLA_SOURCE_INTERFACE "stella.source/1"

#define STELLA_TARGET_FILE      1
#define STELLA_TARGET_DIRECTORY 2
#define STELLA_TARGET_REMOTE    3 /* role connect: a reference, and what the job may use to reach it */

#define STELLA_LAYER_BLOB      1 /* a tar archive, perhaps compressed */
#define STELLA_LAYER_DIRECTORY 2 /* the target directory itself is the tree */
#define STELLA_LAYER_FOREIGN   3 /* not in the container; reported, not read */
#define STELLA_LAYER_FILE      4 /* the bytes are the one file of the tree, named by the target's name */
#define STELLA_LAYER_ARCHIVE   5 /* remote, alone: the bytes are an image archive, to be spooled and opened as a file */

#define STELLA_TOC_NONE         0
#define STELLA_TOC_ESTARGZ      1
#define STELLA_TOC_ZSTD_CHUNKED 2

/* Where a layer's stored bytes are, and what is claimed of them. */
typedef struct stella_layer {
    uint32_t struct_size;
    uint32_t kind;     /* STELLA_LAYER_* */
    stella_sv path;    /* in a directory target: the file, relative, below it */
    uint64_t offset;   /* in a file target: where the bytes begin */
    uint64_t size;     /* stored bytes */
    stella_sv digest;  /* "sha256:<hex>" of the stored bytes; empty when the container does not say */
    stella_sv diff_id; /* "sha256:<hex>" of the uncompressed bytes; empty when unknown */
    stella_sv media_type;
    stella_sv created_by;

    /* A table of contents of a layer that can be read in parts. Only when struct_size says that they are there. */
    uint32_t toc_kind; /* STELLA_TOC_* */
    uint32_t reserved;
    stella_sv toc_digest; /* "sha256:<hex>": of ESTARGZ of the table's JSON, of ZSTD_CHUNKED of its stored bytes */
    uint64_t toc_offset, toc_size; /* of ZSTD_CHUNKED: its stored bytes in the blob. ESTARGZ: 0, the blob's end tells */
} stella_layer;

/* What the image is. */
typedef struct stella_image {
    uint32_t struct_size;
    uint32_t reserved;
    stella_sv kind;   /* "image"; "directory", "filesystem" (an archive of one), "file" */
    stella_sv name;   /* reference name from the container (tag, ref.name annotation); may be empty */
    stella_sv digest; /* "sha256:<hex>" of the manifest; empty when the container has none */
    stella_sv os, architecture, variant;
    int64_t created_ms;      /* since 1970, -1 when absent */
    stella_sv config;        /* the OCI image configuration's JSON, as stored; may be empty */
    stella_sv config_digest; /* "sha256:<hex>" of those bytes: what Docker calls the image's id; may be empty */
} stella_image;

typedef struct stella_target stella_target;

typedef struct stella_target_ops {
    stella_abi_head head;
    stella_status (*read_at)(stella_target *t, stella_sv path, uint64_t offset, void *buf, uint64_t size, uint64_t *got,
                             stella_error *err);
    stella_status (*size_of)(stella_target *t, stella_sv path, uint64_t *size, stella_error *err);
    stella_status (*image)(stella_target *t, const stella_image *image, stella_error *err);
    stella_status (*layer)(stella_target *t, const stella_layer *layer, stella_error *err);
} stella_target_ops;

struct stella_target {
    stella_abi_head head;
    const stella_target_ops *ops;
    stella_arena *arena;
    uint32_t kind; /* STELLA_TARGET_* */
    uint32_t reserved;
    stella_sv name;     /* base name of what the user named */
    stella_sv select;   /* the part behind the last ':' that picks one image of several (tag, digest); may be empty */
    stella_sv platform; /* "os/arch[/variant]", wanted; never empty */
    stella_sv access;   /* REMOTE: JSON object of what the supervisor grants this job: {"username","password",
                           "identityToken","registryToken": texts, "ca": PEM text, "proxy": URL,
                           "noProxy": hosts, comma-separated, "insecure": true|false}; each may be absent; empty
                           otherwise. Never logged, never part of a result. */
    int32_t fd;         /* REMOTE: a connected stream socket of a local daemon, the host closes it; -1: none. Only when
                           struct_size says that it is there. */
    uint32_t reserved2;
};

/* Reads up to size bytes at an offset. In a directory target path names the file below it (RESOLVE_BENEATH); in a file
 * target path is empty. got is less than size only at the end of the file. An archive that is compressed as a whole is
 * presented uncompressed. */
static inline stella_status stella_target_read(stella_target *t, stella_sv path, uint64_t offset, void *buf,
                                               uint64_t size, uint64_t *got, stella_error *err) {
    return t->ops->read_at(t, path, offset, buf, size, got, err);
}

static inline stella_status stella_target_size(stella_target *t, stella_sv path, uint64_t *size, stella_error *err) {
    return t->ops->size_of(t, path, size, err);
}

/* States what the image is; once. Copied. */
static inline stella_status stella_target_image(stella_target *t, const stella_image *image, stella_error *err) {
    return t->ops->image(t, image, err);
}

/* Adds a layer, base first. Copied. */
static inline stella_status stella_target_layer(stella_target *t, const stella_layer *layer, stella_error *err) {
    return t->ops->layer(t, layer, err);
}

/* The file is opened as it is stored, even when it is compressed as a whole; detect sees it uncompressed. */
#define STELLA_SOURCE_STORED 1u

typedef struct stella_source {
    stella_abi_head head;
    const char *scheme;   /* the word before ':' in a target: "oci-layout" */
    uint32_t target_kind; /* STELLA_TARGET_* it reads */
    uint32_t flags;       /* STELLA_SOURCE_* */

    /* How sure it is that a plain path is of its kind: 0 not, 100 certain. Reads little. [worker] */
    uint32_t (*detect)(void *self, stella_target *target);

    /* Describes the image. STELLA_E_FORMAT when the target is not what it claims to be. [worker] */
    stella_status (*open)(void *self, stella_target *target, stella_error *err);

    /* REMOTE: writes size bytes of a layer that open stated (layer->digest or layer->path says which), from offset on,
     * going on where a broken connection stopped; may be called for several parts of a layer, one after the other.
     * STELLA_E_UNSUPPORTED when a part was asked for and there is only the whole. The bytes are checked by whoever reads them. A process that fetches
     * is not the one that opened: everything it needs is in target and layer. [worker] */
    stella_status (*fetch)(void *self, stella_target *target, const stella_layer *layer, uint64_t offset, uint64_t size,
                           const stella_sink *out, stella_error *err);
} stella_source;

STELLA_END_DECLS

#endif
