#include "uses.h"

int uses_parse(stella_sv text, uses *out) {
    text = stella_sv_trim(text);
    const size_t at = stella_sv_find(text, '@');
    stella_sv path = stella_sv_first(text, at);
    uses found = {.reference = stella_sv_skip(text, at + 1)};
    if (stella_sv_starts(text, STELLA_SV(".")) || stella_sv_starts(text, STELLA_SV("docker://")) ||
        found.reference.len == 0 || !stella_sv_split(&path, '/', &found.owner) || !path.ptr ||
        !stella_sv_split(&path, '/', &found.repository))
        return 0;
    if (path.ptr)
        found.folder = path;
    if (found.owner.len == 0 || found.repository.len == 0)
        return 0;
    *out = found;
    return 1;
}
