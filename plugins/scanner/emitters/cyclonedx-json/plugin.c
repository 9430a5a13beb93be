/* The emitter of CycloneDX 1.7 (README.md). */
#include "common/subject.h"
#include "document.h"

#include <stella/auto.h>
#include <stella/digest.h>
#include <stella/emitter.h>

#include <stdio.h>

#define INDENT     2
#define SERIAL_MAX 64

static stella_status hash_bytes(void *self, stella_sv bytes, stella_error *err) {
    (void)err;
    stella_sha256_update(self, bytes.ptr, bytes.len);
    return STELLA_OK;
}

/* A UUID of version 5's form from the SHA-256 of the document without one and without white space, which is written
 * twice therefore: held in memory it would be as large as all the rest of the scan. */
static stella_status make_serial(const document *d, char serial[SERIAL_MAX], stella_error *err) {
    STELLA_AUTO(stella_sha256_destroyp) stella_sha256 *hash = stella_sha256_create();
    if (!hash)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a hash");
    const stella_sink sink = {.head = STELLA_HEAD(stella_sink), .self = hash, .write = hash_bytes};
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    document_write(&w, d);
    const stella_status status = stella_json_finish(&w, err);
    unsigned char u[STELLA_SHA256_SIZE];
    stella_sha256_final(hash, u);
    u[6] = (unsigned char)((u[6] & 0x0f) | 0x50);
    u[8] = (unsigned char)((u[8] & 0x3f) | 0x80);
    snprintf(serial, SERIAL_MAX, "urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[0],
             u[1], u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
    return status;
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    document d = {.bom = bom};
    char serial[SERIAL_MAX];
    stella_status status = subject_purl(bom, out->arena, &d.root_purl, err);
    if (status == STELLA_OK)
        status = make_serial(&d, serial, err);
    if (status != STELLA_OK)
        return status;
    d.serial = stella_sv_cstr(serial);
    stella_json_writer w;
    stella_json_writer_init(&w, out->sink, INDENT);
    document_write(&w, &d);
    return stella_json_finish(&w, err);
}

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "cyclonedx-json",
                                       .media_type = "application/vnd.cyclonedx+json",
                                       .emit = emit};

STELLA_PLUGIN("org.stella-ops.emitter.cyclonedx-json", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
