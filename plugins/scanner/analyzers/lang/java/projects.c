#include "projects.h"

#include "pom.h"
#include "properties.h"
#include "words.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <stdlib.h>

static stella_sv folder_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return stella_sv_first(path, slash < path.len ? slash : 0);
}

static stella_sv base_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return slash < path.len ? stella_sv_skip(path, slash + 1) : path;
}

/* A pom.xml elsewhere is a template or test data. */
static int is_maven_folder(stella_sv folder) {
    static const stella_sv roots[] = {
        STELLA_SV_INIT("META-INF/maven/"), STELLA_SV_INIT("BOOT-INF/classes/META-INF/maven/"),
        STELLA_SV_INIT("WEB-INF/classes/META-INF/maven/"), STELLA_SV_INIT("classes/META-INF/maven/")};
    for (uint32_t i = 0; i < STELLA_COUNT(roots); i++)
        if (stella_sv_starts(folder, roots[i]))
            return 1;
    return 0;
}

static stella_status make_room(project_list *list, stella_arena *arena) {
    if (list->count < list->room)
        return STELLA_OK;
    const uint32_t room = list->room ? 2 * list->room : 8;
    project_files *items = stella_arena_alloc(arena, room, sizeof *items);
    if (!items)
        return STELLA_E_NOMEM;
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    list->room = room;
    return STELLA_OK;
}

stella_status project_list_add(project_list *list, const zip_entry *entry, stella_arena *arena) {
    const stella_sv base = base_of(entry->name), folder = folder_of(entry->name);
    const int is_properties = stella_sv_eq(base, STELLA_SV("pom.properties"));
    if (!is_properties && !(stella_sv_eq(base, STELLA_SV("pom.xml")) && is_maven_folder(folder)))
        return STELLA_OK;
    if (list->count == 2 * PROJECTS_MAX) {
        list->is_cut = 1;
        return STELLA_OK;
    }
    const stella_status status = make_room(list, arena);
    if (status != STELLA_OK)
        return status;
    project_files *added = &list->items[list->count++];
    added->folder = folder;
    if (is_properties)
        added->properties = *entry;
    else
        added->pom = *entry;
    return STELLA_OK;
}

static int compare(const void *x, const void *y) {
    const project_files *a = x, *b = y;
    const int order = stella_sv_cmp(a->folder, b->folder);
    const uint64_t left = a->properties.header + a->pom.header, right = b->properties.header + b->pom.header;
    return order ? order : (left > right) - (left < right);
}

void project_list_join(project_list *list) {
    uint32_t kept = 0;
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, compare);
    for (uint32_t i = 0; i < list->count; i++) {
        project_files *last = kept ? &list->items[kept - 1] : NULL;
        const project_files *one = &list->items[i];
        if (!last || !stella_sv_eq(last->folder, one->folder))
            list->items[kept++] = *one;
        else if (one->properties.name.len)
            last->properties = one->properties;
        else
            last->pom = one->pom;
    }
    list->count = kept;
    if (list->count > PROJECTS_MAX) {
        list->count = PROJECTS_MAX;
        list->is_cut = 1;
    }
}

/* ---- pom.xml ------------------------------------------------------------------------------------------------------- */

static stella_sv first_of(stella_sv a, stella_sv b) {
    return a.len ? a : b;
}

/* Copies out of the scratch arena. */
static stella_status copy(stella_sv text, stella_arena *arena, stella_sv *out) {
    const stella_sv kept = stella_arena_dup(arena, text);
    if (!kept.ptr)
        return STELLA_E_NOMEM;
    *out = kept;
    return STELLA_OK;
}

static stella_status licenses_of(const pom *p, stella_arena *arena, stella_sv *out) {
    STELLA_AUTO(stella_buf_fini) stella_buf lines = stella_buf_of(PROJECT_TEXT_MAX);
    for (const xml_node *n = xml_child(xml_child(p->root, "licenses"), "license"); n; n = xml_again(n)) {
        const stella_sv text = first_of(xml_child_text(n, "name"), xml_child_text(n, "url"));
        for (stella_sv rest = text, line; stella_sv_split(&rest, '\n', &line);)
            (void)stella_buf_printf(&lines, "%s%.*s", line.ptr == text.ptr ? "" : " ",
                                    STELLA_SV_FMT(stella_sv_trim(line)));
        (void)stella_buf_add(&lines, STELLA_SV("\n"));
    }
    return copy(stella_buf_sv(&lines), arena, out);
}

