/* requirements.txt (https://pip.pypa.io/en/stable/reference/requirements-file-format/): what is pinned with == is declared;
 * -r is followed; constraints (-c), options and URLs name nothing that is sure to be installed. */
#include "lock.h"
#include "name.h"
#include "places.h"
#include "record.h"
#include "requirement.h"

#include <stella/sink.h>

#define INCLUDE_DEPTH_MAX 8
#define LINE_MAX          (64u << 10)

/* ---- text: UTF-8, or UTF-16 with a byte order mark -------------------------------------------------------------------
 */

static size_t put_utf8(char *out, uint32_t code) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(lead[extra] | code >> 6 * extra);
    for (size_t i = 1; i <= extra; i++)
        out[i] = (char)(0x80 | (code >> 6 * (extra - i) & 0x3f));
    return extra + 1;
}

static uint32_t unit_at(stella_sv text, size_t at, int is_big) {
    const unsigned char *b = (const unsigned char *)text.ptr + at;
    return is_big ? (uint32_t)b[0] << 8 | b[1] : (uint32_t)b[1] << 8 | b[0];
}

/* Half of a surrogate pair becomes '?': no name holds one. ptr NULL when the arena is spent. */
static stella_sv from_utf16(stella_sv text, int is_big, stella_arena *arena) {
    char *out = stella_arena_alloc(arena, text.len / 2 + 1, 3);
    size_t len = 0;
    if (!out)
        return stella_sv_of(NULL, 0);
    for (size_t at = 0; at + 1 < text.len; at += 2) {
        uint32_t code = unit_at(text, at, is_big);
        if (code >= 0xd800 && code < 0xdc00 && at + 3 < text.len) {
            const uint32_t low = unit_at(text, at + 2, is_big);
            if (low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00));
                at += 2;
            }
        }
        len += put_utf8(out + len, code >= 0xd800 && code < 0xe000 ? '?' : code);
    }
    return stella_sv_of(out, len);
}

static stella_sv decode(stella_sv bytes, stella_arena *arena) {
    if (stella_sv_starts(bytes, STELLA_SV("\xef\xbb\xbf")))
        return stella_sv_skip(bytes, 3);
    if (stella_sv_starts(bytes, STELLA_SV("\xff\xfe")))
        return from_utf16(stella_sv_skip(bytes, 2), 0, arena);
    if (stella_sv_starts(bytes, STELLA_SV("\xfe\xff")))
        return from_utf16(stella_sv_skip(bytes, 2), 1, arena);
    return bytes.ptr ? bytes : stella_sv_of("", 0);
}

/* ---- lines ----------------------------------------------------------------------------------------------------------
 */

/* A '#' at the front or behind a blank begins a comment. */
static stella_sv without_comment(stella_sv line) {
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] == '#' && (i == 0 || line.ptr[i - 1] == ' ' || line.ptr[i - 1] == '\t'))
            return stella_sv_first(line, i);
    return line;
}

/* Options of the requirement itself, "--hash=...", end it. */
static stella_sv without_options(stella_sv line) {
    for (size_t i = 0; i + 2 < line.len; i++)
        if ((line.ptr[i] == ' ' || line.ptr[i] == '\t') && line.ptr[i + 1] == '-' && line.ptr[i + 2] == '-')
            return stella_sv_first(line, i);
    return line;
}

struct requirements {
    stella_analysis *job;
    const stella_file *file;
    const requirements *parent;
    uint32_t depth;
    uint32_t *includes;
};

/* "-r x", "-rx", "--requirement x", "--requirement=x". Empty for other options. */
static stella_sv included(stella_sv line) {
    if (stella_sv_starts(line, STELLA_SV("--requirement")))
        line = stella_sv_trim(stella_sv_skip(line, 13));
    else if (stella_sv_starts(line, STELLA_SV("-r")))
        line = stella_sv_trim(stella_sv_skip(line, 2));
    else
        return stella_sv_of("", 0);
    return stella_sv_starts(line, STELLA_SV("=")) ? stella_sv_trim(stella_sv_skip(line, 1)) : line;
}

