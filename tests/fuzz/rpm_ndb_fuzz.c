/* rpm's databases of NDB. */
#include "rpm_database_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    if (database_is_ndb(bytes))
        database_input_run(bytes, database_read_ndb);
    return 0;
}
