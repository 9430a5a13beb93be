/* counting.h - how much there is to read, before memory is taken for it. */
#ifndef ANALYZER_COUNTING_H
#define ANALYZER_COUNTING_H

#include <stella/analyzer.h>

/* How many records of that kind this job has. */
uint32_t count_records(stella_analysis *job, stella_sv kind);

#endif
