#include "common/subject.h"

#include <stella/purl.h>

/* Splits "registry.example.org/team/app:1.2@sha256:..." into repository and tag. */
static stella_sv take_tag(stella_sv *name) {
    *name = stella_sv_first(*name, stella_sv_find(*name, '@'));
    const size_t colon = stella_sv_rfind(*name, ':');
    stella_sv tag = stella_sv_skip(*name, colon + 1);
    if (colon == name->len || stella_sv_find(tag, '/') != tag.len) /* a registry's port */
        return STELLA_SV("");
    *name = stella_sv_first(*name, colon);
    return tag;
}

stella_status subject_purl(const stella_bom *bom, stella_arena *arena, stella_sv *out, stella_error *err) {
    stella_sv repository = bom->subject_name;
    const stella_sv tag = take_tag(&repository);
    const size_t slash = stella_sv_rfind(repository, '/');
    const int has_registry = slash < repository.len;
    const stella_sv name = has_registry ? stella_sv_skip(repository, slash + 1) : repository;
    const int is_named = name.len && (has_registry || tag.len);
    if (!stella_sv_eq(bom->subject_kind, STELLA_SV("image")) || !is_named || bom->subject_digest.len == 0)
        return STELLA_OK;
    const stella_purl purl = {
        .type = STELLA_SV("oci"),
        .name = name,
        .version = bom->subject_digest,
        .qualifier_count = 3,
        .qualifiers = {{.key = STELLA_SV("arch"), .value = bom->architecture},
                       {.key = STELLA_SV("repository_url"), .value = has_registry ? repository : STELLA_SV("")},
                       {.key = STELLA_SV("tag"), .value = tag}},
    };
    const stella_status status = stella_purl_build(&purl, arena, out, err);
    return status == STELLA_E_NOMEM ? status : STELLA_OK; /* a name that no package URL can hold is no error */
}
