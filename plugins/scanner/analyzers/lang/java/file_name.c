#include "file_name.h"

static int is_digit(stella_sv text, size_t at) {
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

static int begins_version(stella_sv text) {
    return is_digit(text, 0) || (stella_sv_starts(text, STELLA_SV("r")) && is_digit(text, 1)) ||
           (stella_sv_starts(text, STELLA_SV("rc")) && is_digit(text, 2)) || stella_sv_starts(text, STELLA_SV("build"));
}

/* Where the separator before the version stands; the length when there is none. */
static size_t find_version(stella_sv stem) {
    for (size_t i = 1; i < stem.len; i++)
        if (stem.ptr[i] == '-' && begins_version(stella_sv_skip(stem, i + 1)))
            return i;
    for (size_t i = 1; i < stem.len; i++)
        if ((stem.ptr[i] == '_' || stem.ptr[i] == '.') && is_digit(stem, i + 1))
            return i;
    return stem.len;
}

java_file_name java_file_name_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    const stella_sv base = slash < path.len ? stella_sv_skip(path, slash + 1) : path;
    const size_t dot = stella_sv_rfind(base, '.');
    java_file_name out = {.stem = stella_sv_first(base, dot), .extension = stella_sv_skip(base, dot + 1)};
    const size_t at = find_version(out.stem);
    out.name = stella_sv_first(out.stem, at);
    out.version = stella_sv_skip(out.stem, at + 1);
    return out;
}

int java_is_archive(stella_sv path) {
    static const stella_sv suffixes[] = {
        STELLA_SV_INIT("jar"), STELLA_SV_INIT("war"),  STELLA_SV_INIT("ear"),  STELLA_SV_INIT("par"),
        STELLA_SV_INIT("sar"), STELLA_SV_INIT("nar"),  STELLA_SV_INIT("jpi"),  STELLA_SV_INIT("hpi"),
        STELLA_SV_INIT("kar"), STELLA_SV_INIT("far"),  STELLA_SV_INIT("lpkg"), STELLA_SV_INIT("rar"),
        STELLA_SV_INIT("zap"), STELLA_SV_INIT("jmod"),
    };
    const size_t dot = stella_sv_rfind(path, '.');
    const stella_sv extension = stella_sv_skip(path, dot + 1);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (stella_sv_ieq(extension, suffixes[i]))
            return 1;
    return 0;
}
