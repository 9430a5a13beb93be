#include "gomod.h"

#define WORDS_MAX 6 /* a replacement has five: path, version, =>, path, version; longer lines are nothing */

/* ---- words of a line */

typedef struct words {
    stella_sv word[WORDS_MAX];
    uint32_t count;
    stella_sv comment;
} words;

static int is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* A word ends at a blank, at a comment, and at a parenthesis; one in quotes has lost them. */
static stella_sv take_word(stella_sv *line) {
    if (line->ptr[0] == '"' || line->ptr[0] == '`') {
        const stella_sv inner = stella_sv_skip(*line, 1);
        const stella_sv word = stella_sv_first(inner, stella_sv_find(inner, line->ptr[0]));
        *line = stella_sv_skip(inner, word.len + 1);
        return word;
    }
    size_t len = 0;
    if (line->ptr[0] == '(' || line->ptr[0] == ')')
        len = 1;
    else
        while (len < line->len && !is_blank(line->ptr[len]) && line->ptr[len] != '(' && line->ptr[len] != ')' &&
               !stella_sv_starts(stella_sv_skip(*line, len), STELLA_SV("//")))
            len++;
    const stella_sv word = stella_sv_first(*line, len);
    *line = stella_sv_skip(*line, len);
    return word;
}

static words split(stella_sv line) {
    words w = {0};
    for (;;) {
        while (line.len && is_blank(line.ptr[0]))
            line = stella_sv_skip(line, 1);
        if (stella_sv_starts(line, STELLA_SV("//")))
            w.comment = stella_sv_trim(stella_sv_skip(line, 2));
        if (line.len == 0 || w.comment.len || w.count == WORDS_MAX)
            return w;
        if (stella_sv_starts(line, STELLA_SV("//")))
            return w;
        w.word[w.count++] = take_word(&line);
    }
}

static int is_word(const words *w, uint32_t index, const char *text) {
    return index < w->count && stella_sv_eq(w->word[index], stella_sv_cstr(text));
}

/* ---- go.mod */

gomod_reader gomod_open(stella_sv bytes) {
    const stella_sv mark = STELLA_SV("\xef\xbb\xbf");
    const stella_sv text = stella_sv_starts(bytes, mark) ? stella_sv_skip(bytes, mark.len) : bytes;
    return (gomod_reader){.c = stella_cursor_of(text.ptr, text.len)};
}

static gomod_kind kind_of(stella_sv word) {
    static const struct {
        stella_sv word;
        gomod_kind kind;
    } kinds[] = {{STELLA_SV_INIT("module"), GOMOD_MODULE},       {STELLA_SV_INIT("go"), GOMOD_GO},
                 {STELLA_SV_INIT("toolchain"), GOMOD_TOOLCHAIN}, {STELLA_SV_INIT("require"), GOMOD_REQUIRE},
                 {STELLA_SV_INIT("replace"), GOMOD_REPLACE},     {STELLA_SV_INIT("exclude"), GOMOD_EXCLUDE}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (stella_sv_eq(word, kinds[i].word))
            return kinds[i].kind;
    return GOMOD_OTHER;
}

/* "path [version] => path [version]" */
static int take_replacement(const words *w, uint32_t first, gomod_entry *out) {
    const uint32_t arrow = is_word(w, first + 1, "=>") ? first + 1 : first + 2;
    if (!is_word(w, arrow, "=>") || w->count < arrow + 2 || w->count > arrow + 3)
        return 0;
    out->path = w->word[first];
    out->version = arrow == first + 2 ? w->word[first + 1] : (stella_sv){0};
    out->by_path = w->word[arrow + 1];
    out->by_version = w->count == arrow + 3 ? w->word[arrow + 2] : (stella_sv){0};
    return 1;
}

/* The entry in the words from first on. Returns 0 when they are not what that kind has. */
static int take_entry(const words *w, uint32_t first, gomod_kind kind, gomod_entry *out) {
    switch (kind) {
    case GOMOD_MODULE:
    case GOMOD_GO:
    case GOMOD_TOOLCHAIN:
        if (w->count != first + 1)
            return 0;
        out->path = w->word[first];
        return 1;
    case GOMOD_REQUIRE:
    case GOMOD_EXCLUDE:
        if (w->count != first + 2)
            return 0;
        out->path = w->word[first];
        out->version = w->word[first + 1];
        out->is_indirect = stella_sv_starts(w->comment, STELLA_SV("indirect"));
        return 1;
    case GOMOD_REPLACE:
        return take_replacement(w, first, out);
    default:
        return 0;
    }
}

int gomod_next(gomod_reader *reader, gomod_entry *out) {
    stella_sv line;
    while (stella_cursor_line(&reader->c, &line)) {
        reader->line++;
        const words w = split(line);
        if (w.count == 0)
            continue;
        if (reader->is_in_block && is_word(&w, 0, ")")) {
            reader->is_in_block = 0;
            continue;
        }
        const gomod_kind kind = reader->is_in_block ? reader->block : kind_of(w.word[0]);
        if (!reader->is_in_block && is_word(&w, 1, "(")) {
            reader->is_in_block = 1;
            reader->block = kind;
            continue;
        }
        gomod_entry entry = {.line = reader->line};
        if (take_entry(&w, reader->is_in_block ? 0 : 1, kind, &entry))
            entry.kind = kind;
        *out = entry;
        return 1;
    }
    return 0;
}

/* ---- go.sum and vendor/modules.txt */

gosum_reader gosum_open(stella_sv bytes) {
    return (gosum_reader){.c = stella_cursor_of(bytes.ptr, bytes.len)};
}

int gosum_next(gosum_reader *reader, gosum_entry *out) {
    stella_sv line;
    while (stella_cursor_line(&reader->c, &line)) {
        reader->line++;
        const words w = split(line);
        if (w.count != 3 || stella_sv_ends(w.word[1], STELLA_SV("/go.mod")))
            continue;
        *out = (gosum_entry){.path = w.word[0], .version = w.word[1], .sum = w.word[2], .line = reader->line};
        return 1;
    }
    return 0;
}

/* "# path version" and "# path version => path version" begin a module; "# path => ..." only repeats go.mod. */
static void begin_vendored(gosum_reader *reader, stella_sv line) {
    const words w = split(stella_sv_skip(line, 2));
    gomod_entry entry;
    reader->module = (gosum_entry){0};
    if (w.count == 2)
        reader->module = (gosum_entry){.path = w.word[0], .version = w.word[1], .line = reader->line};
    else if (take_replacement(&w, 0, &entry) && entry.version.len)
        reader->module = (gosum_entry){.path = entry.path,
                                       .version = entry.version,
                                       .by_path = entry.by_path,
                                       .by_version = entry.by_version,
                                       .line = reader->line};
}

int vendored_next(gosum_reader *reader, gosum_entry *out) {
    stella_sv line;
    while (stella_cursor_line(&reader->c, &line)) {
        reader->line++;
        if (stella_sv_starts(line, STELLA_SV("# "))) {
            begin_vendored(reader, line);
        } else if (line.len && line.ptr[0] != '#' && reader->module.path.len) { /* a package of it */
            *out = reader->module;
            reader->module = (gosum_entry){0};
            return 1;
        }
    }
    return 0;
}
