#include "common/spdx_terms.h"

#include "common/facts.h"

static uint32_t flags_of(stella_sv comment) {
    static const struct {
        stella_sv word;
        uint32_t flag;
    } words[] = {{STELLA_SV_INIT("inferred"), STELLA_RELATION_INFERRED},
                 {STELLA_SV_INIT("optional"), STELLA_RELATION_OPTIONAL},
                 {STELLA_SV_INIT("dev"), STELLA_RELATION_DEV}};
    uint32_t flags = 0;
    for (stella_sv word; stella_sv_split(&comment, ',', &word);)
        for (uint32_t i = 0; i < STELLA_COUNT(words); i++)
            if (stella_sv_eq(stella_sv_trim(word), words[i].word))
                flags |= words[i].flag;
    return flags;
}

int spdx_relation(stella_sv type, stella_sv comment, uint32_t *kind, uint32_t *flags, int *is_turned) {
    static const struct {
        stella_sv type;
        uint32_t kind, flags;
        int is_turned;
    } types[] = {
        {STELLA_SV_INIT("DEPENDS_ON"), STELLA_RELATION_DEPENDS_ON, 0, 0},
        {STELLA_SV_INIT("DEPENDENCY_OF"), STELLA_RELATION_DEPENDS_ON, 0, 1},
        {STELLA_SV_INIT("RUNTIME_DEPENDENCY_OF"), STELLA_RELATION_DEPENDS_ON, 0, 1},
        {STELLA_SV_INIT("OPTIONAL_DEPENDENCY_OF"), STELLA_RELATION_DEPENDS_ON, STELLA_RELATION_OPTIONAL, 1},
        {STELLA_SV_INIT("DEV_DEPENDENCY_OF"), STELLA_RELATION_DEPENDS_ON, STELLA_RELATION_DEV, 1},
        {STELLA_SV_INIT("CONTAINS"), STELLA_RELATION_CONTAINS, 0, 0},
        {STELLA_SV_INIT("CONTAINED_BY"), STELLA_RELATION_CONTAINS, 0, 1},
        {STELLA_SV_INIT("OPTIONAL_COMPONENT_OF"), STELLA_RELATION_CONTAINS, STELLA_RELATION_OPTIONAL, 1},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(types); i++)
        if (stella_sv_eq(type, types[i].type)) {
            *kind = types[i].kind;
            *flags = types[i].flags | flags_of(comment);
            *is_turned = types[i].is_turned;
            return 1;
        }
    return 0;
}

stella_sv spdx_kind(stella_sv purpose) {
    static const struct {
        stella_sv purpose, kind;
    } kinds[] = {{STELLA_SV_INIT("APPLICATION"), STELLA_SV_INIT("application")},
                 {STELLA_SV_INIT("FRAMEWORK"), STELLA_SV_INIT("framework")},
                 {STELLA_SV_INIT("LIBRARY"), STELLA_SV_INIT("library")},
                 {STELLA_SV_INIT("CONTAINER"), STELLA_SV_INIT("container")},
                 {STELLA_SV_INIT("OPERATING_SYSTEM"), STELLA_SV_INIT("operating-system")},
                 {STELLA_SV_INIT("OPERATING-SYSTEM"), STELLA_SV_INIT("operating-system")},
                 {STELLA_SV_INIT("DEVICE"), STELLA_SV_INIT("device")},
                 {STELLA_SV_INIT("FIRMWARE"), STELLA_SV_INIT("firmware")},
                 {STELLA_SV_INIT("FILE"), STELLA_SV_INIT("file")}};
    for (uint32_t i = 0; i < STELLA_COUNT(kinds); i++)
        if (stella_sv_eq(purpose, kinds[i].purpose))
            return kinds[i].kind;
    return STELLA_SV("");
}

/* The operand at the front of a chain of ANDs, and what is behind it. An OR outside brackets makes all of it one. */
static stella_sv take_operand(stella_sv *expression) {
    const stella_sv whole = *expression, operator= STELLA_SV(" AND ");
    uint32_t open = 0;
    for (size_t i = 0; i < whole.len; i++) {
        open += whole.ptr[i] == '(' ? 1u : 0u;
        open -= whole.ptr[i] == ')' && open ? 1u : 0u;
        if (open == 0 && stella_sv_starts(stella_sv_skip(whole, i), operator)) {
            *expression = stella_sv_skip(whole, i + operator.len);
            return stella_sv_first(whole, i);
        }
    }
    *expression = stella_sv_of(NULL, 0);
    return whole;
}

static int has_outer_or(stella_sv text) {
    uint32_t open = 0;
    for (size_t i = 0; i < text.len; i++) {
        open += text.ptr[i] == '(' ? 1u : 0u;
        open -= text.ptr[i] == ')' && open ? 1u : 0u;
        if (open == 0 && stella_sv_starts(stella_sv_skip(text, i), STELLA_SV(" OR ")))
            return 1;
    }
    return 0;
}

