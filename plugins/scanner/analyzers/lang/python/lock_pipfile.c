/* Pipfile.lock: "default" and "develop", each name to {"version": "==1.2"}. */
#include "lock.h"
#include "requirement.h"

static stella_status read_section(lock *l, const stella_json *section, uint32_t flags, stella_error *err) {
    if (!section || section->kind != STELLA_JSON_OBJECT)
        return STELLA_OK;
    for (uint32_t i = 0; i < section->count; i++) {
        const stella_json *package = &section->members[i].value;
        const stella_sv version = requirement_pin(stella_json_str(stella_json_get(package, "version")));
        lock_package *p;
        if (version.len == 0)
            continue; /* from a repository or a folder: no version is stated */
        const stella_status status = lock_package_add(l, section->members[i].key, version, package, &p, err);
        if (status != STELLA_OK)
            return status;
        if (p)
            lock_component_add(l, p, flags);
    }
    return STELLA_OK;
}

stella_status pipfile_read(stella_analysis *job, const stella_file *file, const stella_json *tree, stella_error *err) {
    const stella_json *main = stella_json_get(tree, "default"), *dev = stella_json_get(tree, "develop");
    lock l;
    stella_status status = lock_init(&l, job, file, (main ? main->count : 0) + (dev ? dev->count : 0), err);
    if (status == STELLA_OK)
        status = read_section(&l, main, 0, err);
    return status == STELLA_OK ? read_section(&l, dev, STELLA_COMPONENT_DEV, err) : status;
}