/* One line; nothing for what is only for tests, or is not named. */
static stella_status add_dependency(pom_chain *chain, const xml_node *n, stella_arena *scratch, stella_buf *lines) {
    const stella_sv scope = xml_child_text(n, "scope");
    stella_sv group, name;
    if (stella_sv_eq(scope, STELLA_SV("test")) || stella_sv_eq(scope, STELLA_SV("system")))
        return STELLA_OK;
    stella_status status = pom_expand(chain, xml_child_text(n, "groupId"), scratch, &group);
    if (status == STELLA_OK)
        status = pom_expand(chain, xml_child_text(n, "artifactId"), scratch, &name);
    if (status != STELLA_OK || !java_is_word(group) || !java_is_word(name))
        return status;
    const int is_optional =
        stella_sv_eq(xml_child_text(n, "optional"), STELLA_SV("true")) || stella_sv_eq(scope, STELLA_SV("provided"));
    status =
        stella_buf_printf(lines, "%s %.*s:%.*s\n", is_optional ? "o" : "r", STELLA_SV_FMT(group), STELLA_SV_FMT(name));
    return status == STELLA_E_LIMIT ? STELLA_OK : status;
}

static stella_status dependencies_of(pom_chain *chain, stella_arena *arena, stella_arena *scratch, stella_sv *out) {
    STELLA_AUTO(stella_buf_fini) stella_buf lines = stella_buf_of(PROJECT_TEXT_MAX);
    uint32_t count = 0;
    stella_status status = STELLA_OK;
    for (const xml_node *n = pom_dependencies(chain->items[0]->root);
         n && status == STELLA_OK && count++ < PROJECT_DEPENDENCIES_MAX; n = xml_again(n))
        status = add_dependency(chain, n, scratch, &lines);
    return status == STELLA_OK ? copy(stella_buf_sv(&lines), arena, out) : status;
}

/* What pom.properties said already stays. */
static stella_status fill(stella_sv written, pom_chain *chain, stella_arena *arena, stella_arena *scratch,
                          stella_sv *out) {
    stella_sv text;
    if (out->len)
        return STELLA_OK;
    const stella_status status = pom_expand(chain, written, scratch, &text);
    return status == STELLA_OK ? copy(text, arena, out) : status;
}

static stella_status take_pom(const pom *p, stella_arena *arena, stella_arena *scratch, inner_project *out) {
    pom_chain chain = {.items = {p}, .count = 1};
    const struct {
        stella_sv written;
        stella_sv *to;
    } texts[] = {{pom_group(p), &out->group},
                 {p->name, &out->name},
                 {pom_version(p), &out->version},
                 {xml_child_text(xml_child(p->root, "organization"), "name"), &out->vendor},
                 {first_of(xml_child_text(p->root, "description"), xml_child_text(p->root, "name")), &out->description},
                 {xml_child_text(p->root, "url"), &out->homepage}};
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < STELLA_COUNT(texts) && status == STELLA_OK; i++)
        status = fill(texts[i].written, &chain, arena, scratch, texts[i].to);
    if (status == STELLA_OK)
        status = licenses_of(p, arena, &out->licenses);
    return status == STELLA_OK ? dependencies_of(&chain, arena, scratch, &out->dependencies) : status;
}

static stella_status read_pom(const zip *archive, const zip_entry *entry, stella_arena *arena, stella_arena *scratch,
                              inner_project *out, stella_error *err) {
    stella_sv text;
    pom p;
    stella_arena_reset(scratch);
    stella_status status = zip_read(archive, entry, scratch, POM_BYTES_MAX, &text, err);
    if (status == STELLA_OK)
        status = pom_parse(text, scratch, &p, err);
    if (status == STELLA_OK && (status = take_pom(&p, arena, scratch, out)) != STELLA_OK)
        stella_error_at(err, status, entry->name, "no memory for a pom.xml");
    stella_arena_reset(scratch);
    return status;
}

static stella_status read_properties(const zip *archive, const zip_entry *entry, stella_arena *arena,
                                     inner_project *out, stella_error *err) {
    stella_sv text;
    const stella_status status = zip_read(archive, entry, arena, PROPERTIES_BYTES_MAX, &text, err);
    if (status != STELLA_OK)
        return status;
    const pom_properties p = pom_properties_parse(text);
    out->group = p.group;
    out->name = p.name;
    out->version = p.version;
    return STELLA_OK;
}

/* The folder's own name: META-INF/maven/GROUP/ARTIFACT. */
static void fill_from_folder(stella_sv folder, inner_project *out) {
    const stella_sv above = folder_of(folder);
    if (!is_maven_folder(folder))
        return;
    if (out->name.len == 0)
        out->name = base_of(folder);
    if (out->group.len == 0)
        out->group = base_of(above);
}

stella_status project_read(const zip *archive, const project_files *files, stella_arena *arena, stella_arena *scratch,
                           inner_project *out, stella_error *err) {
    inner_project made = {.folder = files->folder};
    stella_status first = STELLA_OK, second = STELLA_OK;
    if (files->properties.name.len)
        first = read_properties(archive, &files->properties, arena, &made, err);
    if (files->pom.name.len && first != STELLA_E_NOMEM)
        second = read_pom(archive, &files->pom, arena, scratch, &made, err);
    fill_from_folder(files->folder, &made);
    made.is_sound = java_is_word(made.group) && java_is_word(made.name) && java_is_word(made.version);
    *out = made;
    return first != STELLA_OK ? first : second;
}
