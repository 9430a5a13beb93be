/* xml_writer.h - writes an XML 1.0 document piece by piece: escapes, indentation and closing tags are its business.
 * Misuse is an assert. After the first failed write nothing more is written; finish tells. [one thread] */
#ifndef EMITTER_COMMON_XML_WRITER_H
#define EMITTER_COMMON_XML_WRITER_H

#include <stella/sink.h>

#define XML_DEPTH_MAX 16

typedef struct xml_writer {
    const stella_sink *sink;
    stella_error error;
    uint32_t depth;
    uint32_t used;   /* bytes in buffer */
    int is_tag_open; /* attributes may follow */
    const char *names[XML_DEPTH_MAX];
    char buffer[8192];
} xml_writer;

/* Begins the document with its declaration. */
void xml_writer_init(xml_writer *w, const stella_sink *sink);

/* Names are borrowed until the element ends, and written as they are. */
void xml_begin(xml_writer *w, const char *name);
void xml_end(xml_writer *w);

/* Texts: what is not UTF-8, and what XML has no way to write (most control characters), becomes U+FFFD. */
void xml_attribute(xml_writer *w, const char *name, stella_sv value);  /* directly behind xml_begin */
void xml_element(xml_writer *w, const char *name, stella_sv text);     /* <name>text</name> */
void xml_element_opt(xml_writer *w, const char *name, stella_sv text); /* nothing when the text is empty */
void xml_text_end(xml_writer *w, stella_sv text); /* the content of the open element, and its end */

/* Ends the document and reports the first failed write. */
stella_status xml_writer_finish(xml_writer *w, stella_error *err);

#endif
