/* Any bytes as a package.json: reading ends, and what was read comes back from its record. */
#include "plugins/scanner/analyzers/lang/node/package_json.h"

#include <stella/auto.h>

#include <assert.h>

#define ARENA_BYTES ((uint64_t)16 << 20)

static void check_needs(const package_json *p, const package_view *v) {
    stella_sv needs = v->needs;
    package_need need;
    for (uint32_t i = 0; i < p->need_count; i++) {
        assert(package_need_next(&needs, &need));
        assert(stella_sv_eq(need.name, p->needs[i].name) && need.kind == p->needs[i].kind);
        assert(i == 0 || stella_sv_cmp(p->needs[i - 1].name, p->needs[i].name) < 0);
    }
    assert(!package_need_next(&needs, &need));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)16 << 20);
    package_json p = {.with_dev = (int32_t)(size % 2)};
    package_view v;
    if (!arena || package_json_read(stella_sv_of((const char *)data, size), arena, &p, NULL) != STELLA_OK)
        return 0;
    if (package_encode(&p, &bytes) != STELLA_OK)
        return 0;
    assert(package_decode(stella_buf_sv(&bytes), &v, NULL) == STELLA_OK);
    assert(stella_sv_eq(v.name, p.name) && stella_sv_eq(v.version, p.version));
    assert(v.license_count == p.license_count && v.bin_count == p.bin_count);
    check_needs(&p, &v);
    return 0;
}
