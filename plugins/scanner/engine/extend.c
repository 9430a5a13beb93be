#include "extend.h"

/* The engine has seen every file itself; of the others only those that are not idle are in the matcher. */
static int is_hit(const matcher *m, stella_sv path, uint32_t type) {
    matcher_hit hits[MATCHER_HITS_MAX];
    const uint32_t count = matcher_match(m, path, hits);
    for (uint32_t i = 0; i < count; i++)
        if (hits[i].plugin != ANALYZERS_ENGINE && (hits[i].type == 0 || hits[i].type == type))
            return 1;
    return count == MATCHER_HITS_MAX; /* there may be more */
}

int extend_is_wanted(const pack *base, const analyzers *all) {
    pack_walk w;
    pack_walk_init(&w, base, 0);
    while (pack_walk_next(&w)) {
        pack_row row;
        pack_row_at(base, w.row, &row);
        if (row.kind == STELLA_FILE_REGULAR && is_hit(all->matcher, w.path, row.type))
            return 1;
    }
    return 0;
}

stella_status extend_copy(const pack *base, stella_sv plugin, stella_sv digest, pack_writer *w, pack_segment *out,
                          stella_error *err) {
    uint32_t at;
    pack_segment known;
    if (!pack_segment_find(base, plugin, &at))
        return stella_error_at(err, STELLA_E_FORMAT, plugin, "the pack to extend has nothing of this plugin");
    pack_segment_at(base, at, &known);
    if (!stella_sv_eq(known.digest, digest))
        return stella_error_at(err, STELLA_E_FORMAT, plugin, "the pack to extend is of another binary of this plugin");
    stella_status status = pack_writer_begin(w, plugin, digest, err);
    if (status == STELLA_OK)
        status = pack_writer_add(w, pack_segment_bytes(base, at), err);
    return status == STELLA_OK ? pack_writer_end(w, out, err) : status;
}
