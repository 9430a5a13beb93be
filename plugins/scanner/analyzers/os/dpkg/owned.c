#include "owned.h"

#include "interests.h"

#include <stella/cursor.h>

#include <stdlib.h>

#define MD5_DIGITS 32

static stella_status push(owned_reader *r, owned_entry entry) {
    while (entry.path.len && entry.path.ptr[0] == '/')
        entry.path = stella_sv_skip(entry.path, 1);
    if (entry.path.len == 0 || stella_sv_eq(entry.path, STELLA_SV(".")))
        return STELLA_OK;
    if (r->count == r->room) {
        const uint32_t room = r->room ? 2 * r->room : 4096;
        owned_entry *bigger = stella_arena_alloc(r->job->arena, room, sizeof *bigger);
        if (!bigger)
            return STELLA_E_NOMEM;
        if (r->count)
            memcpy(bigger, r->entries, r->count * sizeof *bigger);
        r->entries = bigger;
        r->room = room;
    }
    r->entries[r->count++] = entry;
    return STELLA_OK;
}

static int is_md5(stella_sv text) {
    if (text.len != MD5_DIGITS)
        return 0;
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("0123456789abcdef", text.ptr[i], 16))
            return 0;
    return 1;
}

/* ---- the sources: one function a line of each ----------------------------------------------------------------------
 */

typedef stella_status (*line_reader)(owned_reader *r, stella_sv line);

static stella_status read_list_line(owned_reader *r, stella_sv line) {
    return push(r, (owned_entry){.path = line});
}

/* "<md5>  path"; lines of another form say nothing of a digest. */
static stella_status read_sums_line(owned_reader *r, stella_sv line) {
    const stella_sv digest = stella_sv_first(line, stella_sv_find(line, ' '));
    if (!is_md5(digest))
        return STELLA_OK;
    return push(
        r, (owned_entry){.path = stella_sv_trim(stella_sv_skip(line, digest.len)), .digest = digest, .is_file = 1});
}

/* "/etc/path", or "remove-on-upgrade /etc/path", which is no longer there. */
static stella_status read_conffiles_line(owned_reader *r, stella_sv line) {
    line = stella_sv_trim(line);
    if (line.len == 0 || line.ptr[0] != '/')
        return STELLA_OK;
    return push(r, (owned_entry){.path = line, .flags = STELLA_OWNED_CONFIG, .is_file = 1});
}

/* Of the Conffiles field: "/etc/path <md5>", perhaps with "obsolete" behind; "newconffile" stands for no digest. */
static stella_status read_field_line(owned_reader *r, stella_sv line) {
    line = stella_sv_trim(line);
    const stella_sv path = stella_sv_first(line, stella_sv_find(line, ' '));
    const stella_sv rest = stella_sv_trim(stella_sv_skip(line, path.len));
    const stella_sv digest = stella_sv_first(rest, stella_sv_find(rest, ' '));
    if (path.len == 0 || path.ptr[0] != '/' || stella_sv_ends(rest, STELLA_SV("remove-on-upgrade")))
        return STELLA_OK;
    return push(r, (owned_entry){.path = path,
                                 .digest = is_md5(digest) ? digest : STELLA_SV(""),
                                 .flags = STELLA_OWNED_CONFIG,
                                 .is_file = 1});
}

static stella_status read_lines(owned_reader *r, stella_sv text, line_reader read_line) {
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && stella_cursor_line(&c, &line))
        status = read_line(r, line);
    return status;
}

/* Reads a file. One that is itself a link is not read: a farm of links to one long list would make as many lists of it.
 * What was not kept, because the info directory is behind a link, is wished for and comes with the next call.
 * Returns STELLA_E_NOTFOUND when there is none. */
static stella_status read_file(owned_reader *r, stella_sv path, line_reader read_line) {
    stella_file file = STELLA_FILE_INIT;
    if (!path.ptr)
        return STELLA_E_NOMEM;
    if (stella_view_stat(r->job, path, &file, NULL) != STELLA_OK || file.kind != STELLA_FILE_REGULAR ||
        !stella_sv_eq(file.path, path))
        return STELLA_E_NOTFOUND;
    if (!file.bytes.ptr) {
        const stella_status status = stella_view_read(r->job, path, &file, NULL);
        if (status != STELLA_OK) {
            r->unreadable += status == STELLA_E_PENDING ? 0 : 1;
            return STELLA_E_NOTFOUND;
        }
    }
    return read_lines(r, file.bytes, read_line);
}

void owned_find_info(owned_reader *r) {
    stella_file dir = STELLA_FILE_INIT;
    r->info = stella_view_stat(r->job, STELLA_SV(INFO_DIR), &dir, NULL) == STELLA_OK ? dir.path : STELLA_SV(INFO_DIR);
}

/* A file of the info directory: under name:architecture, else under the name alone. */
static stella_status read_info(owned_reader *r, const package *p, const char *suffix, line_reader read_line) {
    stella_arena *arena = r->job->arena;
    const stella_sv qualified = stella_arena_printf(arena, "%.*s/%.*s:%.*s%s", STELLA_SV_FMT(r->info),
                                                    STELLA_SV_FMT(p->name), STELLA_SV_FMT(p->arch), suffix);
    const stella_status status = read_file(r, qualified, read_line);
    if (status != STELLA_E_NOTFOUND)
        return status;
    return read_file(r,
                     stella_arena_printf(arena, "%.*s/%.*s%s", STELLA_SV_FMT(r->info), STELLA_SV_FMT(p->name), suffix),
                     read_line);
}

