#include "format.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define LIST_TEXT_MAX 140 /* of an error's message */
#define NAME_SHOWN    32

static int next_emitter(stella_job *job, uint32_t *position, format_choice *out) {
    format_choice found = {.peer = {.struct_size = sizeof found.peer}};
    while (stella_job_peer(job, STELLA_EMITTER_INTERFACE, *position, &found.peer)) {
        ++*position;
        found.emitter = found.peer.interface;
        if (!STELLA_HAS(found.emitter, stella_emitter, emit) || !found.emitter->emit || !found.emitter->format)
            continue;
        *out = found;
        return 1;
    }
    return 0;
}

static const char *const *versions_of(const stella_emitter *emitter) {
    static const char *const none[] = {NULL};
    return STELLA_HAS(emitter, stella_emitter, versions) && emitter->versions ? emitter->versions : none;
}

static stella_status refuse_format(stella_job *job, stella_sv name, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf known = stella_buf_of(LIST_TEXT_MAX);
    format_choice one;
    uint32_t position = 0;
    for (uint32_t i = 0; next_emitter(job, &position, &one); i++)
        stella_buf_printf(&known, "%s%s", i ? ", " : "", one.emitter->format);
    return stella_error_set(err, STELLA_E_INVALID, NULL, "unknown format \"%.*s\"; known are %.*s",
                            STELLA_SV_FMT(stella_sv_first(name, NAME_SHOWN)), STELLA_SV_FMT(stella_buf_sv(&known)));
}

static stella_status refuse_version(const stella_emitter *emitter, stella_sv version, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf known = stella_buf_of(LIST_TEXT_MAX);
    const char *const *versions = versions_of(emitter);
    if (!versions[0])
        return stella_error_set(err, STELLA_E_INVALID, NULL, "the format %s has no versions", emitter->format);
    for (uint32_t i = 0; versions[i]; i++)
        stella_buf_printf(&known, "%s%s", i ? ", " : "", versions[i]);
    return stella_error_set(err, STELLA_E_INVALID, NULL, "%s has no version \"%.*s\"; it has %.*s", emitter->format,
                            STELLA_SV_FMT(stella_sv_first(version, NAME_SHOWN)), STELLA_SV_FMT(stella_buf_sv(&known)));
}

static stella_status choose_version(format_choice *choice, stella_sv wanted, int is_given, stella_error *err) {
    const char *const *versions = versions_of(choice->emitter);
    if (!is_given) {
        choice->version = versions[0] ? stella_sv_cstr(versions[0]) : STELLA_SV("");
        return STELLA_OK;
    }
    for (uint32_t i = 0; versions[i]; i++)
        if (stella_sv_eq(wanted, stella_sv_cstr(versions[i]))) {
            choice->version = stella_sv_cstr(versions[i]);
            return STELLA_OK;
        }
    return refuse_version(choice->emitter, wanted, err);
}

stella_status format_choose(stella_job *job, stella_sv wanted, format_choice *out, stella_error *err) {
    const size_t at = stella_sv_find(wanted, '@');
    const stella_sv name = stella_sv_first(wanted, at);
    format_choice choice;
    uint32_t position = 0;
    while (next_emitter(job, &position, &choice)) {
        if (!stella_sv_eq(stella_sv_cstr(choice.emitter->format), name))
            continue;
        const stella_status status = choose_version(&choice, stella_sv_skip(wanted, at + 1), at < wanted.len, err);
        choice.wants_template =
            STELLA_HAS(choice.emitter, stella_emitter, flags) && choice.emitter->flags & STELLA_EMITTER_TEMPLATE;
        if (status == STELLA_OK)
            *out = choice;
        return status;
    }
    return refuse_format(job, name, err);
}

stella_status formats_check(stella_job *job, const stella_json *request, stella_error *err) {
    const stella_json *formats = stella_json_get(request, "formats");
    const int has_template = stella_json_is(stella_json_get(request, "template"), STELLA_JSON_TRUE);
    int is_taken = 0;
    for (uint32_t i = 0; formats && i < formats->count; i++) {
        format_choice choice = {0};
        const stella_status status = format_choose(job, stella_json_str(stella_json_at(formats, i)), &choice, err);
        if (status != STELLA_OK)
            return status;
        if (choice.wants_template && !has_template)
            return stella_error_set(err, STELLA_E_INVALID, NULL, "the format %s wants --template FILE",
                                    choice.emitter->format);
        is_taken |= choice.wants_template;
    }
    return has_template && !is_taken ? stella_error_set(err, STELLA_E_INVALID, NULL, "no output takes a template")
                                     : STELLA_OK;
}
