/* sniff.h - what a file is, by its first bytes. [any thread] */
#ifndef SCANNER_ENGINE_SNIFF_H
#define SCANNER_ENGINE_SNIFF_H

#include <stella/file.h>

#define SNIFF_BYTES 512u /* as many as the file has, up to this, make the answer certain */

/* STELLA_TYPE_*. */
uint32_t sniff_type(stella_sv first_bytes);

#endif
