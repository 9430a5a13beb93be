#include "applet.h"

/* "coreutils --coreutils-prog=PROGRAM WORD...": GNU coreutils built as one binary. */
static int named_by_option(const stella_word *word, stella_sv *out) {
    static const char *const options[] = {"--coreutils-prog=", "--coreutils-prog-shebang="};
    for (uint32_t i = 0; i < STELLA_COUNT(options); i++) {
        const stella_sv option = stella_sv_cstr(options[i]);
        if (stella_sv_starts(word->text, option)) {
            *out = stella_sv_skip(word->text, option.len);
            return 1;
        }
    }
    return 0;
}

/* The applet is linked under its own name in most images; then it is that link. Where none is, the binary itself is run
 * by the applet's name. */
static stella_status run_applet(stella_hop *hop, stella_launch *next, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    const int is_linked =
        stella_launch_find(hop->view, next, &file, NULL, NULL) == STELLA_OK && stella_sv_eq(file.path, hop->file->path);
    if (!is_linked) {
        next->program = stella_arena_printf(hop->view->arena, "/%.*s", STELLA_SV_FMT(hop->file->path));
        if (!next->program.ptr)
            return hop_nomem(err);
        next->flags |= STELLA_LAUNCH_APPLET;
    }
    return hop_main(hop, next, "applet", err);
}

stella_status applet_resolve(stella_hop *hop, stella_error *err) {
    const stella_launch *l = hop->launch;
    stella_launch next = launch_from(l, 0);
    stella_sv name;
    if (l->arg_count < 2)
        return STELLA_OK; /* says which applets there are */
    next = launch_from(l, 1);
    if (!word_is_known(&l->args[1]))
        return hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, l->args[1].text, err);
    if (named_by_option(&l->args[1], &name)) {
        const stella_word word = word_of(name);
        const stella_status status = launch_replace(hop->view->arena, &next, 0, 1, &word, 1, err);
        return status == STELLA_OK ? run_applet(hop, &next, err) : status;
    }
    return l->args[1].text.len && l->args[1].text.ptr[0] == '-' ? STELLA_OK : run_applet(hop, &next, err);
}
