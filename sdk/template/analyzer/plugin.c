/* An analyzer: it says which files interest it, and adds a component for each thing that one of them proves.
 *
 * This one reads "@NAME@.lock", a line a package: name, blanks, version. Replace the interest and the reading of a
 * line by what your ecosystem writes; the rest may stay. */
#include <stella/analyzer.h>
#include <stella/cursor.h>

/* Files whose base name is @NAME@.lock, anywhere, kept whole up to 8 MiB. A larger one becomes an entry in the result's
 * errors. */
static const stella_interest interests[] = {
    {.mode = STELLA_KEEP, .name = "@NAME@.lock", .max_bytes = 8u << 20},
};

/* Splits "name version"; returns 0 when one of them is missing. */
static int read_line(stella_sv line, stella_sv *name, stella_sv *version) {
    const stella_sv text = stella_sv_trim(line);
    const size_t blank = stella_sv_find(text, ' ');
    *name = stella_sv_first(text, blank);
    *version = stella_sv_trim(stella_sv_skip(text, blank));
    return name->len && version->len;
}

static void read_lock(stella_analysis *job, const stella_file *file) {
    stella_cursor cursor = stella_cursor_of(file->bytes.ptr, file->bytes.len);
    stella_sv line, name, version;
    for (uint32_t number = 1; stella_cursor_line(&cursor, &line); number++) {
        if (stella_sv_trim(line).len == 0 || stella_sv_starts(line, STELLA_SV("#")))
            continue;
        if (!read_line(line, &name, &version)) {
            /* A line that cannot be used is said, not hidden; the others stand. */
            stella_note(job, STELLA_NOTE_ERROR, file->path, number, STELLA_SV("a line is \"name version\""));
            continue;
        }
        stella_component *c = stella_component_add(job, STELLA_SV("generic"), name, version, 0);
        stella_component_evidence(c, file, number, STELLA_SV("lockfile"));
    }
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self; /* what create made: this plugin has no state */
    (void)err;  /* filled by whoever returns something else than STELLA_OK */
    stella_file file = STELLA_FILE_INIT;
    for (stella_files it = stella_files_of(0); stella_files_next(job, &it, &file);)
        read_lock(job, &file);
    return STELLA_OK;
}

STELLA_ANALYZER("@ID@", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
