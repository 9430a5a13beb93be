/* bench.h - what the benchmark programs share: the clock, medians, and the form of a result line. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double bench_now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline int bench_order(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the values. */
static inline double bench_median(double *values, size_t count) {
    qsort(values, count, sizeof *values, bench_order);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* Sorts the values. fraction: 0.95 for the value that 95 of 100 do not exceed. */
static inline double bench_percentile(double *values, size_t count, double fraction) {
    qsort(values, count, sizeof *values, bench_order);
    const size_t at = (size_t)(fraction * (double)count);
    return values[at < count ? at : count - 1];
}

/* goal  as text, with its sense: "< 50", "> 2000"; "-" for none */
static inline void bench_result(const char *name, double value, const char *unit, const char *goal) {
    printf("%s,%.4g,%s,%s\n", name, value, unit, goal);
    fflush(stdout);
}

#endif
