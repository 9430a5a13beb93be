/* single_file.h - a file that is the whole tree. */
#ifndef SCANNER_SOURCES_SINGLE_FILE_H
#define SCANNER_SOURCES_SINGLE_FILE_H

#include <stella/source.h>

/* Sure of what begins like a program, a package or a database, less than of any archive. */
uint32_t single_file_detect(stella_target *target);
stella_status single_file_open(stella_target *target, stella_error *err);

#endif
