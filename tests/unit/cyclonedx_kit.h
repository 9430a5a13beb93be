/* cyclonedx_kit.h - documents of the emitter that the test is linked with, before validators that are not ours. */
#ifndef TESTS_CYCLONEDX_KIT_H
#define TESTS_CYCLONEDX_KIT_H

#include "emitter_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG_NAME_BYTES 65536

static const char *const cdx_all_versions[] = {"1.5", "1.6", "1.7"};

static inline stella_buf cdx_emit(const stella_bom *bom, const char *version) {
    stella_buf text = stella_buf_of((size_t)256 << 20);
    stella_error err = {0};
    const stella_emission how = {.head = STELLA_HEAD(stella_emission), .version = stella_sv_cstr(version)};
    if (stella_testing_emit_as(&stella_plugin, bom, &how, &text, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    return text;
}

/* The official schemas when they are there; what can be checked without them always is. */
static inline void cdx_assert_valid(const stella_bom *bom, const char *suffix) {
    const char *data = getenv("STELLA_TEST_DATA");
    char schemas[512] = "-";
    if (data)
        snprintf(schemas, sizeof schemas, "%s/schemas/cyclonedx", data);
    struct stat st;
    if (stat(schemas, &st) != 0) {
        print_message("no STELLA_TEST_DATA: validation by the official schemas is skipped\n");
        strcpy(schemas, "-");
    }
    for (uint32_t i = 0; i < STELLA_COUNT(cdx_all_versions); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = cdx_emit(bom, cdx_all_versions[i]);
        char path[64], command[2048];
        snprintf(path, sizeof path, "/tmp/stella-cyclonedx-XXXXXX%s", suffix);
        STELLA_AUTO(stella_fd_closep) int fd = mkstemps(path, (int)strlen(suffix));
        assert_int_equal(write(fd, text.ptr, text.len), (ssize_t)text.len);
        snprintf(command, sizeof command, "python3 %s/tests/check_cyclonedx.py %s %s >&2", STELLA_SOURCE_DIR, schemas,
                 path);
        const int result = system(command);
        unlink(path);
        if (result != 0)
            fail_msg("version %s is not valid", cdx_all_versions[i]);
    }
}

/* Texts as they should not be, in every field that an analyzer sets. */
static inline const stella_bom *cdx_hostile_bom(stella_arena *arena) {
    static const char *const texts[] = {"a\x01\x02\x1f\x7f\tb\nc\rd", "\xff\xfe\xc0\x80\xed\xa0\x80",
                                        "]]>&<\"'>--><!--", "\xef\xbf\xbe\xef\xbf\xbf\xf4\x90\x80\x80", NULL};
    stella_bom *bom = stella_arena_alloc(arena, 1, sizeof *bom);
    const uint32_t count = STELLA_COUNT(texts);
    stella_bom_component *all = stella_arena_alloc(arena, count, sizeof *all);
    stella_bom_license *licenses = stella_arena_alloc(arena, count, sizeof *licenses);
    stella_bom_pair *pairs = stella_arena_alloc(arena, count, sizeof *pairs);
    stella_bom_relation *edges = stella_arena_alloc(arena, count, sizeof *edges);
    char *longest = stella_arena_alloc(arena, LONG_NAME_BYTES, 1);
    assert_true(bom && all && licenses && pairs && edges && longest);
    memset(longest, 'x', LONG_NAME_BYTES);
    *bom = *stella_testing_bom(arena, 0);
    const stella_bom_component *usual = STELLA_AT(bom->components, stella_bom_component, 1);
    for (uint32_t i = 0; i < count; i++) {
        const stella_sv text = texts[i] ? stella_sv_cstr(texts[i]) : stella_sv_of(longest, LONG_NAME_BYTES);
        licenses[i] = (stella_bom_license){.text = text, .how = STELLA_LICENSE_NAME};
        pairs[i] = (stella_bom_pair){.name = text, .value = text};
        edges[i] = (stella_bom_relation){
            .from = i + 1 < count ? i : STELLA_BOM_ROOT, .to = i + 1 < count ? i + 1 : 0, .kind = 1};
        all[i] = *usual;
        all[i].ref = stella_arena_printf(arena, "%u:%.*s", i, STELLA_SV_FMT(text));
        all[i].purl = all[i].homepage = all[i].cpe = STELLA_SV("");
        all[i].name = all[i].version = all[i].kind = all[i].description = all[i].vendor = text;
        all[i].maintainer = all[i].source_name = all[i].source_version = all[i].architecture = text;
        all[i].licenses = (stella_list){.items = &licenses[i], .count = 1, .stride = sizeof *licenses};
        all[i].properties = (stella_list){.items = &pairs[i], .count = 1, .stride = sizeof *pairs};
    }
    bom->subject_name = stella_sv_cstr(texts[0]);
    bom->distro_name = stella_sv_cstr(texts[1]);
    bom->components = (stella_list){.items = all, .count = count, .stride = sizeof *all};
    bom->relations = (stella_list){.items = edges, .count = count, .stride = sizeof *edges};
    return bom;
}

static inline void every_version_is_valid(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    cdx_assert_valid(stella_testing_bom(arena, 0), CDX_SUFFIX);
}

static inline void texts_as_they_should_not_be_make_valid_documents(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    cdx_assert_valid(cdx_hostile_bom(arena), CDX_SUFFIX);
}

static inline void an_empty_result_is_a_valid_document(void **state) {
    (void)state;
    const stella_bom empty = {.head = STELLA_HEAD(stella_bom),
                              .tool_name = STELLA_SV("stella"),
                              .tool_version = STELLA_SV("0"),
                              .subject_kind = STELLA_SV("directory"),
                              .created_ms = 0};
    cdx_assert_valid(&empty, CDX_SUFFIX);
}

static inline stella_status refuse(void *self, stella_sv bytes, stella_error *err) {
    (void)self, (void)bytes;
    return stella_error_set(err, STELLA_E_IO, NULL, "no space");
}

static inline void says_when_the_sink_fails(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_emitter *emitter = stella_plugin.get_interface(STELLA_EMITTER_INTERFACE);
    const stella_sink sink = {.head = STELLA_HEAD(stella_sink), .write = refuse};
    const stella_emission out = {
        .head = STELLA_HEAD(stella_emission), .sink = &sink, .arena = arena, .version = STELLA_SV("1.7")};
    stella_error err = {0};
    assert_int_equal(emitter->emit(NULL, stella_testing_bom(arena, 0), &out, &err), STELLA_E_IO);
    assert_string_equal(err.message, "no space");
}

#define CDX_TESTS                                                                                                      \
    cmocka_unit_test(every_version_is_valid), cmocka_unit_test(texts_as_they_should_not_be_make_valid_documents),      \
        cmocka_unit_test(an_empty_result_is_a_valid_document), cmocka_unit_test(says_when_the_sink_fails)

#endif
