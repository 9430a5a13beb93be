/* stella/reader.h - plugin interface "stella.reader/1": reads a document that lists components, an SBOM of ours or of
 * another tool, in place of the image itself ("sbom:FILE"). Role: scan.
 *
 *     static stella_status read(void *self, stella_reading *reading, stella_error *err) {
 *         stella_subject subject = STELLA_SUBJECT_INIT;
 *         ...
 *         stella_reading_subject(reading, &subject);
 *         stella_component *c = stella_component_add(reading->job, type, name, version, flags);
 *         stella_component_evidence(c, reading->document, line, STELLA_SV(STELLA_READER_METHOD));
 *     }
 *
 * Components, relations and notes are stated as an analyzer states them (stella/analyzer.h). The subject is not a
 * component: how it is linked to those that nothing else leads to is worked out as for an image. */
#ifndef STELLA_READER_H
#define STELLA_READER_H

#include <stella/analyzer.h>

STELLA_BEGIN_DECLS

#define STELLA_READER_INTERFACE "stella.reader/1"

#define STELLA_READER_METHOD "document" /* the method of all evidence */

/* With STELLA_OPTION_VALIDATE among the job's options a reader states no components: one note of severity INFO that
 * begins with this and names format and version, and one of severity ERROR for each rule of the format that the document
 * breaks, that of being well-formed included. A reader that notes no format cannot tell. */
#define STELLA_READER_FORMAT "format: "

/* What a document says it is about. Plain value; texts may be empty. */
typedef struct stella_subject {
    uint32_t struct_size;
    uint32_t reserved;
    stella_sv kind;          /* "image", "directory", ...; empty: "document" */
    stella_sv name;          /* empty: the document's */
    stella_sv digest;        /* "sha256:<hex>" of the manifest */
    stella_sv config_digest; /* of the image configuration */
    stella_sv os, architecture, variant;
    stella_sv distro_id, distro_version, distro_name;
    int64_t created_ms; /* since 1970; -1: not said */
} stella_subject;

#define STELLA_SUBJECT_INIT                                                                                            \
    { .struct_size = sizeof(stella_subject), .created_ms = -1 }

typedef struct stella_reading stella_reading;

typedef struct stella_reading_ops {
    stella_abi_head head;
    void (*subject)(stella_reading *reading, const stella_subject *subject);
} stella_reading_ops;

/* One document. Valid until read returns. */
struct stella_reading {
    stella_abi_head head;
    const stella_reading_ops *ops;
    stella_analysis *job;        /* takes components, relations, notes; its arena is the reader's for the call */
    const stella_file *document; /* with its bytes; evidence names it */
};

/* States what the document is about; the last call counts. Texts are copied. A digest that is none is left out. [the
 * thread read runs in] */
static inline void stella_reading_subject(stella_reading *reading, const stella_subject *subject) {
    reading->ops->subject(reading, subject);
}

typedef struct stella_reader {
    stella_abi_head head;
    const char *format; /* "cyclonedx-json": for people */

    /* How sure it is that the bytes are of its kind: 0 not, 100 certain. The surest one reads. [worker] */
    uint32_t (*detect)(void *self, stella_sv bytes);

    /* Reads the whole document. An error fails the scan: there is nothing else to tell of. [worker] */
    stella_status (*read)(void *self, stella_reading *reading, stella_error *err);
} stella_reader;

STELLA_END_DECLS

#endif
