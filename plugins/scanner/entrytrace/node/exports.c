#include "exports.h"

#include "entrytrace/common/text.h"

/* The first that applies: conditions stand in the order in which they are tried. */
// NOLINTNEXTLINE(misc-no-recursion): EXPORTS_DEPTH_MAX bounds it
static stella_sv resolve(const stella_json *value, int is_import, int depth) {
    const char *conditions = is_import ? "node import module-sync default" : "node require module-sync default";
    stella_sv found = STELLA_SV("");
    if (stella_json_is(value, STELLA_JSON_STRING))
        return stella_json_str(value);
    if (depth == EXPORTS_DEPTH_MAX || !value)
        return found;
    for (uint32_t i = 0; stella_json_is(value, STELLA_JSON_ARRAY) && i < value->count && !found.len; i++)
        found = resolve(stella_json_at(value, i), is_import, depth + 1);
    for (uint32_t i = 0; stella_json_is(value, STELLA_JSON_OBJECT) && i < value->count && !found.len; i++)
        if (text_list_has(conditions, value->members[i].key))
            found = resolve(&value->members[i].value, is_import, depth + 1);
    return found;
}

/* Of a pattern ("./lib/" with a star behind it) the length in front of the star when the subpath fits, else 0; *middle is what the star stands for. */
static size_t fits(stella_sv pattern, stella_sv subpath, stella_sv *middle) {
    const size_t star = stella_sv_find(pattern, '*');
    if (star == pattern.len)
        return 0;
    const stella_sv before = stella_sv_first(pattern, star), behind = stella_sv_skip(pattern, star + 1);
    if (subpath.len <= before.len + behind.len || !stella_sv_starts(subpath, before) ||
        !stella_sv_ends(subpath, behind))
        return 0;
    *middle = stella_sv_of(subpath.ptr + before.len, subpath.len - before.len - behind.len);
    return star + 1;
}

static stella_status put_middle(stella_sv target, stella_sv middle, stella_arena *arena, stella_sv *out,
                                stella_error *err) {
    const size_t star = stella_sv_find(target, '*');
    *out = target;
    if (star == target.len)
        return STELLA_OK;
    *out = stella_arena_printf(arena, "%.*s%.*s%.*s", STELLA_SV_FMT(stella_sv_first(target, star)),
                               STELLA_SV_FMT(middle), STELLA_SV_FMT(stella_sv_skip(target, star + 1)));
    return out->ptr ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what a package exports");
}

/* The entry of that subpath itself, else the pattern with the longest text before its star. */
static stella_status find_subpath(const stella_json *exports, stella_sv subpath, int is_import, stella_arena *arena,
                                  stella_sv *target, stella_error *err) {
    const stella_json *best = NULL;
    stella_sv middle = STELLA_SV(""), one;
    size_t longest = 0;
    for (uint32_t i = 0; i < exports->count; i++) {
        const stella_json_member *m = &exports->members[i];
        if (stella_sv_eq(m->key, subpath)) {
            *target = resolve(&m->value, is_import, 0);
            return STELLA_OK;
        }
        const size_t length = fits(m->key, subpath, &one);
        if (length > longest)
            longest = length, best = &m->value, middle = one;
    }
    return best ? put_middle(resolve(best, is_import, 0), middle, arena, target, err) : STELLA_OK;
}

stella_status exports_find(stella_sv text, stella_sv subpath, int is_import, stella_arena *arena, int *is_there,
                           stella_sv *target, stella_error *err) {
    const stella_json *json = NULL;
    *is_there = 0;
    *target = STELLA_SV("");
    const stella_status status = stella_json_parse(text, arena, &json, NULL);
    if (status != STELLA_OK)
        return status == STELLA_E_NOMEM ? stella_error_set(err, status, NULL, "no memory for a package.json")
                                        : STELLA_OK;
    const stella_json *exports = stella_json_is(json, STELLA_JSON_OBJECT) ? stella_json_get(json, "exports") : NULL;
    if (!exports || stella_json_is(exports, STELLA_JSON_NULL))
        return STELLA_OK;
    *is_there = 1;
    const int has_subpaths = stella_json_is(exports, STELLA_JSON_OBJECT) && exports->count &&
                             stella_sv_starts(exports->members[0].key, STELLA_SV("."));
    if (has_subpaths)
        return find_subpath(exports, subpath, is_import, arena, target, err);
    if (stella_sv_eq(subpath, STELLA_SV(".")))
        *target = resolve(exports, is_import, 0);
    return STELLA_OK;
}
