/* gzip.h - gzip files for tests, made with ISA-L. */
#ifndef TESTS_GZIP_H
#define TESTS_GZIP_H

#include <stella/sv.h>

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

/* One member that holds the text; the caller frees ptr. */
static inline stella_sv gzip_of(stella_sv text) {
    struct isal_zstream stream;
    const size_t room = text.len + text.len / 8 + 1024;
    uint8_t *out = malloc(room);
    isal_deflate_init(&stream);
    stream.gzip_flag = IGZIP_GZIP;
    stream.end_of_stream = 1;
    stream.next_in = (uint8_t *)(uintptr_t)text.ptr;
    stream.avail_in = (uint32_t)text.len;
    stream.next_out = out;
    stream.avail_out = (uint32_t)room;
    const int code = out ? isal_deflate(&stream) : -1;
    return code == COMP_OK ? stella_sv_of((char *)out, stream.total_out) : stella_sv_of(NULL, 0);
}

#endif
