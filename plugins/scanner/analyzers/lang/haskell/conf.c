#include "conf.h"

#include <stddef.h>

static const struct {
    stella_sv name;
    size_t offset;
} fields[] = {
    {STELLA_SV_INIT("name"), offsetof(conf, name)},
    {STELLA_SV_INIT("version"), offsetof(conf, version)},
    {STELLA_SV_INIT("id"), offsetof(conf, id)},
    {STELLA_SV_INIT("license"), offsetof(conf, license)},
    {STELLA_SV_INIT("maintainer"), offsetof(conf, maintainer)},
    {STELLA_SV_INIT("homepage"), offsetof(conf, homepage)},
    {STELLA_SV_INIT("synopsis"), offsetof(conf, synopsis)},
    {STELLA_SV_INIT("depends"), offsetof(conf, depends)},
};

static stella_sv *field_at(conf *c, size_t i) {
    return (stella_sv *)(void *)((char *)c + fields[i].offset);
}

static stella_sv *field_of(conf *c, stella_sv key) {
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (stella_sv_ieq(key, fields[i].name))
            return field_at(c, i);
    return NULL;
}

conf conf_read(stella_sv text) {
    conf c = {.line = 0};
    stella_sv *open = NULL, line;
    for (uint32_t number = 1; stella_sv_split(&text, '\n', &line); number++) {
        const int is_continued = line.len == 0 || line.ptr[0] == ' ' || line.ptr[0] == '\t' || line.ptr[0] == '\r';
        const size_t colon = stella_sv_find(line, ':');
        if (is_continued) {
            if (open && line.len)
                open->len = (size_t)(line.ptr + line.len - open->ptr);
            continue;
        }
        open = colon < line.len ? field_of(&c, stella_sv_first(line, colon)) : NULL;
        if (open)
            *open = stella_sv_skip(line, colon + 1);
        if (open == &c.name)
            c.line = number;
    }
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        stella_sv *value = field_at(&c, i);
        *value = stella_sv_trim(*value);
    }
    return c;
}
