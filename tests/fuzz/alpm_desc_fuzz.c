/* A desc file, lines of an mtree, and versions: records can be read back, paths keep to their limit, versions have an
 * order. */
#include "plugins/scanner/analyzers/os/alpm/desc.h"
#include "plugins/scanner/analyzers/os/alpm/mtree.h"
#include "plugins/scanner/analyzers/os/alpm/version.h"

#include "common/fields.h"
#include "probe_input.h"

static void check(const stella_record *record) {
    stella_sv fields[DESC_FIELDS];
    uint32_t line;
    assert(fields_decode(record->bytes, DESC_FIELDS, &line, fields, NULL) == STELLA_OK);
    assert(fields[DESC_NAME].len && fields[DESC_VERSION].len);
}

static void read_mtree(stella_sv text) {
    char path[FILES_PATH_MAX];
    mtree reader = {0};
    mtree_entry entry;
    stella_sv line, last = {0};
    while (stella_sv_split(&text, '\n', &line)) {
        if (mtree_read(&reader, line, path, &entry))
            assert(entry.path.len && entry.path.len <= FILES_PATH_MAX &&
                   (entry.sha256.len == 0 || entry.sha256.len == SHA256_DIGITS));
        assert(alpm_version_compare(line, line) == 0);
        (void)alpm_version_compare(line, last);
        last = line;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv text = stella_sv_of((const char *)data, size);
    stella_status status;
    assert(probe_input_run(desc_probe, DESC_DIR "/a/desc", text, NULL, check, &status) <= 1);
    assert(status == STELLA_OK);
    read_mtree(text);
    return 0;
}
