/* analyze.h - from records to components. */
#ifndef RPM_ANALYZE_H
#define RPM_ANALYZE_H

#include <stella/analyzer.h>

/* stella_analyzer.analyze of this plugin. */
stella_status rpm_analyze(void *self, stella_analysis *job, stella_error *err);

#endif
