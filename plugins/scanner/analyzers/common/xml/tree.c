#include "common/xml/xml.h"

const xml_node *xml_child(const xml_node *node, const char *name) {
    const stella_sv wanted = stella_sv_cstr(name);
    for (const xml_node *child = node ? node->children : NULL; child; child = child->next)
        if (stella_sv_eq(child->name, wanted))
            return child;
    return NULL;
}

const xml_node *xml_again(const xml_node *node) {
    for (const xml_node *other = node ? node->next : NULL; other; other = other->next)
        if (stella_sv_eq(other->name, node->name))
            return other;
    return NULL;
}

stella_sv xml_text(const xml_node *node) {
    return node ? stella_sv_trim(node->text) : stella_sv_of(NULL, 0);
}

stella_sv xml_child_text(const xml_node *node, const char *name) {
    return xml_text(xml_child(node, name));
}

stella_sv xml_value(const xml_node *node, const char *name) {
    const stella_sv wanted = stella_sv_cstr(name);
    for (uint32_t i = 0; node && i < node->attribute_count; i++)
        if (node->attributes[i].namespace_.len == 0 && stella_sv_eq(node->attributes[i].name, wanted))
            return node->attributes[i].value;
    return stella_sv_of(NULL, 0);
}
