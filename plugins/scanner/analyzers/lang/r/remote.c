#include "remote.h"

#include "common/words.h"

/* "api.github.com" is asked for "github.com/...". */
static stella_sv host_of(stella_sv host) {
    const stella_sv api = STELLA_SV("api.");
    if (host.len == 0)
        return STELLA_SV("github.com");
    return stella_sv_starts(host, api)
               ? stella_sv_first(stella_sv_skip(host, api.len), stella_sv_find(stella_sv_skip(host, api.len), '/'))
               : host;
}

void remote_qualify(stella_component *c, const remote *from, stella_arena *scratch) {
    const stella_sv host = host_of(from->host);
    if (word_is_plain(from->username) && word_is_plain(from->repo) && word_is_plain(from->sha) && word_is_plain(host))
        stella_component_qualifier(c, STELLA_SV("vcs_url"),
                                   stella_arena_printf(scratch, "git+https://%.*s/%.*s/%.*s@%.*s", STELLA_SV_FMT(host),
                                                       STELLA_SV_FMT(from->username), STELLA_SV_FMT(from->repo),
                                                       STELLA_SV_FMT(from->sha)));
    else if (from->is_bioconductor)
        stella_component_qualifier(c, STELLA_SV("repository_url"), STELLA_SV("https://bioconductor.org"));
}
