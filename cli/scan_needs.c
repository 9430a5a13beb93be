#include "cli/scan_needs.h"

#include <stella/file.h>

#define EMITTER "org.stella-ops.emitter."
#define SOURCE  "org.stella-ops.source."

/* What comes with stella. Whoever asks for another format or scheme gets the list of all that there are. */
static const char *const formats[] = {
    "bom-index", "cyclonedx-json", "cyclonedx-protobuf", "cyclonedx-xml",  "entrytrace", "explain", "json",
    "purls",     "spdx3-json",     "spdx-json",          "spdx-tag-value", "table",      "template"};
static const char *const schemes[] = {"dir",  "docker-archive", "oci-layout", "oci-archive", "file",
                                      "sbom", "sboms",          "tar",        "containerd"};

static int is_one_of(stella_sv word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (stella_sv_eq(word, stella_sv_cstr(words[i])))
            return 1;
    return 0;
}

static stella_sv scheme_of(const scan_plan *plan) {
    const stella_sv target = stella_sv_cstr(plan->scan.target);
    const size_t colon = stella_sv_find(target, ':');
    return stella_sv_first(target, colon < target.len ? colon : 0);
}

static int is_scheme(const scan_plan *plan, const char *scheme) {
    return stella_sv_eq(scheme_of(plan), stella_sv_cstr(scheme));
}

/* Without the version that may follow it. */
static stella_sv format_of(const output *o) {
    const stella_sv format = stella_sv_cstr(o->format);
    return stella_sv_first(format, stella_sv_find(format, '@'));
}

static int needs_format(const scan_plan *plan, stella_sv format) {
    if (!is_one_of(format, formats, STELLA_COUNT(formats)))
        return 1;
    for (uint32_t i = 0; i < plan->output_count; i++) {
        const stella_sv asked = format_of(&plan->outputs[i]);
        if (stella_sv_eq(asked, format) || !is_one_of(asked, formats, STELLA_COUNT(formats)))
            return 1;
    }
    return 0;
}

static int needs_source(const scan_plan *plan, stella_sv scheme) {
    const stella_sv asked = scheme_of(plan);
    return stella_sv_eq(asked, scheme) || !is_one_of(asked, schemes, STELLA_COUNT(schemes)) ||
           !is_one_of(scheme, schemes, STELLA_COUNT(schemes));
}

static int is_all(const plugin_manifest *m, stella_sv kind) {
    for (uint32_t i = 0; i < m->provides_count; i++)
        if (!stella_sv_eq(plugin_interface_kind(m->provides[i]), kind))
            return 0;
    return m->provides_count > 0;
}

/* Directories and files say nothing of a process, so what would be run is asked for or not known. */
static int needs_tracers(const scan_plan *plan) {
    const int is_plain = is_scheme(plan, "dir") || is_scheme(plan, "file") || is_scheme(plan, "tar");
    return !is_plain || plan->process.len > 0;
}

int scan_needs(const void *self, const plugin_manifest *m) {
    const scan_plan *plan = self;
    const stella_sv id = stella_sv_cstr(m->id);
    if (m->role != PLUGIN_ROLE_SCAN)
        return m->role == PLUGIN_ROLE_CONNECT; /* a scan has hosts of these two */
    if (is_all(m, STELLA_SV("stella.emitter")) && stella_sv_starts(id, STELLA_SV(EMITTER)))
        return needs_format(plan, stella_sv_skip(id, strlen(EMITTER)));
    if (is_all(m, STELLA_SV("stella.source")) && stella_sv_starts(id, STELLA_SV(SOURCE)))
        return needs_source(plan, stella_sv_skip(id, strlen(SOURCE)));
    if (is_all(m, STELLA_SV("stella.reader")))
        return is_scheme(plan, "sbom") || is_scheme(plan, "sboms");
    return !is_all(m, STELLA_SV("stella.entrytrace")) || needs_tracers(plan);
}
