/* Programs that are so much part of scripts that what they print is worked out, where it follows from their words, their
 * known input and the tree. Anything else of them is not known. */
#include "shell_eval.h"

#include "shell_pattern.h"

#include <stella/auto.h>

#include <stdlib.h>

static int arg_is(const shell_args *args, uint32_t i, const char *text) {
    return i < args->count && stella_sv_eq(args->items[i].text, stella_sv_cstr(text));
}

static int line(shell_eval *e, stella_sv text) {
    shell_print(e, text);
    shell_print(e, STELLA_SV("\n"));
    e->last_status = 0;
    return 1;
}

static stella_sv base_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return slash < path.len ? stella_sv_skip(path, slash + 1) : path;
}

/* The whole known input, or a file's. Returns 0 when it cannot be known. */
static int input(shell_eval *e, const shell_args *args, uint32_t at, stella_sv *out) {
    stella_file file;
    if (at < args->count) {
        if (shell_read_file(e, args->items[at].text, &file) != 1)
            return 0;
        *out = file.bytes;
        return at + 1 == args->count;
    }
    if (!e->in || e->in->is_unknown)
        return 0;
    *out = stella_sv_skip(stella_buf_sv(&e->in->text), e->in->at);
    e->in->at = e->in->text.len;
    return 1;
}

/* ---- users -------------------------------------------------------------------------------------------------------- */

/* One field of the user's line in etc/passwd. */
static stella_sv passwd_field(shell_eval *e, uint32_t field) {
    const stella_sv user = stella_sv_first(e->hop->launch->user, stella_sv_find(e->hop->launch->user, ':'));
    const stella_sv wanted = user.len ? user : STELLA_SV("0");
    stella_file file;
    stella_sv rest = shell_read_file(e, STELLA_SV("/etc/passwd"), &file) == 1 ? file.bytes : (stella_sv){0}, entry;
    while (stella_sv_split(&rest, '\n', &entry)) {
        stella_sv fields[7] = {{0}}, left = entry;
        for (uint32_t i = 0; i < 7 && stella_sv_split(&left, ':', &fields[i]); i++)
            ;
        if (stella_sv_eq(fields[0], wanted) || stella_sv_eq(fields[2], wanted))
            return fields[field];
    }
    return (stella_sv){0};
}

static int id(shell_eval *e, const shell_args *args) {
    const stella_sv user = stella_sv_first(e->hop->launch->user, stella_sv_find(e->hop->launch->user, ':'));
    const int root = !user.len || stella_sv_eq(user, STELLA_SV("0")) || stella_sv_eq(user, STELLA_SV("root"));
    int by_name = 0, group = 0;
    for (uint32_t i = 1; i < args->count; i++) {
        const stella_sv word = args->items[i].text;
        if (!word.len || word.ptr[0] != '-')
            return 0; /* another user */
        by_name |= stella_sv_find(word, 'n') < word.len || arg_is(args, i, "--name");
        group |= stella_sv_find(word, 'g') < word.len && !stella_sv_starts(word, STELLA_SV("--u"));
        if (stella_sv_find(word, 'G') < word.len)
            return 0;
    }
    if (args->count < 2)
        return 0;
    if (root)
        return line(e, by_name ? STELLA_SV("root") : STELLA_SV("0"));
    if (group && by_name)
        return 0;
    const int numeric = user.ptr[0] >= '0' && user.ptr[0] <= '9';
    if (!group && numeric != by_name)
        return line(e, user);
    const stella_sv field = passwd_field(e, group ? 3 : by_name ? 0 : 2);
    return field.len ? line(e, field) : 0;
}

static int whoami(shell_eval *e, const shell_args *args) {
    const stella_word words[] = {args->items[0], shell_known(STELLA_SV("-un"))};
    const shell_args un = {.items = words, .count = 2, .node = args->node};
    return id(e, &un);
}

/* ---- paths -------------------------------------------------------------------------------------------------------- */

static int base_name(shell_eval *e, const shell_args *args) {
    if (args->count < 2 || args->count > 3 || stella_sv_starts(args->items[1].text, STELLA_SV("-")))
        return 0;
    stella_sv path = args->items[1].text;
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    path = path.len > 1 ? base_of(path) : path;
    if (args->count == 3 && stella_sv_ends(path, args->items[2].text) && path.len > args->items[2].text.len)
        path.len -= args->items[2].text.len;
    return line(e, path);
}

