/* analyze.h - the analysis: installed packages as components. */
#ifndef APK_ANALYZE_H
#define APK_ANALYZE_H

#include <stella/analyzer.h>

stella_status apk_analyze(void *self, stella_analysis *job, stella_error *err);

#endif
