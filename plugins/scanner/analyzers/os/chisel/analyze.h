/* analyze.h - the analysis: packages that a chiselled root was cut from, as components. */
#ifndef CHISEL_ANALYZE_H
#define CHISEL_ANALYZE_H

#include <stella/analyzer.h>

stella_status chisel_analyze(void *self, stella_analysis *job, stella_error *err);

#endif
