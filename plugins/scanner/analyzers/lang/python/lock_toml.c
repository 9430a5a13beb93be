/* poetry.lock (versions 1 and 2), pdm.lock, pylock.toml (PEP 751): tables of packages in TOML. */
#include "lock.h"
#include "requirement.h"

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static int is_true(const stella_json *object, const char *key) {
    return stella_json_is(stella_json_get(object, key), STELLA_JSON_TRUE);
}

static int has_text(const stella_json *array, const char *text) {
    for (uint32_t i = 0; array && array->kind == STELLA_JSON_ARRAY && i < array->count; i++)
        if (stella_sv_eq(stella_json_str(&array->items[i]), stella_sv_cstr(text)))
            return 1;
    return 0;
}

/* The project's own folder. */
static int is_project(const stella_json *package) {
    const stella_json *folder = stella_json_get(package, "directory");
    return is_true(package, "editable") || stella_sv_eq(text_of(package, "path"), STELLA_SV(".")) ||
           stella_sv_eq(text_of(folder, "path"), STELLA_SV("."));
}

/* An empty list of packages is a lock file too. */
static stella_status begin(lock *l, stella_analysis *job, const stella_file *file, const stella_json *list,
                           stella_error *err) {
    return lock_init(l, job, file, list && list->kind == STELLA_JSON_ARRAY ? list->count : 0, err);
}

/* Adds the packages of a list, with their components; flags_of says what more they are. */
static stella_status add_all(lock *l, const stella_json *list, uint32_t (*flags_of)(const stella_json *package),
                             stella_error *err) {
    for (uint32_t i = 0; i < l->room; i++) {
        const stella_json *package = stella_json_at(list, i);
        lock_package *p;
        const stella_status status =
            lock_package_add(l, text_of(package, "name"), text_of(package, "version"), package, &p, err);
        if (status != STELLA_OK)
            return status;
        if (p)
            p->is_root = is_project(package) || p->version.len == 0;
    }
    lock_index(l);
    for (uint32_t i = 0; i < l->count; i++) {
        lock_package *p = &l->packages[i];
        uint32_t at = 0;
        /* pdm lists a package again for each set of its extras */
        const lock_package *first = lock_find(l, p->name, p->version, &at);
        if (!p->is_root && first->component)
            p->component = first->component;
        else if (!p->is_root)
            lock_component_add(l, p, flags_of(p->source));
    }
    return STELLA_OK;
}

/* ---- poetry ---------------------------------------------------------------------------------------------------------
 */

static uint32_t poetry_flags(const stella_json *package) {
    const stella_json *groups = stella_json_get(package, "groups");
    const int is_dev = stella_sv_eq(text_of(package, "category"), STELLA_SV("dev")) ||
                       (groups && groups->kind == STELLA_JSON_ARRAY && groups->count && !has_text(groups, "main"));
    return (is_dev ? STELLA_COMPONENT_DEV : 0) | (is_true(package, "optional") ? STELLA_COMPONENT_OPTIONAL : 0);
}

stella_status poetry_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err) {
    const stella_json *list = stella_json_get(tree, "package");
    lock l;
    stella_status status = begin(&l, job, file, list, err);
    if (status == STELLA_OK)
        status = add_all(&l, list, poetry_flags, err);
    for (uint32_t i = 0; status == STELLA_OK && i < l.count; i++) {
        const stella_json *needs = stella_json_get(l.packages[i].source, "dependencies");
        for (uint32_t j = 0; needs && needs->kind == STELLA_JSON_OBJECT && j < needs->count; j++) {
            const int is_optional = is_true(&needs->members[j].value, "optional");
            lock_relate(&l, &l.packages[i], needs->members[j].key, stella_sv_of("", 0),
                        is_optional ? STELLA_RELATION_OPTIONAL : 0);
        }
    }
    return status;
}

/* ---- pdm ------------------------------------------------------------------------------------------------------------
 */

/* Groups other than "default" are of development, or extras of the project: the lock file does not tell which. */
static uint32_t pdm_flags(const stella_json *package) {
    const stella_json *groups = stella_json_get(package, "groups");
    if (!groups || groups->kind != STELLA_JSON_ARRAY || groups->count == 0 || has_text(groups, "default"))
        return 0;
    return has_text(groups, "dev") || has_text(groups, "test") || has_text(groups, "tests") ||
                   has_text(groups, "lint") || has_text(groups, "doc") || has_text(groups, "docs")
               ? STELLA_COMPONENT_DEV
               : STELLA_COMPONENT_OPTIONAL;
}

stella_status pdm_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err) {
    const stella_json *list = stella_json_get(tree, "package");
    lock l;
    stella_status status = begin(&l, job, file, list, err);
    if (status == STELLA_OK)
        status = add_all(&l, list, pdm_flags, err);
    for (uint32_t i = 0; status == STELLA_OK && i < l.count; i++) {
        const stella_json *needs = stella_json_get(l.packages[i].source, "dependencies");
        for (uint32_t j = 0; needs && needs->kind == STELLA_JSON_ARRAY && j < needs->count; j++) {
            requirement r;
            if (requirement_parse(stella_json_str(&needs->items[j]), &r))
                lock_relate(&l, &l.packages[i], r.name, requirement_pin(r.spec), 0);
        }
    }
    return status;
}

/* ---- pylock ---------------------------------------------------------------------------------------------------------
 */

static uint32_t pylock_flags(const stella_json *package) {
    (void)package;
    return 0;
}

stella_status pylock_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err) {
    const stella_json *list = stella_json_get(tree, "packages");
    lock l;
    stella_status status = begin(&l, job, file, list, err);
    if (status == STELLA_OK)
        status = add_all(&l, list, pylock_flags, err);
    for (uint32_t i = 0; status == STELLA_OK && i < l.count; i++) {
        const stella_json *needs = stella_json_get(l.packages[i].source, "dependencies");
        for (uint32_t j = 0; needs && needs->kind == STELLA_JSON_ARRAY && j < needs->count; j++)
            lock_relate(&l, &l.packages[i], text_of(&needs->items[j], "name"), text_of(&needs->items[j], "version"), 0);
    }
    return status;
}
