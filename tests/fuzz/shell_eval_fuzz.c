/* Scripts, followed: any text ends, within the limits, with steps that keep the contract. */
#include "shell/shell_eval.h"

#include <stella/auto.h>

#include <assert.h>

typedef struct fuzz_hop {
    stella_hop hop; /* first */
    uint32_t steps;
} fuzz_hop;

static stella_status step(stella_hop *hop, const stella_launch *next, const stella_step *how, stella_error *err) {
    (void)err;
    assert(next->arg_count && how->kind >= STELLA_STEP_RUN && how->kind <= STELLA_STEP_BACKGROUND);
    for (uint32_t i = 1; i < next->env_count; i++)
        assert(stella_sv_cmp(next->env[i - 1].name, next->env[i].name) < 0);
    assert(++((fuzz_hop *)hop)->steps <= 1024);
    return STELLA_OK;
}

static stella_status include(stella_hop *hop, stella_sv path, const stella_step *how, stella_error *err) {
    (void)hop, (void)how, (void)err;
    assert(path.len);
    return STELLA_OK;
}

static stella_status terminal(stella_hop *hop, const stella_terminal *what, stella_error *err) {
    (void)hop, (void)what, (void)err;
    return STELLA_OK;
}

static stella_status unknown(stella_hop *hop, uint32_t reason, const stella_span *where, stella_sv detail,
                             stella_error *err) {
    (void)hop, (void)where, (void)detail, (void)err;
    assert(reason > 0 && reason < STELLA_REASON_COUNT);
    return STELLA_OK;
}

static stella_status language(stella_hop *hop, stella_sv name, stella_error *err) {
    (void)hop, (void)name, (void)err;
    return STELLA_OK;
}

/* A tree in which every file is this text, but for names with an "x". */
static stella_sv content;

static stella_status view_stat(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    (void)job, (void)err;
    if (stella_sv_find(path, 'x') < path.len)
        return STELLA_E_NOTFOUND;
    out->kind = stella_sv_ends(path, STELLA_SV("d")) ? STELLA_FILE_DIRECTORY : STELLA_FILE_REGULAR;
    out->mode = 0755;
    out->size = content.len;
    out->path = path;
    return STELLA_OK;
}

static stella_status view_read(stella_analysis *job, stella_sv path, stella_file *out, stella_error *err) {
    const stella_status status = view_stat(job, path, out, err);
    out->bytes = content;
    return status;
}

static int32_t view_next(stella_analysis *job, stella_sv directory, stella_entries *it, stella_file *out) {
    (void)job, (void)directory;
    out->kind = STELLA_FILE_REGULAR;
    out->mode = 0755;
    out->path = STELLA_SV("etc/a");
    return it->position++ == 0;
}

static int32_t cancelled(stella_analysis *job) {
    (void)job;
    return 0;
}

static void note(stella_analysis *job, uint32_t severity, stella_sv path, uint32_t line, stella_sv message) {
    (void)job, (void)severity, (void)path, (void)line, (void)message;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const stella_hop_ops ops = {.head = STELLA_HEAD(stella_hop_ops),
                                       .step = step,
                                       .include = include,
                                       .terminal = terminal,
                                       .unknown = unknown,
                                       .language = language};
    static const stella_analysis_ops view_ops = {.head = STELLA_HEAD(stella_analysis_ops),
                                                 .view_stat = view_stat,
                                                 .view_read = view_read,
                                                 .view_next = view_next,
                                                 .cancelled = cancelled,
                                                 .note = note};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)256 << 20);
    const stella_variable env[] = {{.name = STELLA_SV("PATH"), .value = {.text = STELLA_SV("/bin")}}};
    const stella_word args[] = {{.text = STELLA_SV("bash")},
                                {.text = STELLA_SV("/e")},
                                {.text = STELLA_SV("a b")},
                                {.text = STELLA_SV("$U"), .flags = STELLA_WORD_UNKNOWN | STELLA_WORD_MANY}};
    const stella_launch launch = {.struct_size = sizeof launch,
                                  .args = args,
                                  .arg_count = STELLA_COUNT(args),
                                  .env = env,
                                  .env_count = 1,
                                  .directory = STELLA_SV("/")};
    stella_analysis view = {.ops = &view_ops, .arena = arena};
    fuzz_hop hop = {.hop = {.ops = &ops, .launch = &launch, .view = &view, .run_parts_max = 64}};
    content = stella_sv_of((const char *)data, size);
    if (size < 65536)
        (void)shell_resolve(&hop.hop, NULL);
    return 0;
}
