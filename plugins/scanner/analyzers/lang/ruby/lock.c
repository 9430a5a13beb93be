#include "lock.h"

enum { SECTION_OTHER, SECTION_SOURCE, SECTION_DEPENDENCIES };

lock_reader lock_open(stella_sv text) {
    const stella_sv mark = STELLA_SV("\xef\xbb\xbf");
    return (lock_reader){.rest = stella_sv_starts(text, mark) ? stella_sv_skip(text, mark.len) : text};
}

static void begin_section(lock_reader *r, stella_sv title) {
    static const struct {
        stella_sv title;
        lock_source source;
    } sources[] = {
        {STELLA_SV_INIT("GEM"), LOCK_GEM},
        {STELLA_SV_INIT("GIT"), LOCK_GIT},
        {STELLA_SV_INIT("PATH"), LOCK_PATH},
        {STELLA_SV_INIT("PLUGIN SOURCE"), LOCK_PLUGIN},
    };
    r->section = stella_sv_eq(title, STELLA_SV("DEPENDENCIES")) ? SECTION_DEPENDENCIES : SECTION_OTHER;
    r->remote = r->revision = stella_sv_of(NULL, 0);
    for (uint32_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
        if (stella_sv_eq(title, sources[i].title)) {
            r->section = SECTION_SOURCE;
            r->source = sources[i].source;
        }
}

/* "remote: URL" and "revision: ID"; of several remotes the last one is the first that is asked. */
static void read_option(lock_reader *r, stella_sv text) {
    const stella_sv remote = STELLA_SV("remote: "), revision = STELLA_SV("revision: ");
    if (stella_sv_starts(text, remote))
        r->remote = stella_sv_skip(text, remote.len);
    else if (stella_sv_starts(text, revision))
        r->revision = stella_sv_skip(text, revision.len);
}

/* "name (1.2.0-x86_64-linux)", "name (~> 1.2)", "name!", "name" */
static int read_entry(stella_sv text, int has_version, lock_item *out) {
    const size_t end = stella_sv_find(text, ' ');
    out->name = stella_sv_first(text, end);
    if (stella_sv_ends(out->name, STELLA_SV("!")))
        out->name.len--;
    if (!has_version)
        return out->name.len != 0;
    stella_sv inner = stella_sv_skip(text, end + 1);
    if (inner.len < 3 || inner.ptr[0] != '(' || inner.ptr[inner.len - 1] != ')')
        return 0;
    inner = stella_sv_of(inner.ptr + 1, inner.len - 2);
    const size_t dash = stella_sv_find(inner, '-'); /* versions of gems have none */
    out->version = stella_sv_first(inner, dash);
    out->platform = dash < inner.len ? stella_sv_skip(inner, dash + 1) : stella_sv_of(NULL, 0);
    return out->name.len && out->version.len;
}

static size_t indent_of(stella_sv line) {
    size_t blanks = 0;
    while (blanks < line.len && line.ptr[blanks] == ' ')
        blanks++;
    return blanks;
}

/* Whether the line is an item. */
static int read_line(lock_reader *r, stella_sv line, lock_item *item) {
    const size_t indent = indent_of(line);
    const stella_sv text = stella_sv_trim(line);
    if (text.len == 0)
        return 0;
    if (stella_sv_starts(line, STELLA_SV("<<<<<<<")) || stella_sv_starts(line, STELLA_SV(">>>>>>>")))
        return 1;
    if (indent == 0)
        begin_section(r, text);
    else if (r->section == SECTION_SOURCE && indent == 2)
        read_option(r, text);
    else if (r->section == SECTION_SOURCE) {
        if (read_entry(text, indent == 4, item))
            item->kind = indent == 4 ? LOCK_SPEC : LOCK_NEEDS;
        return 1;
    } else if (r->section == SECTION_DEPENDENCIES) {
        if (read_entry(text, 0, item))
            item->kind = LOCK_DIRECT;
        return 1;
    }
    return 0;
}

int lock_next(lock_reader *r, lock_item *out) {
    stella_sv line;
    while (stella_sv_split(&r->rest, '\n', &line)) {
        lock_item item = {.kind = LOCK_BAD, .line = ++r->line};
        if (!read_line(r, line, &item))
            continue;
        item.source = r->source;
        item.remote = r->remote;
        item.revision = r->revision;
        *out = item;
        return 1;
    }
    return 0;
}
