#include "status.h"

#include <stddef.h>

static const struct {
    stella_sv key;
    size_t offset;
} fields[] = {
    {STELLA_SV_INIT("Package"), offsetof(status_paragraph, package)},
    {STELLA_SV_INIT("Version"), offsetof(status_paragraph, version)},
    {STELLA_SV_INIT("Port-Version"), offsetof(status_paragraph, port_version)},
    {STELLA_SV_INIT("Architecture"), offsetof(status_paragraph, triplet)},
    {STELLA_SV_INIT("Depends"), offsetof(status_paragraph, depends)},
    {STELLA_SV_INIT("Feature"), offsetof(status_paragraph, feature)},
    {STELLA_SV_INIT("Status"), offsetof(status_paragraph, status)},
    {STELLA_SV_INIT("Description"), offsetof(status_paragraph, description)},
};

static void take_line(status_paragraph *p, stella_sv line) {
    const size_t colon = stella_sv_find(line, ':');
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        stella_sv *value = (void *)((char *)p + fields[i].offset);
        if (stella_sv_eq(stella_sv_first(line, colon), fields[i].key))
            *value = stella_sv_trim(stella_sv_skip(line, colon + 1));
    }
}

int status_next(status_reader *r, status_paragraph *out) {
    status_paragraph p = {.line = 0};
    stella_sv line;
    while (r->rest.ptr && stella_sv_split(&r->rest, '\n', &line)) {
        r->line++;
        if (stella_sv_trim(line).len) {
            p.line = p.line ? p.line : r->line;
            take_line(&p, line);
            if (r->rest.ptr)
                continue;
        }
        if (p.package.len)
            break;
        p = (status_paragraph){.line = 0};
    }
    if (p.package.len)
        *out = p;
    return p.package.len != 0;
}
