/* reader_run.h - what every reader of SBOM documents is held to. A test program defines READER, the folder of its seeds
 * below tests/fuzz/seeds without "read_", before it includes this, and links one reader.
 * Seeds: "whole", every member the reader knows; "odd", members of the wrong kind; "other", what is malformed. */
#ifndef TESTS_READER_RUN_H
#define TESTS_READER_RUN_H

#include "check.h"
#include "data.h"

#include <stella/auto.h>
#include <stella/testing.h>

static inline stella_sv reader_seed(const char *name, stella_arena *arena) {
    char path[512];
    snprintf(path, sizeof path, STELLA_SOURCE_DIR "/tests/fuzz/seeds/read_" READER "/%s", name);
    const stella_sv document = data_read(path, arena);
    assert_non_null(document.ptr);
    return document;
}

static inline stella_status reader_read_seed(const char *name, stella_buf *text, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    return stella_testing_read(&stella_plugin, reader_seed(name, arena), text, err);
}

static inline void reads_what_the_document_says(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    if (reader_read_seed("whole", &text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    assert_true(stella_testing_golden(STELLA_SOURCE_DIR "/tests/golden/readers/" READER ".txt", stella_buf_sv(&text)));
}

/* What is left of the document is told: left is part of it. */
static inline void reader_passes_over_members(const char *left) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    if (reader_read_seed("odd", &text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    assert_non_null(memmem(text.ptr, text.len, left, strlen(left)));
}

static inline void another_document_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    assert_int_equal(reader_read_seed("other", &text, &err), STELLA_E_FORMAT);
    assert_int_equal(text.len, 0);
    assert_int_equal(stella_testing_read(&stella_plugin, STELLA_SV("{}"), &text, &err), STELLA_E_UNSUPPORTED);
}

static inline void short_memory_is_told(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    uint64_t runs = 0;
    stella_error err = {0};
    if (stella_testing_read_fail_each(&stella_plugin, reader_seed("whole", arena), &runs, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    assert_true(runs >= 10);
}

/* Every beginning of the document is refused with a reason and says nothing, but for those that only lack blanks.
 * is_closed  0: the format has no end of its own, so beginnings may be read */
static inline void reader_refuses_beginnings(int is_closed) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv whole = stella_sv_trim(reader_seed("whole", arena));
    for (size_t len = 0; len < whole.len; len++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
        char *copy = malloc(len ? len : 1); /* of the exact size, so that a sanitizer sees one byte too far */
        stella_error err = {0};
        assert_non_null(copy);
        memcpy(copy, whole.ptr, len);
        const stella_status status = stella_testing_read(&stella_plugin, stella_sv_of(copy, len), &text, &err);
        free(copy);
        if (status == STELLA_OK && is_closed)
            fail_msg("the first %zu bytes are taken for the whole", len);
        if (status != STELLA_OK) {
            assert_true(err.message[0] && text.len == 0);
            assert_true(status == STELLA_E_FORMAT || status == STELLA_E_UNSUPPORTED);
        }
    }
}

/* Fails unless the document is refused like that, and nothing of it is said. */
static inline void reader_refuses(stella_sv document, stella_status wanted) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_error err = {0};
    const stella_status status = stella_testing_read(&stella_plugin, document, &text, &err);
    if (status != wanted)
        fail_msg("%s instead of %s: %.*s", stella_status_name(status), stella_status_name(wanted),
                 STELLA_SV_FMT(stella_sv_first(document, 200)));
    assert_true(err.message[0] && text.len == 0);
}

/* begin, so many times open, and nothing to close them. */
static inline void reader_refuses_depth(const char *begin, const char *open, uint32_t depth, stella_status wanted) {
    STELLA_AUTO(stella_buf_fini) stella_buf document = stella_buf_of((size_t)64 << 20);
    assert_int_equal(stella_buf_add(&document, stella_sv_cstr(begin)), STELLA_OK);
    for (uint32_t i = 0; i < depth; i++)
        assert_int_equal(stella_buf_add(&document, stella_sv_cstr(open)), STELLA_OK);
    reader_refuses(stella_buf_sv(&document), wanted);
}

/* begin, so many times item with its number for each '#', then end: all are read. A comma that begins the item is left out of the
 * first, unless an item stands before it. said is in one line for each. */
static inline void reader_reads_many(const char *begin, const char *item, const char *end, uint32_t count,
                                     const char *said) {
    STELLA_AUTO(stella_buf_fini) stella_buf document = stella_buf_of((size_t)64 << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of((size_t)1 << 30);
    stella_error err = {0};
    stella_buf_add(&document, stella_sv_cstr(begin));
    for (uint32_t i = 0; i < count; i++)
        for (const char *at = item; *at; at++)
            if (*at == '#')
                stella_buf_printf(&document, "%u", i);
            else if (at != item || *at != ',' || i || begin[strlen(begin) - 1] == '}')
                stella_buf_u8(&document, (uint8_t)*at);
    assert_int_equal(stella_buf_add(&document, stella_sv_cstr(end)), STELLA_OK);
    if (stella_testing_read(&stella_plugin, stella_buf_sv(&document), &text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    uint32_t found = 0;
    for (stella_sv rest = stella_buf_sv(&text), line; stella_sv_split(&rest, '\n', &line);)
        found += memmem(line.ptr, line.len, said, strlen(said)) != NULL;
    assert_int_equal(found, count);
}

#endif
