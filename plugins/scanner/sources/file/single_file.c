#include "single_file.h"

#define SURE      20u /* a tar of anything is surer of itself */
#define MAGIC_MAX 16u

/* What analyzers read. Text is not among it: a plain path to a text is more likely a mistake, and file:PATH says that
 * it is none. */
static const stella_sv magics[] = {
    STELLA_SV_INIT("\177ELF"),
    STELLA_SV_INIT("MZ"),
    STELLA_SV_INIT("PK\3\4"),           /* zip: jar, wheel, nupkg */
    STELLA_SV_INIT("!<arch>\n"),        /* deb */
    STELLA_SV_INIT("\xed\xab\xee\xdb"), /* rpm */
    STELLA_SV_INIT("SQLite format 3"),  /* rpmdb.sqlite */
    STELLA_SV_INIT("\0asm"),            /* WebAssembly */
    STELLA_SV_INIT("\xfe\xed\xfa\xce"), /* Mach-O */
    STELLA_SV_INIT("\xfe\xed\xfa\xcf"),
    STELLA_SV_INIT("\xce\xfa\xed\xfe"),
    STELLA_SV_INIT("\xcf\xfa\xed\xfe"),
    STELLA_SV_INIT("\xca\xfe\xba\xbe"),
};

uint32_t single_file_detect(stella_target *target) {
    char head[MAGIC_MAX];
    uint64_t got = 0;
    if (stella_target_read(target, STELLA_SV(""), 0, head, sizeof head, &got, NULL) != STELLA_OK)
        return 0;
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (stella_sv_starts(stella_sv_of(head, got), magics[i]))
            return SURE;
    return 0;
}

stella_status single_file_open(stella_target *target, stella_error *err) {
    if (target->select.len)
        return stella_error_at(err, STELLA_E_INVALID, target->name, "a single file has no \"%.*s\" to select",
                               STELLA_SV_FMT(stella_sv_first(target->select, 96)));
    const stella_image image = {
        .struct_size = sizeof image, .kind = STELLA_SV("file"), .name = target->name, .created_ms = -1};
    stella_layer layer = {.struct_size = sizeof layer, .kind = STELLA_LAYER_FILE};
    stella_status status = stella_target_size(target, STELLA_SV(""), &layer.size, err);
    if (status == STELLA_OK)
        status = stella_target_image(target, &image, err);
    return status == STELLA_OK ? stella_target_layer(target, &layer, err) : status;
}
