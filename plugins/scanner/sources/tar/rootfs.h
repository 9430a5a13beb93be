/* rootfs.h - a tar archive of a root file system. */
#ifndef SCANNER_SOURCES_ROOTFS_H
#define SCANNER_SOURCES_ROOTFS_H

#include <stella/source.h>

/* Sure of a tar header with a proper checksum, less than those who know what is in the archive. */
uint32_t rootfs_detect(stella_target *target);
stella_status rootfs_open(stella_target *target, stella_error *err);

#endif
