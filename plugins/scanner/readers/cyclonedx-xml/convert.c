#include "convert.h"

#include "common/shape.h"

#define MEMBERS_MAX 256u /* of an object; the schema has none with half as many */

/* Elements that hold a list of elements of one name, or several. */
static const char *const lists[] = {
    "components",      "services",     "externalReferences",
    "hashes",          "licenses",     "properties",
    "authors",         "dependencies", "compositions",
    "vulnerabilities", "assemblies",   "occurrences",
    "methods",         "commits",      "patches",
    "ancestors",       "descendants",  "variants",
    "lifecycles",      "annotations",  "formulation",
    "declarations",    "endpoints",    "tags",
};

/* Where text and attributes stand together, JSON has a member for the text. */
static const struct {
    stella_sv element, member;
} contents[] = {
    {STELLA_SV_INIT("property"), STELLA_SV_INIT("value")},
};

static int is_one_of(stella_sv name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (stella_sv_eq(name, stella_sv_cstr(names[i])))
            return 1;
    return 0;
}

/* Tools were a list before they became components and services. */
static int is_list(const xml_node *node) {
    if (stella_sv_eq(node->name, STELLA_SV("tools")))
        return node->children && stella_sv_eq(node->children->name, STELLA_SV("tool"));
    return is_one_of(node->name, lists, STELLA_COUNT(lists));
}

/* What stands in the document as it is; the other types of the schema have no blanks at their ends. */
static stella_sv text_of(const xml_node *node) {
    static const char *const verbatim[] = {"description", "property", "text", "publisher"};
    return is_one_of(node->name, verbatim, STELLA_COUNT(verbatim)) ? node->text : xml_text(node);
}

static stella_sv content_of(const xml_node *node) {
    for (size_t i = 0; i < STELLA_COUNT(contents); i++)
        if (stella_sv_eq(node->name, contents[i].element))
            return contents[i].member;
    return STELLA_SV("content");
}

static void add(shapes *s, shape *parent, stella_sv key, const xml_node *node);

static void add_children(shapes *s, shape *made, const xml_node *node) {
    for (const xml_node *child = node->children; child; child = child->next) {
        const int is_ours = stella_sv_eq(child->namespace_, node->namespace_);
        const int is_element = made && made->kind == STELLA_JSON_ARRAY;
        if (is_ours && (is_element || (made && made->count < MEMBERS_MAX && !shape_get(made, child->name))))
            add(s, made, is_element ? STELLA_SV("") : child->name, child);
    }
}

static void add_object(shapes *s, shape *parent, stella_sv key, const xml_node *node) {
    shape *made = shape_begin(s, parent, key, STELLA_JSON_OBJECT, node->line);
    for (uint32_t i = 0; i < node->attribute_count; i++)
        if (node->attributes[i].namespace_.len == 0)
            shape_text(s, made, node->attributes[i].name, node->attributes[i].value, node->line);
    add_children(s, made, node);
    const stella_sv text = text_of(node);
    if (text.len)
        shape_text(s, made, content_of(node), text, node->line);
}

/* <dependency ref="a"><dependency ref="b"/></dependency>: {"ref": "a", "dependsOn": ["b"]} */
static void add_dependency(shapes *s, shape *parent, const xml_node *node) {
    shape *made = shape_begin(s, parent, STELLA_SV(""), STELLA_JSON_OBJECT, node->line), *on = NULL;
    shape_text(s, made, STELLA_SV("ref"), xml_value(node, "ref"), node->line);
    for (const xml_node *child = xml_child(node, "dependency"); child; child = xml_again(child)) {
        on = on ? on : shape_begin(s, made, STELLA_SV("dependsOn"), STELLA_JSON_ARRAY, child->line);
        shape_text(s, on, STELLA_SV(""), xml_value(child, "ref"), child->line);
    }
}

/* In a list of licenses: {"expression": "..."} or {"license": {...}} */
static void add_license(shapes *s, shape *parent, const xml_node *node) {
    shape *made = shape_begin(s, parent, STELLA_SV(""), STELLA_JSON_OBJECT, node->line);
    if (stella_sv_eq(node->name, STELLA_SV("expression")))
        shape_text(s, made, node->name, xml_text(node), node->line);
    else
        add_object(s, made, node->name, node);
}

/* An element of a list whose JSON is not the element's own. Returns 0 for the others. */
static int add_special(shapes *s, shape *parent, const xml_node *node) {
    if (stella_sv_eq(node->name, STELLA_SV("dependency")))
        add_dependency(s, parent, node);
    else if (stella_sv_eq(node->name, STELLA_SV("license")) || stella_sv_eq(node->name, STELLA_SV("expression")))
        add_license(s, parent, node);
    else if (stella_sv_eq(node->name, STELLA_SV("assembly")))
        shape_text(s, parent, STELLA_SV(""), xml_value(node, "ref"), node->line);
    else
        return 0;
    return 1;
}

/* The depth is that of XML: XML_DEPTH_MAX. */
static void add(shapes *s, shape *parent, stella_sv key, const xml_node *node) {
    if (key.len == 0 && add_special(s, parent, node))
        return;
    if (is_list(node))
        add_children(s, shape_begin(s, parent, key, STELLA_JSON_ARRAY, node->line), node);
    else if (node->children || node->attribute_count)
        add_object(s, parent, key, node);
    else
        shape_text(s, parent, key, text_of(node), node->line);
}

static void add_number(shapes *s, shape *root, stella_sv key, stella_sv text, uint32_t line) {
    shape *made = text.ptr ? shape_begin(s, root, key, STELLA_JSON_NUMBER, line) : NULL;
    if (made)
        made->text = text;
}

stella_status convert_bom(const xml_node *bom, stella_arena *arena, const stella_json **out, stella_error *err) {
    const stella_sv space = STELLA_SV(CONVERT_NAMESPACE);
    if (!stella_sv_eq(bom->name, STELLA_SV("bom")) || !stella_sv_starts(bom->namespace_, space))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a CycloneDX document");
    shapes s = {.arena = arena};
    shape *root = shape_begin(&s, NULL, STELLA_SV(""), STELLA_JSON_OBJECT, bom->line);
    const stella_sv serial = xml_value(bom, "serialNumber");
    shape_text(&s, root, STELLA_SV("bomFormat"), STELLA_SV("CycloneDX"), bom->line);
    shape_text(&s, root, STELLA_SV("specVersion"), stella_sv_skip(bom->namespace_, space.len), bom->line);
    if (serial.ptr)
        shape_text(&s, root, STELLA_SV("serialNumber"), serial, bom->line);
    add_number(&s, root, STELLA_SV("version"), xml_value(bom, "version"), bom->line);
    add_children(&s, root, bom);
    return shape_finish(&s, root, out, err);
}
