/* text.h - texts that a document may show only in their proper form. */
#ifndef EMITTER_COMMON_TEXT_H
#define EMITTER_COMMON_TEXT_H

#include <stella/sv.h>

/* Whether a text is a CPE 2.3 formatted string as the schemas of CycloneDX and SPDX take it. */
int text_is_cpe(stella_sv text);

/* Whether it is an http or https address without blanks and other characters that an address must not have. */
int text_is_web_address(stella_sv text);

#endif
