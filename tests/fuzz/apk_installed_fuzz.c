/* apk's database: reading never fails for its content, every record can be read back, versions have an order. */
#include "plugins/scanner/analyzers/os/apk/dependency.h"
#include "plugins/scanner/analyzers/os/apk/installed.h"
#include "plugins/scanner/analyzers/os/apk/version.h"

#include "common/fields.h"
#include "probe_input.h"

#include <stella/auto.h>

static void check_package(stella_sv bytes) {
    stella_sv fields[APK_FIELDS];
    uint32_t line;
    assert(fields_decode(bytes, APK_FIELDS, &line, fields, NULL) == STELLA_OK);
    assert(line && fields[APK_NAME].len && fields[APK_VERSION].len);
    apk_dependency d, last = {0};
    for (stella_sv list = fields[APK_DEPENDS]; apk_dependency_next(&list, &d); last = d) {
        assert(d.name.len);
        const int order = apk_version_compare(d.version, last.version);
        const int back = apk_version_compare(last.version, d.version);
        assert((order > 0) == (back < 0) && (order == 0) == (back == 0));
        (void)apk_version_meets(last.version, d.relation, d.version);
    }
}

static void check(const stella_record *record) {
    if (stella_sv_eq(record->kind, STELLA_SV(INSTALLED_PACKAGE))) {
        check_package(record->bytes);
        return;
    }
    installed_files files;
    installed_file file;
    assert(installed_files_open(record->bytes, &files, NULL) == STELLA_OK);
    while (installed_files_next(&files, &file))
        assert(file.path.len && (file.digest.len == 0 || file.digest.len == 20 || file.digest.len == 32));
    assert(files.rest.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 26);
    stella_status status;
    assert(arena);
    const uint64_t records =
        probe_input_run(installed_probe, INSTALLED_PATH, stella_sv_of((const char *)data, size), arena, check, &status);
    assert(status == STELLA_OK && records <= size);
    return 0;
}
