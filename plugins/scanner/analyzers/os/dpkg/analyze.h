/* analyze.h - the analysis: installed packages as components. */
#ifndef DPKG_ANALYZE_H
#define DPKG_ANALYZE_H

#include <stella/analyzer.h>

stella_status dpkg_analyze(void *self, stella_analysis *job, stella_error *err);

#endif