static int dir_name(shell_eval *e, const shell_args *args) {
    const uint32_t at = arg_is(args, 1, "--") ? 2 : 1;
    if (args->count != at + 1)
        return 0;
    stella_sv path = args->items[at].text;
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    const size_t slash = stella_sv_rfind(path, '/');
    if (slash == path.len)
        return line(e, STELLA_SV("."));
    path = stella_sv_first(path, slash);
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    return line(e, path.len ? path : STELLA_SV("/"));
}

/* readlink -f, realpath: where links lead to. */
static int real_path(shell_eval *e, const shell_args *args) {
    stella_file file;
    const int is_readlink = stella_sv_eq(base_of(args->items[0].text), STELLA_SV("readlink"));
    if (args->count < 2)
        return 0;
    const stella_sv path = args->items[args->count - 1].text;
    const int found = shell_stat(e, path, &file);
    if (is_readlink && args->count == 2) { /* of what is no link: nothing */
        e->last_status = 1;
        return shell_test_words(e, (stella_word[]){shell_known(STELLA_SV("-L")), shell_known(path)}, 2) == 0;
    }
    if (found == 1)
        return line(e, shell_join(e, STELLA_SV("/"), file.path));
    return 0;
}

/* ---- look-ups ----------------------------------------------------------------------------------------------------- */

/* command -v, which, type, hash. */
static int which(shell_eval *e, const shell_args *args) {
    const stella_sv self = base_of(args->items[0].text);
    const int shell_knows = !stella_sv_eq(self, STELLA_SV("which"));
    const stella_sv name = args->items[args->count - 1].text;
    stella_sv where = name;
    if (args->count < 2 || (name.len && name.ptr[0] == '-'))
        return 0;
    if (shell_knows && (shell_state_get(e->state, SLOT_FUNCTION, name) || shell_is_builtin(name)))
        return line(e, name);
    const int found = shell_find_program(e, name, &where);
    if (found == STATUS_UNKNOWN)
        return 0;
    if (found == 0)
        return e->last_status = 1, 1;
    if (stella_sv_eq(self, STELLA_SV("type")) && !arg_is(args, 1, "-p") && !arg_is(args, 1, "-P") && e->out)
        e->out->is_unknown = 1;
    return line(e, where);
}

static int cat(shell_eval *e, const shell_args *args) {
    stella_sv text;
    uint32_t at = 1;
    do {
        shell_args one = *args;
        one.count = args->count > 1 ? at + 1 : 1;
        if (!input(e, &one, at, &text))
            return 0;
        shell_print(e, text);
    } while (++at < args->count);
    e->last_status = 0;
    return 1;
}

static int uname(shell_eval *e, const shell_args *args) {
    if (args->count == 1 || arg_is(args, 1, "-s"))
        return line(e, STELLA_SV("Linux"));
    return 0;
}

/* ---- texts -------------------------------------------------------------------------------------------------------- */

static int expr(shell_eval *e, const shell_args *args) {
    int64_t value = 0;
    if (args->count != 4 || args->items[2].text.len != 1 || !strchr("+-*/%", args->items[2].text.ptr[0]))
        return 0;
    const stella_sv text = stella_arena_printf(e->arena, "%.*s %.*s %.*s", STELLA_SV_FMT(args->items[1].text),
                                               STELLA_SV_FMT(args->items[2].text), STELLA_SV_FMT(args->items[3].text));
    return text.ptr && shell_calculate(e, text, &value)
               ? line(e, stella_arena_printf(e->arena, "%lld", (long long)value))
               : 0;
}

