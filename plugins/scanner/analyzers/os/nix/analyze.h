/* analyze.h - the analysis: store paths as components. */
#ifndef NIX_ANALYZE_H
#define NIX_ANALYZE_H

#include <stella/analyzer.h>

#define NIX_FILE "file" /* kind of the records that each file below a store path gives; key is the path's base name */

stella_status nix_analyze(void *self, stella_analysis *job, stella_error *err);

#endif
