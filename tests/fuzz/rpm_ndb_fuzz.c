/* A database of that kind: reading ends well or says why, and headers are no more than the file. */
#include "plugins/scanner/analyzers/os/rpm/database.h"

#include <assert.h>

typedef struct taken {
    uint64_t bytes, parts;
} taken;

static stella_status take(void *self, stella_sv block, stella_error *err) {
    taken *t = self;
    (void)err;
    t->bytes += block.len;
    t->parts++;
    return STELLA_OK;
}

static void damage(void *self, const stella_error *damage) {
    assert(damage->code != STELLA_OK && damage->message[0]);
    ((taken *)self)->parts++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    taken t = {0};
    const database_taker taker = {.self = &t, .header = take, .damage = damage};
    const stella_sv main = stella_sv_of((const char *)data, size);
    if (!database_is_ndb(main))
        return 0;
    const stella_status status = database_read_ndb(main, &taker, NULL);
    assert(status == STELLA_OK || status == STELLA_E_FORMAT || status == STELLA_E_UNSUPPORTED);
    assert(t.bytes <= 2 * (uint64_t)size && t.parts <= (uint64_t)size + 2);
    return 0;
}
