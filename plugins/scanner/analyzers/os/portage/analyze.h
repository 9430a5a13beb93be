/* analyze.h - the analysis: installed packages as components. */
#ifndef PORTAGE_ANALYZE_H
#define PORTAGE_ANALYZE_H

#include <stella/analyzer.h>

#define PORTAGE_PACKAGE "package" /* kind: an installed package, found by its CONTENTS; key is category/name=version */

/* Packages of one name (slots) that are looked at for one dependency. */
#define PORTAGE_CANDIDATES_MAX 64

stella_status portage_analyze(void *self, stella_analysis *job, stella_error *err);

#endif