/* Without the brackets that stand around all of it. */
static stella_sv unbracketed(stella_sv text) {
    uint32_t open = 0;
    for (size_t i = 0; i < text.len; i++) {
        open += text.ptr[i] == '(' ? 1u : 0u;
        open -= text.ptr[i] == ')' && open ? 1u : 0u;
        if (open == 0 && (i == 0 || i + 1 < text.len))
            return text;
    }
    return open || text.len < 2 ? text : stella_sv_of(text.ptr + 1, text.len - 2);
}

void spdx_licenses(stella_component *c, stella_sv expression, stella_sv (*free_name)(const void *self, stella_sv id),
                   const void *self) {
    if (expression.len == 0 || stella_sv_eq(expression, STELLA_SV("NOASSERTION")) ||
        stella_sv_eq(expression, STELLA_SV("NONE")))
        return;
    if (has_outer_or(expression)) {
        stella_component_license(c, STELLA_LICENSE_EXPRESSION, expression);
        return;
    }
    while (expression.ptr) {
        const stella_sv operand = take_operand(&expression), name = free_name(self, operand);
        const stella_sv license = name.len ? name : unbracketed(operand);
        if (license.len)
            stella_component_license(c, name.len ? STELLA_LICENSE_NAME : STELLA_LICENSE_EXPRESSION, license);
    }
}

stella_sv spdx_actor(stella_sv text, stella_arena *arena) {
    static const stella_sv prefixes[] = {STELLA_SV_INIT("Organization:"), STELLA_SV_INIT("Person:")};
    for (uint32_t i = 0; i < STELLA_COUNT(prefixes); i++) {
        if (!stella_sv_starts(text, prefixes[i]))
            continue;
        const stella_sv who = stella_sv_trim(stella_sv_skip(text, prefixes[i].len));
        const size_t open = stella_sv_rfind(who, '(');
        if (!stella_sv_ends(who, STELLA_SV(")")) || open == 0)
            return who;
        const stella_sv address = stella_sv_of(who.ptr + open + 1, who.len - open - 2);
        const stella_sv name = stella_sv_trim(stella_sv_first(who, open));
        return address.len ? stella_arena_printf(arena, "%.*s <%.*s>", STELLA_SV_FMT(name), STELLA_SV_FMT(address))
                           : name;
    }
    return STELLA_SV("");
}

stella_status spdx_people(stella_component *c, stella_sv supplier, stella_sv originator, stella_arena *arena,
                          stella_error *err) {
    const stella_sv vendor = spdx_actor(supplier, arena), maintainer = spdx_actor(originator, arena);
    if (!vendor.ptr || !maintainer.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a name");
    stella_component_set(c, STELLA_FIELD_MAINTAINER, maintainer);
    if (!stella_sv_eq(vendor, maintainer)) /* who supplies it when there is no vendor */
        stella_component_set(c, STELLA_FIELD_VENDOR, vendor);
    return STELLA_OK;
}

void spdx_source(stella_component *c, stella_sv source_info) {
    const stella_sv prefix = STELLA_SV("built package from: ");
    if (!stella_sv_starts(source_info, prefix))
        return;
    const stella_sv source = stella_sv_skip(source_info, prefix.len);
    const size_t blank = stella_sv_find(source, ' ');
    stella_component_set(c, STELLA_FIELD_SOURCE_NAME, stella_sv_first(source, blank));
    stella_component_set(c, STELLA_FIELD_SOURCE_VERSION, stella_sv_skip(source, blank + 1));
}

/* ptr NULL: out of memory. */
static stella_sv unescape(stella_sv text, stella_arena *arena) {
    if (stella_sv_find(text, '\\') == text.len)
        return text;
    char *out = stella_arena_alloc(arena, text.len, 1);
    size_t used = 0;
    for (size_t i = 0; out && i < text.len; i++) {
        const int is_escape = text.ptr[i] == '\\' && i + 1 < text.len;
        i += is_escape ? 1 : 0;
        out[used++] = is_escape && text.ptr[i] == 'n' ? '\n' : text.ptr[i];
    }
    return stella_sv_of(out, out ? used : 0);
}

int spdx_next_fact(spdx_facts *it, stella_sv *name, stella_sv *value) {
    const stella_sv prefix = STELLA_SV(FACTS_PREFIX);
    for (stella_sv line; !it->is_short && stella_sv_split(&it->rest, '\n', &line);) {
        const size_t equals = stella_sv_find(line, '=');
        if (!stella_sv_starts(line, prefix) || equals == line.len)
            continue;
        *name = stella_sv_skip(stella_sv_first(line, equals), prefix.len);
        *value = unescape(stella_sv_skip(line, equals + 1), it->arena);
        it->is_short = !value->ptr;
        return !it->is_short;
    }
    return 0;
}
