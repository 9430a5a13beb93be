/* analyze.h - the analysis: installed packages as components. */
#ifndef OPKG_ANALYZE_H
#define OPKG_ANALYZE_H

#include <stella/analyzer.h>

/* Dependencies of one package that are followed; what is behind is noted. */
#define OPKG_DEPENDENCIES_MAX 65536
/* Packages that answer to one name and are looked at for one dependency. */
#define OPKG_CANDIDATES_MAX 256

stella_status opkg_analyze(void *self, stella_analysis *job, stella_error *err);

#endif
