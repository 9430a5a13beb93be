/* diff_kit.h - results made of short lines, and comparisons told as lines. */
#ifndef TESTS_SCANNER_ENGINE_DIFF_KIT_H
#define TESTS_SCANNER_ENGINE_DIFF_KIT_H

#include "check.h"
#include "plugins/scanner/engine/diff_write.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdio.h>

/* One component: what is NULL is left out. */
typedef struct kit_component {
    const char *type, *namespace_, *name, *version, *arch, *path, *license;
    int layer;
    int is_used;
} kit_component;

static inline void kit_member(stella_json_writer *w, const char *key, const char *text) {
    if (text)
        stella_json_member_str(w, key, stella_sv_cstr(text));
}

static inline void kit_write(stella_json_writer *w, const kit_component *c) {
    char ref[256];
    (void)snprintf(ref, sizeof ref, "pkg:%s/%s/%s@%s?arch=%s", c->type, c->namespace_ ? c->namespace_ : "", c->name,
                   c->version ? c->version : "", c->arch ? c->arch : "");
    stella_json_begin_object(w);
    kit_member(w, "ref", ref);
    kit_member(w, "purl", strcmp(c->type, "bin") != 0 ? ref : NULL);
    kit_member(w, "type", c->type);
    kit_member(w, "namespace", c->namespace_);
    kit_member(w, "name", c->name);
    kit_member(w, "version", c->version);
    kit_member(w, "architecture", c->arch);
    stella_json_member_u64(w, "introducedLayer", (uint64_t)c->layer);
    stella_json_member_array(w, "usedByEntrypoint");
    if (c->is_used)
        stella_json_write_u64(w, 0);
    stella_json_end_array(w);
    stella_json_member_array(w, "licenses");
    stella_json_begin_object(w);
    kit_member(w, "expression", c->license ? c->license : "MIT");
    stella_json_end_object(w);
    stella_json_end_array(w);
    stella_json_member_array(w, "evidence");
    stella_json_begin_object(w);
    kit_member(w, "path", c->path ? c->path : "var/lib/dpkg/status");
    stella_json_end_object(w);
    stella_json_end_array(w);
    stella_json_end_object(w);
}

/* layers  their diff ids, one character each: "abc" */
static inline stella_sv kit_document(stella_arena *arena, const char *layers, const kit_component *all, size_t count) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(16u << 20);
    const stella_sink sink = stella_buf_sink(&buf);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    kit_member(&w, "schema", "https://stella-ops.org/schema/result/0");
    stella_json_member_object(&w, "subject");
    kit_member(&w, "kind", "image");
    kit_member(&w, "name", "app");
    stella_json_end_object(&w);
    stella_json_member_array(&w, "layers");
    for (; *layers; layers++) {
        stella_json_begin_object(&w);
        stella_json_member_str(&w, "diffId", stella_sv_of(layers, 1));
        kit_member(&w, "createdBy", "RUN  make");
        stella_json_end_object(&w);
    }
    stella_json_end_array(&w);
    stella_json_member_array(&w, "entrypoints");
    stella_json_begin_object(&w);
    kit_member(&w, "launcher", "/app");
    stella_json_end_object(&w);
    stella_json_end_array(&w);
    stella_json_member_array(&w, "components");
    for (size_t i = 0; i < count; i++)
        kit_write(&w, &all[i]);
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    assert_int_equal(stella_json_finish(&w, NULL), STELLA_OK);
    const stella_sv copy = stella_arena_dup(arena, stella_buf_sv(&buf));
    assert_non_null(copy.ptr);
    return copy;
}

static inline void kit_read(stella_arena *arena, stella_sv document, diff_side *out) {
    stella_error err = {0};
    if (diff_read(document, arena, out, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
}

#define KIT_LINE(...) (void)stella_buf_printf(out, __VA_ARGS__)

static inline void kit_tell_end(stella_buf *out, const diff_component *c) {
    if (c)
        KIT_LINE(" %.*s@%.*s", STELLA_SV_FMT(c->name), STELLA_SV_FMT(c->version));
    else
        KIT_LINE(" -");
}

/* "versionChanged old@1 new@2 fields=licenses group=new:1 removal=2:1-2": one a line. */
static inline void kit_tell(const diff_result *r, stella_buf *out) {
    for (uint32_t i = 0; i < r->change_count; i++) {
        const diff_change *c = &r->changes[i];
        KIT_LINE("%s", diff_kind_name(c->kind));
        kit_tell_end(out, c->old);
        kit_tell_end(out, c->new);
        for (uint32_t f = 0; f < DIFF_FIELDS; f++)
            if (c->fields >> f & 1)
                KIT_LINE(" %s", diff_field_name(f));
        KIT_LINE(" %s:%d", c->group.is_old ? "old" : "new", (int)c->group.layer);
        if (c->removal.fate == DIFF_FATE_DROPPED)
            KIT_LINE(" dropped");
        if (c->removal.fate == DIFF_FATE_REMOVED)
            KIT_LINE(" by %u-%u", c->removal.first, c->removal.last);
        KIT_LINE("\n");
    }
    stella_buf_add(out, STELLA_SV(""));
}

#endif
