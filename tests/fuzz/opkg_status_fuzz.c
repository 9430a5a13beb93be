/* opkg's status and control files: reading never fails for its content, and every record can be read back. */
#include "plugins/scanner/analyzers/os/opkg/status.h"

#include "common/stanza.h"
#include "probe_input.h"

static void check(const stella_record *record) {
    stanza_view view;
    assert(stanza_decode(record->bytes, &view, NULL) == STELLA_OK);
    assert(view.line && view.values[STANZA_PACKAGE].len && view.values[STANZA_VERSION].len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    stella_status status;
    assert(probe_input_run(status_probe, "usr/lib/opkg/status", text, NULL, check, &status) <= size);
    assert(status == STELLA_OK);
    assert(probe_input_run(status_probe, "usr/lib/opkg/info/a.control", text, NULL, check, &status) <= size);
    assert(status == STELLA_OK);
    return 0;
}
