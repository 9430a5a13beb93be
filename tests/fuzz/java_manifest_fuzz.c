/* A manifest, and what an archive is by it; the same bytes as pom.properties. Texts are sound. */
#include "java/identity.h"
#include "java/properties.h"
#include "java/words.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_sv text = stella_sv_of((const char *)data, size);
    manifest m;
    if (!arena)
        return 0;
    const pom_properties p = pom_properties_parse(text);
    assert(p.group.len + p.name.len + p.version.len <= size);
    const java_file_name file = java_file_name_of(stella_sv_first(text, 100));
    assert(file.name.len + file.version.len <= file.stem.len);
    if (manifest_parse(text, arena, &m, NULL) != STELLA_OK)
        return 0;
    for (int i = 0; i < MANIFEST_KEYS; i++)
        assert(stella_sv_utf8_prefix(m.values[i]) == m.values[i].len);
    const artifact a = identity_of_manifest(&file, &m);
    assert(a.texts[ARTIFACT_NAME].len == 0 || java_is_word(a.texts[ARTIFACT_NAME]));
    assert(a.texts[ARTIFACT_VERSION].len == 0 || java_is_word(a.texts[ARTIFACT_VERSION]));
    assert(a.texts[ARTIFACT_GROUP].len == 0 || java_is_group(a.texts[ARTIFACT_GROUP]));
    return 0;
}