static int is_open(const requirements *r, stella_sv path) {
    for (; r; r = r->parent)
        if (stella_sv_eq(r->file->path, path))
            return 1;
    return 0;
}

int requirements_is_name(stella_sv path) {
    static const stella_sv names[] = {STELLA_SV_INIT("requirements-dev.txt"), STELLA_SV_INIT("requirements_dev.txt"),
                                      STELLA_SV_INIT("requirements-test.txt"), STELLA_SV_INIT("requirements-prod.txt")};
    const stella_sv name = place_name_of(path);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (stella_sv_eq(name, names[i]))
            return 1;
    return stella_sv_ends(name, STELLA_SV("requirements.txt")) ||
           (stella_sv_ends(name, STELLA_SV(".txt")) &&
            stella_sv_ends(place_name_of(place_folder_of(path)), STELLA_SV("requirements")));
}

static stella_status include(const requirements *r, stella_sv name, uint32_t line, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    if (r->depth == INCLUDE_DEPTH_MAX || *r->includes == 0) {
        stella_note(r->job, STELLA_NOTE_ERROR, r->file->path, line,
                    STELLA_SV("a file is not included: too deep, or too many"));
        return STELLA_OK;
    }
    --*r->includes;
    stella_sv path;
    stella_status status = record_path(place_folder_of(r->file->path), name, r->job->arena, &path, err);
    if (status != STELLA_OK)
        return status;
    if (path.len == 0 || requirements_is_name(path) || is_open(r, path))
        return STELLA_OK; /* a URL, out of the root, or read anyway, or a circle */
    status = stella_view_read(r->job, path, &file, NULL);
    if (status == STELLA_E_PENDING)
        return STELLA_OK; /* it comes with the next call */
    if (status == STELLA_OK)
        return requirements_read(r->job, &file, r, r->includes, err);
    stella_note(r->job, STELLA_NOTE_INFO, r->file->path, line, STELLA_SV("a file that is included is not there"));
    return STELLA_OK;
}

static stella_status take_line(const requirements *r, stella_sv line, uint32_t number, stella_error *err) {
    requirement q;
    line = stella_sv_trim(without_comment(line));
    if (line.len == 0)
        return STELLA_OK;
    if (line.ptr[0] == '-') {
        const stella_sv name = included(line);
        return name.len ? include(r, name, number, err) : STELLA_OK;
    }
    if (!requirement_parse(without_options(line), &q))
        return STELLA_OK;
    const stella_sv version = requirement_pin(q.spec);
    if (version.len == 0 || !version_is_valid(version))
        return STELLA_OK;
    const stella_sv name = name_normal(q.name, r->job->arena);
    if (!name.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a name");
    stella_component *c = stella_component_add(r->job, STELLA_SV("pypi"), name, version, STELLA_COMPONENT_DECLARED);
    stella_component_evidence(c, r->file, number, STELLA_SV("requirements"));
    return STELLA_OK;
}

/* Lines that end in a backslash go on in the next one. */
stella_status requirements_read(stella_analysis *job, const stella_file *file, const requirements *parent,
                                uint32_t *includes, stella_error *err) {
    const requirements r = {
        .job = job, .file = file, .parent = parent, .depth = parent ? parent->depth + 1 : 0, .includes = includes};
    stella_sv text = decode(file->bytes, job->arena);
    if (!text.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the requirements");
    uint32_t number = 0;
    while (text.ptr) {
        char joined[LINE_MAX];
        const uint32_t first = ++number;
        size_t len = 0;
        int goes_on = 1;
        for (stella_sv line; goes_on && stella_sv_split(&text, '\n', &line);) {
            if (stella_sv_ends(line, STELLA_SV("\r")))
                line.len--;
            goes_on = stella_sv_ends(line, STELLA_SV("\\"));
            line.len -= goes_on ? 1 : 0;
            const size_t take = line.len < sizeof joined - len ? line.len : sizeof joined - len;
            if (take)
                memcpy(joined + len, line.ptr, take);
            len += take;
            number += goes_on && text.ptr ? 1 : 0;
        }
        const stella_status status = take_line(&r, stella_sv_of(joined, len), first, err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}
