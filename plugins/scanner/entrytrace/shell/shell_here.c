/* Here-documents: their lines begin behind the line that asks for them. */
#include "shell_parser.h"

#define PENDING_MAX 64u /* here-documents that one line may ask for */

int shell_here_later(shell_parser *p, shell_redirect *redirect) {
    shell_pending *pending = shell_new(p, sizeof *pending);
    if (!pending)
        return 0;
    pending->redirect = redirect;
    shell_pending **last = &p->pending;
    uint32_t count = 0;
    for (; *last; count++)
        last = &(*last)->next;
    if (count == PENDING_MAX)
        return shell_fail(p, p->at, "more here-documents than one line may ask for") != NULL;
    *last = pending;
    return 1;
}

/* The line at p->at without its newline; steps over it. */
static stella_sv next_line(shell_parser *p) {
    const size_t start = p->at;
    while (p->at < p->end && p->text.ptr[p->at] != '\n')
        p->at++;
    const stella_sv line = shell_view(p, start, p->at);
    p->at += p->at < p->end ? 1 : 0;
    return line;
}

static stella_sv without_tabs(stella_sv line) {
    while (line.len && line.ptr[0] == '\t')
        line = stella_sv_skip(line, 1);
    return line;
}

/* Steps over the document. Returns where its last line ends. In a document that is expanded, a backslash joins lines,
 * so the end word behind one is none. */
static size_t find_end(shell_parser *p, stella_sv end_word, int tabs, uint32_t is_quoted) {
    int joined = 0;
    while (p->at < p->end) {
        const size_t start = p->at;
        const stella_sv line = next_line(p);
        if (!joined && stella_sv_eq(tabs ? without_tabs(line) : line, end_word))
            return start;
        joined = !is_quoted && line.len && line.ptr[line.len - 1] == '\\';
    }
    return p->end; /* shells take the rest, with a warning */
}

static stella_sv strip(shell_parser *p, size_t first, size_t end) {
    char *text = stella_arena_alloc(p->arena, end - first + 1, 1);
    size_t len = 0;
    int at_start = 1;
    for (size_t i = first; text && i < end; i++) {
        const char c = p->text.ptr[i];
        if (at_start && c == '\t')
            continue;
        text[len++] = c;
        at_start = c == '\n';
    }
    return stella_sv_of(text, len);
}

/* The document as a word. A copy has no places of its own: all of it stands where the document does. */
static const shell_word *expanded(shell_parser *p, stella_sv text, size_t first, size_t end) {
    shell_range *fixed = shell_new(p, sizeof *fixed);
    if (!fixed || !text.ptr)
        return NULL;
    *fixed = shell_range_of(p, first, end);
    shell_parser inner = shell_inner(p, text, fixed);
    const shell_word *word = shell_word_read(&inner, &SHELL_MODE_HERE);
    return shell_outer_fail(p, &inner) ? NULL : word;
}

static const shell_word *verbatim(shell_parser *p, stella_sv text, size_t first, size_t end) {
    shell_word *word = shell_new(p, sizeof *word);
    if (!word)
        return NULL;
    word->source = text;
    word->range = shell_range_of(p, first, end);
    word->parts = text.len ? shell_part_new(p, SHELL_PART_QUOTED, text) : NULL;
    return word;
}

static void read_one(shell_parser *p, shell_redirect *redirect) {
    uint32_t is_quoted = 0;
    const int tabs = redirect->op == SHELL_REDIRECT_HERE_TABS;
    const stella_sv end_word = shell_unquote(p, redirect->target, &is_quoted);
    const size_t first = p->at, end = find_end(p, end_word, tabs, is_quoted);
    const stella_sv text = tabs ? strip(p, first, end) : shell_view(p, first, end);
    redirect->body = is_quoted ? verbatim(p, text, first, end) : expanded(p, text, first, end);
}

void shell_here_read(shell_parser *p) {
    for (shell_pending *pending = p->pending; pending && !p->failed; pending = pending->next)
        read_one(p, pending->redirect);
    p->pending = NULL;
}
