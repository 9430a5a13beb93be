/* CVE ids: the same ids however the text is cut, sorted, each once. */
#include "common/cve.h"

#include <stella/auto.h>

#include <assert.h>

static void scan(cve_set *set, stella_sv text, size_t piece) {
    for (; text.len; text = stella_sv_skip(text, piece))
        assert(cve_set_scan(set, stella_sv_first(text, piece)) == STELLA_OK);
    assert(cve_set_finish(set) == STELLA_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(cve_set_fini) cve_set whole = {0};
    STELLA_AUTO(cve_set_fini) cve_set cut = {0};
    const stella_sv text = stella_sv_of((const char *)data, size);
    scan(&whole, text, size ? size : 1);
    scan(&cut, text, 1 + size % 29);
    assert(whole.count == cut.count);
    for (uint32_t i = 0; i < whole.count; i++)
        assert(whole.ids[i] == cut.ids[i] && (i == 0 || whole.ids[i - 1] < whole.ids[i]));
    return 0;
}
