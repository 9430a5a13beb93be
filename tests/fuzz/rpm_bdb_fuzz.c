/* rpm's databases of Berkeley DB. */
#include "rpm_database_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    if (database_is_bdb(bytes))
        database_input_run(bytes, database_read_bdb);
    return 0;
}
