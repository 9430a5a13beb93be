/* analyze.h - the analysis: installed packages as components. */
#ifndef ALPM_ANALYZE_H
#define ALPM_ANALYZE_H

#include <stella/analyzer.h>

/* Packages that answer to one name and are looked at for one dependency. */
#define ALPM_CANDIDATES_MAX 256

stella_status alpm_analyze(void *self, stella_analysis *job, stella_error *err);

#endif
