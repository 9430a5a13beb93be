/* index_show.c - `stella index show`: what a BOM-Index says. */
#include "cli/index_file.h"
#include "cli/verbs.h"

#include <stella/auto.h>
#include <stella/json.h>
#include <stella/terminal.h>

#include <time.h>

#define LINE_MAX_BYTES (1u << 20)
#define US_PER_S       INT64_C(1000000)

/* What is asked for. */
typedef struct query {
    cli_context *cli;
    const bom_index *index;
    const char *component;  /* NULL: all */
    const char *entrypoint; /* NULL: any */
    uint32_t launcher;      /* the entrypoint's index */
    uint32_t rows;          /* that were shown */
} query;

/* "pkg:npm/a" asks for all of its versions. */
static int is_asked_for(stella_sv identity, const char *asked) {
    const stella_sv prefix = stella_sv_cstr(asked);
    if (!stella_sv_starts(identity, prefix))
        return 0;
    const char *const next = identity.ptr + prefix.len;
    return identity.len == prefix.len || *next == '@' || *next == '?' || *next == '#';
}

static int next_row(query *q, bom_index_rows *rows, bom_index_row *row) {
    while (bom_index_row_next(rows, row)) {
        if (q->component && !is_asked_for(row->identity, q->component))
            continue;
        if (q->entrypoint && !roaring_has(&row->entrypoints, q->launcher))
            continue;
        q->rows++;
        return 1;
    }
    return 0;
}

/* The time in seconds, as RFC 3339; empty when there is none. */
static const char *date(int64_t us, char out[32]) {
    const time_t when = (time_t)(us / US_PER_S);
    struct tm utc;
    out[0] = 0;
    if (us && gmtime_r(&when, &utc))
        strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return out;
}

/* ---- text */

static void add_set(stella_buf *line, const roaring *set, uint32_t width) {
    const size_t start = line->len;
    uint32_t first, last, from = 0, to = 0, count = 0;
    for (roaring_walk walk = roaring_begin(set); roaring_next(&walk, &first, &last); count++) {
        if (count && first == to + 1) {
            to = last;
            continue;
        }
        if (count)
            (void)stella_buf_printf(line, from == to ? "%u," : "%u-%u,", from, to);
        from = first;
        to = last;
    }
    if (count)
        (void)stella_buf_printf(line, from == to ? "%u" : "%u-%u", from, to);
    else
        (void)stella_buf_add(line, STELLA_SV("-"));
    const size_t used = line->len - start;
    (void)stella_buf_printf(line, "%*s", (int)(used < width ? width - used : 0) + 2, "");
}

static void put_line(query *q, stella_buf *line) {
    (void)stella_buf_add(line, STELLA_SV("\n"));
    fwrite(line->ptr, 1, line->len, q->cli->out);
    line->len = 0;
}

static void put_texts(query *q, stella_buf *line, const char *title, bom_index_texts texts) {
    stella_sv text;
    for (uint32_t i = 0; bom_index_text_next(&texts, &text); i++) {
        (void)stella_buf_printf(line, "%-10s %4u  ", i ? "" : title, i);
        (void)stella_terminal_add(line, text);
        put_line(q, line);
    }
}

static int show_text(query *q) {
    STELLA_AUTO(stella_buf_fini) stella_buf line = stella_buf_of(LINE_MAX_BYTES);
    bom_index_rows rows = bom_index_begin(q->index);
    bom_index_row row;
    char text[32];
    if (!q->component && !q->entrypoint) {
        (void)stella_buf_add(&line, STELLA_SV("image      "));
        (void)stella_terminal_add(&line, q->index->image_digest.len ? q->index->image_digest : STELLA_SV("-"));
        put_line(q, &line);
        fprintf(q->cli->out, "time       %s\n", q->index->generated_us ? date(q->index->generated_us, text) : "-");
        fprintf(q->cli->out, "components %4u\n", q->index->component_count);
        put_texts(q, &line, "layers", bom_index_layers(q->index));
        put_texts(q, &line, "entrypoint", bom_index_entrypoints(q->index));
        fputc('\n', q->cli->out);
    }
    fputs("LAYERS    ENTRYPOINTS  COMPONENT\n", q->cli->out);
    while (next_row(q, &rows, &row)) {
        add_set(&line, &row.layers, 8);
        add_set(&line, &row.entrypoints, 11);
        (void)stella_terminal_add(&line, row.identity);
        put_line(q, &line);
    }
    return CLI_DONE;
}

/* ---- JSON */

static void write_set(stella_json_writer *w, const char *key, const roaring *set) {
    uint32_t first, last;
    stella_json_member_array(w, key);
    for (roaring_walk walk = roaring_begin(set); roaring_next(&walk, &first, &last);)
        for (uint64_t value = first; value <= last; value++)
            stella_json_write_u64(w, value);
    stella_json_end_array(w);
}