/* tr of two single letters, of classes of letters, or -d of letters. */
static int translate(shell_eval *e, const shell_args *args) {
    stella_sv text;
    if (args->count != 3)
        return 0;
    stella_sv from = args->items[1].text, to = args->items[2].text;
    const int deletes = stella_sv_eq(from, STELLA_SV("-d"));
    const int upper = stella_sv_eq(from, STELLA_SV("[:lower:]")) || stella_sv_eq(from, STELLA_SV("a-z"));
    const int lower = stella_sv_eq(from, STELLA_SV("[:upper:]")) || stella_sv_eq(from, STELLA_SV("A-Z"));
    from = deletes ? to : from;
    if (!(upper || lower) && (stella_sv_find(from, '-') < from.len || stella_sv_find(from, '[') < from.len ||
                              stella_sv_find(from, '\\') < from.len || (!deletes && (from.len != 1 || to.len != 1))))
        return 0;
    if (!input(e, args, args->count, &text))
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        const int match = from.len && memchr(from.ptr, c, from.len) != NULL;
        if (upper && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        else if (lower && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        else if (!upper && !lower && match && deletes)
            continue;
        else if (!upper && !lower && match)
            c = to.ptr[0];
        shell_print(e, stella_sv_of(&c, 1));
    }
    e->last_status = 0;
    return 1;
}

/* cut -d X -f N, of which either may be attached. */
static int cut(shell_eval *e, const shell_args *args) {
    stella_sv mark = STELLA_SV("\t"), field = {0}, text, entry;
    int64_t number = 0;
    for (uint32_t i = 1; i < args->count; i++) {
        const stella_sv word = args->items[i].text;
        stella_sv *to = stella_sv_starts(word, STELLA_SV("-d"))   ? &mark
                        : stella_sv_starts(word, STELLA_SV("-f")) ? &field
                                                                  : NULL;
        if (!to || (word.len == 2 && i + 1 >= args->count))
            return 0;
        *to = word.len > 2 ? stella_sv_skip(word, 2) : args->items[++i].text;
    }
    if (mark.len != 1 || !shell_number(field, &number) || number < 1 || !input(e, args, args->count, &text))
        return 0;
    while (text.len && stella_sv_split(&text, '\n', &entry)) {
        stella_sv rest = entry, part = entry;
        if (stella_sv_find(entry, mark.ptr[0]) < entry.len)
            for (int64_t n = 0; n < number; n++)
                if (!stella_sv_split(&rest, mark.ptr[0], &part))
                    part = (stella_sv){0};
        line(e, part);
    }
    return e->last_status = 0, 1;
}

static int head(shell_eval *e, const shell_args *args) {
    stella_sv text, entry;
    int64_t count = 10;
    uint32_t at = 1;
    if (arg_is(args, 1, "-n") && args->count > 2 && shell_number(args->items[2].text, &count))
        at = 3;
    else if (args->count > 1 && stella_sv_starts(args->items[1].text, STELLA_SV("-"))) {
        const stella_sv word = args->items[1].text;
        if (!shell_number(stella_sv_skip(word, stella_sv_starts(word, STELLA_SV("-n")) ? 2 : 1), &count))
            return 0;
        at = 2;
    }
    if (count < 0 || !input(e, args, at, &text))
        return 0;
    for (; count > 0 && text.len && stella_sv_split(&text, '\n', &entry); count--)
        line(e, entry);
    return e->last_status = 0, 1;
}

/* grep of a text without special letters: -q -F -s -i are as nothing but that. */
static int grep(shell_eval *e, const shell_args *args) {
    uint32_t at = 1;
    int quiet = 0, found = 0;
    stella_sv text, entry;
    for (; at < args->count && stella_sv_starts(args->items[at].text, STELLA_SV("-")); at++) {
        for (size_t i = 1; i < args->items[at].text.len; i++)
            if (!strchr("qFsE", args->items[at].text.ptr[i]))
                return 0;
        quiet |= stella_sv_find(args->items[at].text, 'q') < args->items[at].text.len;
    }
    if (at >= args->count)
        return 0;
    const stella_sv pattern = args->items[at].text;
    for (size_t i = 0; i < pattern.len; i++)
        if (strchr("\\^$.[]*+?(){}|", pattern.ptr[i]))
            return 0;
    if (!input(e, args, at + 1, &text))
        return 0;
    const stella_sv around = stella_arena_printf(e->arena, "*%.*s*", STELLA_SV_FMT(pattern));
    while (text.len && stella_sv_split(&text, '\n', &entry)) {
        if (shell_match(around, entry) != 1)
            continue;
        found = 1;
        if (!quiet)
            line(e, entry);
    }
    return e->last_status = !found, 1;
}

/* ---- sort, find, ls ----------------------------------------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b) {
    return stella_sv_cmp(*(const stella_sv *)a, *(const stella_sv *)b);
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Runs of digits by their value. */
static int by_version(const void *left, const void *right) {
    stella_sv a = *(const stella_sv *)left, b = *(const stella_sv *)right;
    while (a.len && b.len) {
        size_t m = 0, n = 0;
        while (m < a.len && is_digit(a.ptr[m]))
            m++;
        while (n < b.len && is_digit(b.ptr[n]))
            n++;
        uint64_t x = 0, y = 0;
        if (m && n && stella_sv_u64(stella_sv_first(a, m), UINT64_MAX, &x) &&
            stella_sv_u64(stella_sv_first(b, n), UINT64_MAX, &y)) {
            if (x != y)
                return x < y ? -1 : 1;
            a = stella_sv_skip(a, m), b = stella_sv_skip(b, n);
            continue;
        }
        if (a.ptr[0] != b.ptr[0])
            return (unsigned char)a.ptr[0] < (unsigned char)b.ptr[0] ? -1 : 1;
        a = stella_sv_skip(a, 1), b = stella_sv_skip(b, 1);
    }
    return (a.len > 0) - (b.len > 0);
}

/* The number in front; all else is 0. Lines of one number stand by their bytes. */
static int by_number(const void *left, const void *right) {
    uint64_t values[2] = {0, 0};
    const stella_sv *const lines[2] = {left, right};
    for (uint32_t i = 0; i < 2; i++) {
        size_t digits = 0;
        while (digits < lines[i]->len && is_digit(lines[i]->ptr[digits]))
            digits++;
        if (digits && !stella_sv_u64(stella_sv_first(*lines[i], digits), UINT64_MAX, &values[i]))
            values[i] = UINT64_MAX;
    }
    return values[0] != values[1] ? (values[0] < values[1] ? -1 : 1) : by_bytes(left, right);
}

static int sort(shell_eval *e, const shell_args *args) {
    stella_sv text, entry;
    uint32_t count = 0;
    const int version = arg_is(args, 1, "-V"), number = arg_is(args, 1, "-n");
    if (args->count > (version || number ? 2u : 1u) || !input(e, args, args->count, &text))
        return 0;
    stella_sv *lines = shell_memory(e, text.len / 2 + 1, sizeof *lines);
    if (!lines)
        return 0;
    while (text.len && stella_sv_split(&text, '\n', &entry))
        if (count < SHELL_VALUES_MAX && entry.len)
            lines[count++] = entry;
    qsort(lines, count, sizeof *lines, version ? by_version : number ? by_number : by_bytes);
    for (uint32_t i = 0; i < count; i++)
        line(e, lines[i]);
    return e->last_status = 0, 1;
}

typedef struct search {
    shell_eval *e;
    stella_sv name; /* pattern of the base name; empty: any */
    char type;      /* 'f', 'd', or 0 */
    int64_t least, most;
    uint32_t count;
    int is_unknown;
} search;

static void find_one(search *s, stella_sv shown, const stella_file *file, int64_t depth) {
    const uint32_t kind = s->type == 'f' ? STELLA_FILE_REGULAR : STELLA_FILE_DIRECTORY;
    if (depth < s->least || (s->type && file->kind != kind) ||
        (s->name.len && shell_match(s->name, base_of(shown)) != 1))
        return;
    s->count++;
    line(s->e, shown);
}

static void find_below(search *s, stella_sv shown, stella_sv directory, int64_t depth) {
    stella_entries it = STELLA_ENTRIES_INIT;
    stella_file entry = STELLA_FILE_INIT, file;
    if (depth > s->most || depth > 16 || s->count > 2000)
        return;
    while (shell_ok(s->e) && stella_view_next(s->e->hop->view, directory, &it, &entry)) {
        const stella_sv slash = stella_sv_ends(shown, STELLA_SV("/")) ? STELLA_SV("") : STELLA_SV("/");
        const stella_sv name = shell_join(s->e, shell_join(s->e, shown, slash), base_of(entry.path));
        const stella_sv path = shell_copy(s->e, entry.path);
        if (shell_stat(s->e, shell_join(s->e, STELLA_SV("/"), path), &file) != 1)
            continue;
        find_one(s, name, &file, depth);
        if (file.kind == STELLA_FILE_DIRECTORY)
            find_below(s, name, path, depth + 1);
    }
}

static int find_options(search *s, const shell_args *args, uint32_t at) {
    for (; at < args->count; at++) {
        if (arg_is(args, at, "-follow") || arg_is(args, at, "-print") || arg_is(args, at, "-quit"))
            continue;
        if (at + 1 >= args->count)
            return 0;
        const stella_sv value = args->items[at + 1].text;
        if (arg_is(args, at, "-name"))
            s->name = value;
        else if (arg_is(args, at, "-type") && value.len == 1)
            s->type = value.ptr[0];
        else if (!(arg_is(args, at, "-mindepth") && shell_number(value, &s->least)) &&
                 !(arg_is(args, at, "-maxdepth") && shell_number(value, &s->most)))
            return 0;
        at++;
    }
    return s->type == 'f' || s->type == 'd' || !s->type;
}

static int find(shell_eval *e, const shell_args *args) {
    const uint32_t at = arg_is(args, 1, "-L") ? 2 : 1;
    search s = {.e = e, .most = 16};
    stella_file file;
    if (args->count <= at || stella_sv_starts(args->items[at].text, STELLA_SV("-")) || !find_options(&s, args, at + 1))
        return 0;
    const stella_sv shown = args->items[at].text, path = shell_path(e, shown);
    const int found = shell_stat(e, shown, &file);
    if (found == STATUS_UNKNOWN || !path.ptr)
        return 0;
    if (found == 1) {
        find_one(&s, shown, &file, 0);
        find_below(&s, shown, path, 1);
    }
    return e->last_status = found == 1 ? 0 : 1, 1;
}

/* ls of names that a pattern made, or of one directory. */
static int list(shell_eval *e, const shell_args *args) {
    uint32_t at = 1;
    stella_file file;
    while (arg_is(args, at, "-1") || arg_is(args, at, "-d"))
        at++;
    int status = 0;
    for (uint32_t i = at; i < args->count; i++) {
        const int found = shell_stat(e, args->items[i].text, &file);
        if (found == STATUS_UNKNOWN || stella_sv_starts(args->items[i].text, STELLA_SV("-")))
            return 0;
        if (found == 1 && file.kind == STELLA_FILE_DIRECTORY && !arg_is(args, 1, "-d"))
            return 0;
        if (found == 1)
            line(e, args->items[i].text);
        status |= found == 0 ? 2 : 0;
    }
    e->last_status = status;
    return at < args->count;
}

/* ---- files that change -------------------------------------------------------------------------------------------- */

/* mkdir, touch, rm, cp, mv, ln, ...: every path among the words may be another file now. */
static int change_files(shell_eval *e, const shell_args *args) {
    for (uint32_t i = 1; i < args->count; i++)
        if (args->items[i].text.len && args->items[i].text.ptr[0] != '-')
            shell_touch(e, args->items[i].text);
    e->last_status = STATUS_UNKNOWN;
    return 1;
}

static const struct {
    const char *name;
    int (*call)(shell_eval *e, const shell_args *args);
} PROGRAMS[] = {{"id", id},
                {"whoami", whoami},
                {"basename", base_name},
                {"dirname", dir_name},
                {"readlink", real_path},
                {"realpath", real_path},
                {"which", which},
                {"command", which},
                {"type", which},
                {"hash", which},
                {"cat", cat},
                {"uname", uname},
                {"expr", expr},
                {"tr", translate},
                {"cut", cut},
                {"head", head},
                {"grep", grep},
                {"sort", sort},
                {"find", find},
                {"ls", list},
                {"mkdir", change_files},
                {"touch", change_files},
                {"rm", change_files},
                {"cp", change_files},
                {"mv", change_files},
                {"ln", change_files},
                {"rmdir", change_files},
                {"mkfifo", change_files},
                {"tee", change_files},
                {"install", change_files}};

int shell_program(shell_eval *e, const shell_args *args) {
    const stella_sv name = base_of(args->items[0].text);
    for (uint32_t i = 0; i < args->count; i++)
        if (!shell_is_known(&args->items[i]))
            return 0;
    for (size_t i = 0; i < sizeof PROGRAMS / sizeof PROGRAMS[0]; i++)
        if (stella_sv_eq(name, stella_sv_cstr(PROGRAMS[i].name))) {
            const size_t before = e->out ? e->out->text.len : 0;
            if (PROGRAMS[i].call(e, args))
                return 1;
            if (e->out)
                e->out->text.len = before;
            return 0;
        }
    return 0;
}
