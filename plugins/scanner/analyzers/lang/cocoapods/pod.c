#include "pod.h"

pod pod_read(stella_sv text) {
    text = stella_sv_trim(text);
    const size_t blank = stella_sv_find(text, ' ');
    const stella_sv full = stella_sv_first(text, blank), rest = stella_sv_trim(stella_sv_skip(text, blank));
    const size_t slash = stella_sv_find(full, '/');
    const int is_bracketed = rest.len > 2 && rest.ptr[0] == '(' && rest.ptr[rest.len - 1] == ')';
    return (pod){.full = full,
                 .name = stella_sv_first(full, slash),
                 .subspec = stella_sv_skip(full, slash + 1),
                 .version = is_bracketed ? stella_sv_of(rest.ptr + 1, rest.len - 2) : stella_sv_of(NULL, 0)};
}
