/* OpenPGP packets: an id that is found stands in them. */
#include "plugins/scanner/analyzers/os/rpm/signature.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned char id[SIGNATURE_KEY_ID_BYTES];
    if (signature_key_id(stella_sv_of((const char *)data, size), id))
        assert(memmem(data, size, id, sizeof id));
    return 0;
}
