/* stanza.h - the fields of one package in a status file of dpkg or opkg: read from the file line by line, carried as a record.
 *
 * A stanza is a paragraph of "Key: value" lines; keys are case-insensitive, lines that begin with a blank continue the
 * field above, an empty line ends it. Only the fields below are kept. */
#ifndef ANALYZER_STANZA_H
#define ANALYZER_STANZA_H

#include <stella/lines.h>

/* Bytes of one line that are kept; what is behind is dropped, and the field marked as cut. */
#define STANZA_LINE_MAX (256u << 10)
/* Bytes of one field with its continuation lines. */
#define STANZA_FIELD_MAX (1u << 20)

typedef enum stanza_field {
    STANZA_PACKAGE,
    STANZA_STATUS,
    STANZA_VERSION,
    STANZA_ARCHITECTURE,
    STANZA_SOURCE,
    STANZA_MULTI_ARCH,
    STANZA_MAINTAINER,
    STANZA_SECTION,
    STANZA_PRIORITY,
    STANZA_ESSENTIAL,
    STANZA_INSTALLED_SIZE,
    STANZA_HOMEPAGE,
    STANZA_DESCRIPTION, /* its first line */
    STANZA_DEPENDS,
    STANZA_PRE_DEPENDS,
    STANZA_PROVIDES,
    STANZA_CONFFILES, /* all its lines, joined by \n */
    STANZA_LICENSE,   /* opkg alone has these three */
    STANZA_CPE,
    STANZA_AUTO_INSTALLED,
    STANZA_FIELDS
} stanza_field;

/* A stanza while it is read, in the caller's storage; used again for the next one. */
typedef struct stanza {
    stella_buf values[STANZA_FIELDS];
    uint32_t line;      /* of its first line; 0: nothing was read */
    uint32_t bad_line;  /* the first line that is no field; 0: none */
    uint32_t cut_line;  /* the first line or field that was longer than its limit; 0: none */
    uint32_t cut;       /* bit (1 << field) for each field that is not whole */
    int32_t open_field; /* the field that a continuation line belongs to, -1: one that is not kept */
} stanza;

void stanza_init(stanza *s);
void stanza_fini(stanza *s); /* also for STELLA_AUTO */

/* Reads the next stanza; s->line is 0 when the file has no more.
 * Returns what stella_lines_next returns, or STELLA_E_NOMEM. */
stella_status stanza_read(stanza *s, stella_lines *lines, stella_error *err);

/* The value of a field without blanks at both ends; empty when absent. Borrows from the stanza. */
stella_sv stanza_value(const stanza *s, stanza_field field);

/* A stanza as it lies in a record. */
typedef struct stanza_view {
    stella_sv values[STANZA_FIELDS];
    uint32_t line;
} stanza_view;

/* The record's bytes, for the build that wrote them alone: line and all fields in order.
 * Returns the status of the buffer. */
stella_status stanza_encode(const stanza *s, stella_buf *out);

/* out  set on success; borrows from bytes
 * Returns STELLA_E_FORMAT. */
stella_status stanza_decode(stella_sv bytes, stanza_view *out, stella_error *err);

#endif
