/* rpm_database_input.h - the fuzzer's bytes as one of rpm's databases: reading ends well or says why, and what it yields
 * is no more than the file holds. */
#ifndef FUZZ_RPM_DATABASE_INPUT_H
#define FUZZ_RPM_DATABASE_INPUT_H

#include "plugins/scanner/analyzers/os/rpm/database.h"

#include <assert.h>

typedef struct database_yield {
    uint64_t bytes, parts;
} database_yield;

static inline stella_status yield_header(void *self, stella_sv block, stella_error *err) {
    database_yield *y = self;
    (void)err;
    y->bytes += block.len;
    y->parts++;
    return STELLA_OK;
}

static inline void yield_damage(void *self, const stella_error *damage) {
    assert(damage->code != STELLA_OK && damage->message[0]);
    ((database_yield *)self)->parts++;
}

static inline void database_input_run(stella_sv bytes,
                                      stella_status (*read)(stella_sv, const database_taker *, stella_error *)) {
    database_yield y = {0};
    const database_taker taker = {.self = &y, .header = yield_header, .damage = yield_damage};
    const stella_status status = read(bytes, &taker, NULL);
    assert(status == STELLA_OK || status == STELLA_E_FORMAT || status == STELLA_E_UNSUPPORTED);
    assert(y.bytes <= 2 * (uint64_t)bytes.len && y.parts <= (uint64_t)bytes.len + 2);
}

#endif