static int is_not_fatal(stella_status status) {
    return status == STELLA_OK || status == STELLA_E_NOTFOUND;
}

static stella_status read_sources(owned_reader *r, const package *p) {
    stella_status status;
    if (p->record.interest == INTEREST_STATUS_DIR) {
        status =
            read_file(r, stella_arena_printf(r->job->arena, "%.*s.md5sums", STELLA_SV_FMT(p->path)), read_sums_line);
    } else {
        status = read_info(r, p, ".list", read_list_line);
        if (is_not_fatal(status))
            status = read_info(r, p, ".md5sums", read_sums_line);
        if (is_not_fatal(status))
            status = read_info(r, p, ".conffiles", read_conffiles_line);
    }
    return is_not_fatal(status) ? read_lines(r, p->stanza.values[STANZA_CONFFILES], read_field_line) : status;
}

/* ---- merging -------------------------------------------------------------------------------------------------------
 */

/* Byte order with '/' before all others, so that what lies below a directory follows it at once. */
static int compare_paths(stella_sv a, stella_sv b) {
    const size_t shorter = a.len < b.len ? a.len : b.len;
    size_t i = 0;
    while (i < shorter && a.ptr[i] == b.ptr[i])
        i++;
    if (i == shorter)
        return (a.len > b.len) - (a.len < b.len);
    const int ca = a.ptr[i] == '/' ? -1 : (unsigned char)a.ptr[i], cb = b.ptr[i] == '/' ? -1 : (unsigned char)b.ptr[i];
    return ca - cb;
}

static int compare_entries(const void *x, const void *y) {
    return compare_paths(((const owned_entry *)x)->path, ((const owned_entry *)y)->path);
}

static void merge(owned_reader *r) {
    if (r->count == 0)
        return;
    qsort(r->entries, r->count, sizeof *r->entries, compare_entries);
    uint32_t last = 0;
    for (uint32_t i = 1; i < r->count; i++) {
        owned_entry *have = &r->entries[last];
        const owned_entry *next = &r->entries[i];
        if (!stella_sv_eq(have->path, next->path)) {
            r->entries[++last] = *next;
            continue;
        }
        have->flags |= next->flags;
        have->is_file |= next->is_file;
        if (have->digest.len == 0)
            have->digest = next->digest;
    }
    r->count = last + 1;
}

static stella_sv base_name(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return slash < path.len ? stella_sv_skip(path, slash + 1) : path;
}

/* Whether the last name of the path is a directory in the tree and no link to one. A link is a file that the package
 * owns, also where it leads to a directory ("usr/share/doc/git/contrib/hooks"), but for the aliases of a merged /usr:
 * packages list "/lib" as the directory that it was. */
static int is_directory_in_tree(stella_analysis *job, stella_sv path) {
    stella_file file = STELLA_FILE_INIT, above = STELLA_FILE_INIT;
    if (stella_view_stat(job, path, &file, NULL) != STELLA_OK || file.kind != STELLA_FILE_DIRECTORY ||
        !stella_sv_eq(base_name(file.path), base_name(path)))
        return 0;
    const size_t slash = stella_sv_rfind(path, '/');
    if (slash == path.len)
        return stella_sv_eq(file.path, path) ||
               (stella_sv_starts(file.path, STELLA_SV("usr/")) && file.path.len == path.len + 4);
    return stella_view_stat(job, stella_sv_first(path, slash), &above, NULL) == STELLA_OK &&
           file.path.len == above.path.len + 1 + base_name(path).len && stella_sv_starts(file.path, above.path);
}

static int is_directory(const owned_reader *r, uint32_t i) {
    const owned_entry *e = &r->entries[i];
    if (e->is_file)
        return 0;
    if (i + 1 < r->count) {
        const stella_sv next = r->entries[i + 1].path;
        if (next.len > e->path.len && next.ptr[e->path.len] == '/' && stella_sv_starts(next, e->path))
            return 1;
    }
    return is_directory_in_tree(r->job, e->path);
}

stella_status owned_add(owned_reader *r, const package *p, stella_error *err) {
    r->count = 0;
    const stella_status status = read_sources(r, p);
    if (status != STELLA_OK)
        return stella_error_at(err, status, p->path, "no memory for the files of a package");
    merge(r);
    for (uint32_t i = 0; i < r->count; i++) {
        const owned_entry *e = &r->entries[i];
        if (is_directory(r, i))
            continue;
        const stella_owned owned = {.struct_size = sizeof owned,
                                    .flags = e->flags,
                                    .path = diversions_apply(r->diverted, p->name, e->path),
                                    .digest_alg = e->digest.len ? STELLA_SV("md5") : STELLA_SV(""),
                                    .digest = e->digest};
        stella_component_owns(p->component, &owned);
    }
    return STELLA_OK;
}
