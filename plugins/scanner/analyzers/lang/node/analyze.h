/* analyze.h - components of what is installed, and of what lock files name. */
#ifndef NODE_ANALYZE_H
#define NODE_ANALYZE_H

#include <stella/analyzer.h>

stella_status node_analyze(void *self, stella_analysis *job, stella_error *err);

#endif
