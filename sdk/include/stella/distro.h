/* stella/distro.h - which operating system distribution a tree is: what the identity phase publishes as
 * "stella.distro/1" and later phases read.
 *
 *     stella_record record = STELLA_RECORD_INIT;
 *     stella_distro distro;
 *     for (stella_records it = stella_published(STELLA_DISTRO_KIND); stella_records_next(job, &it, &record);)
 *         if (stella_distro_decode(record.bytes, &distro, err) != STELLA_OK) ...
 *
 * The bytes of a record: one byte STELLA_DISTRO_FORMAT, then id, id_like, version_id, codename and name, each as an
 * unsigned LEB128 length and that many bytes of UTF-8. Bytes behind them belong to later formats and are ignored. */
#ifndef STELLA_DISTRO_H
#define STELLA_DISTRO_H

#include <stella/sink.h>

STELLA_BEGIN_DECLS

#define STELLA_DISTRO_KIND     "stella.distro/1" /* the record's key is the id */
#define STELLA_DISTRO_FORMAT   1
#define STELLA_DISTRO_TEXT_MAX 1024 /* bytes of one member */

/* The members of os-release(5) that matter, without quotes; any of them may be empty. */
typedef struct stella_distro {
    stella_sv id;         /* ID, "debian" */
    stella_sv id_like;    /* ID_LIKE, space-separated, nearest first */
    stella_sv version_id; /* VERSION_ID, "12" */
    stella_sv codename;   /* VERSION_CODENAME, "bookworm" */
    stella_sv name;       /* PRETTY_NAME, else NAME */
} stella_distro;

/* Adds the record's bytes to out. Members longer than STELLA_DISTRO_TEXT_MAX are cut there.
 * Returns STELLA_E_LIMIT or STELLA_E_NOMEM of the buffer. [any thread] */
stella_status stella_distro_encode(const stella_distro *distro, stella_buf *out);

/* Reads them; the views borrow from bytes.
 * out  set on success
 * Returns STELLA_E_FORMAT. [any thread] */
stella_status stella_distro_decode(stella_sv bytes, stella_distro *out, stella_error *err);

/* Whether it is the distribution of that id, or says that it is like it. */
int stella_distro_is_like(const stella_distro *distro, stella_sv id);

STELLA_END_DECLS

#endif
