#include "record.h"

/* A field in quotes; "" in it is one quote. *line is behind the first quote. Returns 0 when the arena is spent. */
static int take_quoted(stella_sv *line, stella_arena *arena, stella_sv *out) {
    char *text = stella_arena_alloc(arena, line->len + 1, 1);
    size_t len = 0;
    if (!text)
        return 0;
    while (line->len) {
        const char c = line->ptr[0];
        *line = stella_sv_skip(*line, 1);
        if (c == '"') {
            if (line->len == 0 || line->ptr[0] != '"')
                break;
            *line = stella_sv_skip(*line, 1);
        }
        text[len++] = c;
    }
    *out = stella_sv_of(text, len);
    return 1;
}

static int take_field(stella_sv *line, stella_arena *arena, stella_sv *out) {
    const int is_quoted = line->len && line->ptr[0] == '"';
    *out = stella_sv_of("", 0);
    if (is_quoted) {
        *line = stella_sv_skip(*line, 1);
        if (!take_quoted(line, arena, out))
            return 0;
    }
    const size_t comma = stella_sv_find(*line, ',');
    if (!is_quoted)
        *out = stella_sv_first(*line, comma);
    *line = stella_sv_skip(*line, comma + 1);
    return 1;
}

int record_next(stella_sv *rest, stella_arena *arena, record_row *out) {
    for (stella_sv line; stella_sv_split(rest, '\n', &line);) {
        stella_sv digest;
        if (stella_sv_ends(line, STELLA_SV("\r")))
            line.len--;
        if (line.len == 0)
            continue;
        if (!take_field(&line, arena, &out->path) || !take_field(&line, arena, &digest))
            return -1;
        if (out->path.len == 0)
            continue;
        const size_t equals = stella_sv_find(digest, '=');
        out->digest_alg = stella_sv_first(digest, equals < digest.len ? equals : 0);
        out->digest = equals < digest.len ? stella_sv_skip(digest, equals + 1) : stella_sv_of("", 0);
        return 1;
    }
    return 0;
}

/* ---- paths ----------------------------------------------------------------------------------------------------------
 */

static int is_clean(stella_sv path) {
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.ptr[i] < 0x20 || path.ptr[i] == 0x7f)
            return 0;
    return path.len && path.len <= RECORD_PATH_MAX && stella_sv_utf8_prefix(path) == path.len;
}

/* Goes one part of a path on. Returns 0 when that leads out of the root. */
static int step(char *text, size_t *len, stella_sv part) {
    if (part.len == 0 || stella_sv_eq(part, STELLA_SV(".")))
        return 1;
    if (stella_sv_eq(part, STELLA_SV(".."))) {
        if (*len == 0)
            return 0;
        const size_t slash = stella_sv_rfind(stella_sv_of(text, *len), '/');
        *len = slash < *len ? slash : 0;
        return 1;
    }
    if (*len)
        text[(*len)++] = '/';
    memcpy(text + *len, part.ptr, part.len);
    *len += part.len;
    return 1;
}

stella_status record_path(stella_sv folder, stella_sv path, stella_arena *arena, stella_sv *out, stella_error *err) {
    const stella_sv none = {0};
    *out = none;
    if (!is_clean(path))
        return STELLA_OK;
    char *text = stella_arena_alloc(arena, folder.len + path.len + 2, 1);
    size_t len = 0;
    if (!text)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
    if (path.ptr[0] != '/' && folder.len) {
        memcpy(text, folder.ptr, folder.len);
        len = folder.len;
    }
    for (stella_sv part; stella_sv_split(&path, '/', &part);)
        if (!step(text, &len, part))
            return STELLA_OK;
    *out = stella_sv_of(text, len);
    return STELLA_OK;
}

/* ---- digests --------------------------------------------------------------------------------------------------------
 */

/* One more than what a digit stands for, of both alphabets; 0: no digit. */
static const unsigned char digits[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,  ['I'] = 9,
    ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
    ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27,
    ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45,
    ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
    ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63,
    ['+'] = 63, ['_'] = 64, ['/'] = 64};

/* Without an allocation: there are tens of thousands in an image. */
int record_sha256(const record_row *row, unsigned char out[STELLA_SHA256_SIZE]) {
    uint32_t bits = 0, have = 0;
    size_t put = 0;
    stella_sv text = row->digest;
    if (!stella_sv_eq(row->digest_alg, STELLA_SV("sha256")))
        return 0;
    if (text.len == 44 && text.ptr[43] == '=')
        text.len--;
    if (text.len != 43)
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        const unsigned digit = digits[(unsigned char)text.ptr[i]];
        if (digit == 0)
            return 0;
        bits = bits << 6 | (digit - 1);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[put++] = (unsigned char)(bits >> have);
        }
    }
    return (bits & 3) == 0;
}
