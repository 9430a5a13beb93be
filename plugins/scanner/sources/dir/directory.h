/* directory.h - a plain directory as an image of one layer. */
#ifndef SOURCE_DIR_DIRECTORY_H
#define SOURCE_DIR_DIRECTORY_H

#include <stella/source.h>

/* Any directory can be scanned as a tree of files, but whatever knows a directory better comes first: 10. */
uint32_t directory_detect(stella_target *target);

/* States one layer, the directory itself. STELLA_E_INVALID when a part of it was selected: there is none. */
stella_status directory_open(stella_target *target, stella_error *err);

#endif
