/* analyzer.h - what clang's analyzer, which sees one file at a time, must be told: these functions return the code
 * that they are given, so that what was not set is not read. scripts/lint includes it before every source. */
#include <stella/error.h>

#define stella_error_set(err, code, ...) (stella_error_set(err, code, __VA_ARGS__), (code))
#define stella_error_at(err, code, ...)  (stella_error_at(err, code, __VA_ARGS__), (code))