static void write_texts(stella_json_writer *w, const char *key, bom_index_texts texts) {
    stella_sv text;
    stella_json_member_array(w, key);
    while (bom_index_text_next(&texts, &text))
        stella_json_write_str(w, text);
    stella_json_end_array(w);
}

static void write_rows(query *q, stella_json_writer *w) {
    bom_index_rows rows = bom_index_begin(q->index);
    bom_index_row row;
    stella_json_member_array(w, "components");
    while (next_row(q, &rows, &row)) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "identity", row.identity);
        write_set(w, "layers", &row.layers);
        if (q->index->has_usage)
            write_set(w, "entrypoints", &row.entrypoints);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static int show_json(query *q) {
    const stella_sink sink = cli_out_sink(q->cli);
    stella_error err = {0};
    stella_json_writer w;
    char text[32];
    stella_json_writer_init(&w, &sink, 2);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "format", STELLA_SV("bom-index@1"));
    stella_json_member_str(&w, "imageDigest", q->index->image_digest);
    stella_json_member_opt(&w, "generatedAt", stella_sv_cstr(date(q->index->generated_us, text)));
    write_texts(&w, "layers", bom_index_layers(q->index));
    if (q->index->has_usage)
        write_texts(&w, "entrypoints", bom_index_entrypoints(q->index));
    write_rows(q, &w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, &err) == STELLA_OK ? CLI_DONE : cli_fail(q->cli, CLI_FAILED, &err);
}

/* Returns CLI_DONE, or CLI_GATE when the index has no such entrypoint. */
static int find_entrypoint(query *q) {
    bom_index_texts texts = bom_index_entrypoints(q->index);
    stella_sv text;
    if (!q->entrypoint)
        return CLI_DONE;
    for (uint32_t i = 0; bom_index_text_next(&texts, &text); i++)
        if (stella_sv_eq(text, stella_sv_cstr(q->entrypoint))) {
            q->launcher = i;
            return CLI_DONE;
        }
    fprintf(q->cli->err, "stella: the index has no entrypoint %s%s\n", cli_safe(q->cli, q->entrypoint),
            q->index->has_usage ? "" : ": it has no usage");
    return CLI_GATE;
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = {0};
    bom_index index;
    query q = {.cli = cli,
               .index = &index,
               .component = cli_value(args, "component"),
               .entrypoint = cli_value(args, "entrypoint")};
    stella_error err = {0};
    stella_status status = index_file_read(args->words[0], &bytes, &err);
    if (status != STELLA_OK)
        return cli_fail(cli, status == STELLA_E_NOMEM ? CLI_FAILED : CLI_TARGET, &err);
    if (index_file_shut_in(&err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    int exit_status = index_file_open(cli, args->words[0], &bytes, CLI_TARGET, &index);
    if (exit_status == CLI_DONE)
        exit_status = find_entrypoint(&q);
    if (exit_status == CLI_DONE)
        exit_status = cli_given(args, "json") ? show_json(&q) : show_text(&q);
    return exit_status == CLI_DONE && (q.component || q.entrypoint) && !q.rows ? CLI_GATE : exit_status;
}

static const cli_option options[] = {
    {.name = "component",
     .value = "PURL",
     .help = "Only this component, by its package URL; one without version stands for all versions"},
    {.name = "entrypoint", .value = "PATH", .help = "Only what this entrypoint reaches"},
    {.name = "json", .help = "As JSON"},
    {0},
};

static const cli_example examples[] = {
    {"stella index show bom-index.bin", "Layers, entrypoints and components."},
    {"stella index show bom-index.bin --component pkg:deb/debian/openssl", "In which layers it is, and who uses it."},
    {"stella index show bom-index.bin --entrypoint /app/server.js --json", "What one program reaches, for programs."},
    {0},
};

static const cli_exit exits[] = {
    {0, "shown"},
    {1, "nothing in it is what --component or --entrypoint asks for"},
    {2, "usage"},
    {3, "the file cannot be read, or is no valid BOM-Index"},
    {5, "out of memory, or the process could not be shut in"},
    {0},
};

const cli_verb cli_verb_index_show = {
    .name = "index show",
    .summary = "tell what a BOM-Index says",
    .arguments = "FILE",
    .words_min = 1,
    .words_max = 1,
    .description =
        "FILE is what stella scan -o bom-index writes; \"-\" is standard input. Of each component are shown the layers "
        "that hold it and the entrypoints that reach it, by their numbers. The file is checked as by stella index "
        "verify, in a process that can open nothing else.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
