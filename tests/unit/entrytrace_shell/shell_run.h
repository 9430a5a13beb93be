/* shell_run.h - follows one script in a tree of a few files, and tells what it starts. */
#ifndef TESTS_SHELL_RUN_H
#define TESTS_SHELL_RUN_H

#include "check.h"
#include "scratch_root.h"

#include <stella/auto.h>
#include <stella/entrytrace.h>
#include <stella/json.h>
#include <stella/testing.h>

#include <stdio.h>

/* A program that is there and may be run. */
static inline void put_program(const scratch_root *root, const char *path, const char *text) {
    char full[512];
    scratch_write(root, path, stella_sv_cstr(text));
    snprintf(full, sizeof full, "%s/%s", root->path, path);
    assert_int_equal(chmod(full, 0755), 0);
}

static inline void put_directory(const scratch_root *root, const char *path) {
    char full[512];
    snprintf(full, sizeof full, "%s/%s/", root->path, path);
    scratch_make_parents(full);
}

typedef struct shell_call_of {
    const char *words[12]; /* "?WORD": not known; "*WORD": any number of words */
    const char *env[12];   /* NAME, VALUE, ... in the order of the names */
    const char *user;
} shell_call_of;

/* The document of a hop; the caller frees it with stella_buf_fini. */
static inline stella_buf hop_of(const scratch_root *root, const shell_call_of *call) {
    stella_word words[12];
    stella_variable env[6];
    uint32_t count = 0, variables = 0;
    for (; count < 12 && call->words[count]; count++) {
        const char *text = call->words[count];
        words[count] = (stella_word){.text = stella_sv_cstr(text[0] == '?' || text[0] == '*' ? text + 1 : text)};
        words[count].flags = text[0] == '?'   ? STELLA_WORD_UNKNOWN
                             : text[0] == '*' ? STELLA_WORD_UNKNOWN | STELLA_WORD_MANY
                                              : 0;
    }
    for (; variables < 6 && call->env[2 * variables]; variables++)
        env[variables] = (stella_variable){.name = stella_sv_cstr(call->env[2 * variables]),
                                           .value = {.text = stella_sv_cstr(call->env[2 * variables + 1])}};
    const stella_launch launch = {.struct_size = sizeof launch,
                                  .args = words,
                                  .arg_count = count,
                                  .env = env,
                                  .env_count = variables,
                                  .directory = STELLA_SV("/"),
                                  .user = stella_sv_cstr(call->user)};
    const char *const layers[] = {root->path};
    const stella_testing_options options = {.struct_size = sizeof options, .layers = layers, .layer_count = 1};
    stella_buf text = stella_buf_of((size_t)16 << 20);
    stella_error err = {0};
    const stella_status status = stella_testing_hop(&stella_plugin, &options, &launch, &text, &err);
    if (status != STELLA_OK)
        fail_msg("%d %s: %s", status, err.path, err.message);
    return text;
}

static inline void add_words(stella_buf *out, const stella_json *args) {
    for (uint32_t i = 0; stella_json_at(args, i); i++) {
        const stella_json *word = stella_json_at(args, i), *many = stella_json_get(word, "words");
        const stella_sv unknown = stella_json_str(many ? many : stella_json_get(word, "unknown"));
        if (stella_json_is(word, STELLA_JSON_STRING))
            stella_buf_printf(out, " %.*s", STELLA_SV_FMT(stella_json_str(word)));
        else
            stella_buf_printf(out, " %c%.*s", many ? '*' : '?', STELLA_SV_FMT(unknown));
    }
}

/* What a hop says, one a line: "main exec: gosu postgres postgres", "run? command: initdb", "include: etc/x",
 * "unknown: missing-file /x". */
static inline stella_buf lines_of(const stella_buf *document) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)64 << 20);
    stella_buf out = stella_buf_of((size_t)1 << 20);
    const stella_json *root = NULL;
    assert_int_equal(stella_json_parse(stella_buf_sv(document), arena, &root, NULL), STELLA_OK);
    const stella_json *says = stella_json_get(root, "says");
    for (uint32_t i = 0; stella_json_at(says, i); i++) {
        const stella_json *one = stella_json_at(says, i);
        const stella_sv what = stella_json_str(stella_json_get(one, "says"));
        if (stella_sv_eq(what, STELLA_SV("step"))) {
            stella_buf_printf(&out, "%.*s%s %.*s:", STELLA_SV_FMT(stella_json_str(stella_json_get(one, "kind"))),
                              stella_json_get(one, "possible") ? "?" : "",
                              STELLA_SV_FMT(stella_json_str(stella_json_get(one, "relation"))));
            add_words(&out, stella_json_get(one, "args"));
        } else if (stella_sv_eq(what, STELLA_SV("unknown"))) {
            stella_buf_printf(&out, "unknown: %.*s %.*s",
                              STELLA_SV_FMT(stella_json_str(stella_json_get(one, "reason"))),
                              STELLA_SV_FMT(stella_json_str(stella_json_get(one, "detail"))));
        } else if (stella_sv_eq(what, STELLA_SV("include"))) {
            stella_buf_printf(&out, "include: %.*s", STELLA_SV_FMT(stella_json_str(stella_json_get(one, "path"))));
        } else {
            continue;
        }
        stella_buf_printf(&out, "\n");
    }
    return out;
}

/* Follows "bash /entrypoint WORD..." with that text, and expects those lines, without the commands that are helpers. */
static inline void expect_call(const scratch_root *root, const char *script, const shell_call_of *call,
                               const char *expected) {
    put_program(root, "entrypoint", script);
    STELLA_AUTO(stella_buf_fini) stella_buf document = hop_of(root, call);
    STELLA_AUTO(stella_buf_fini) stella_buf lines = lines_of(&document);
    assert_string_equal(lines.len ? lines.ptr : "", expected);
}

#endif
