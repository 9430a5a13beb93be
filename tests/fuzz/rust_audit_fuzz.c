/* A list of crates inflates to no more than its limit; guessed crates are sorted, and their names lie inside the file. */
#include "plugins/scanner/analyzers/lang/rust/audit.h"
#include "plugins/scanner/analyzers/lang/rust/panic_paths.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)64 << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(AUDIT_BYTES_MAX);
    const panic_crate *crates;
    uint32_t count;
    binary b;
    if (!arena || binary_open(stella_sv_of((const char *)data, size), &b, NULL) != STELLA_OK)
        return 0;
    (void)audit_read(&b, arena, &text, NULL);
    assert(text.len <= AUDIT_BYTES_MAX);
    if (panic_paths_find(&b, arena, &crates, &count, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        assert(crates[i].name.ptr >= (const char *)data && crates[i].name.len && crates[i].version.len);
        assert(i == 0 || stella_sv_cmp(crates[i - 1].name, crates[i].name) <= 0);
    }
    return 0;
}
