#include "script.h"

#include "search.h"

/* "from MODULE import NAME" at the beginning of a line. */
static stella_sv imported(stella_sv line) {
    stella_sv word, module;
    if (!line.len || text_is_blank(line.ptr[0]))
        return STELLA_SV("");
    if (!text_word(&line, &word) || !stella_sv_eq(word, STELLA_SV("from")) || !text_word(&line, &module))
        return STELLA_SV("");
    if (!text_word(&line, &word) || !stella_sv_eq(word, STELLA_SV("import")) || !search_is_module(module))
        return STELLA_SV("");
    return module;
}

stella_sv script_module(stella_sv text) {
    stella_sv line;
    if (!stella_sv_starts(text, STELLA_SV("#!")))
        return STELLA_SV("");
    while (stella_sv_split(&text, '\n', &line)) {
        const stella_sv module = imported(line);
        if (module.len && !text_list_has("__future__ importlib importlib.metadata importlib_metadata", module))
            return module;
    }
    return STELLA_SV("");
}

/* 'text' and what separates it from the next. */
static int take_quoted(stella_sv *rest, stella_sv *out) {
    const stella_sv behind = stella_sv_skip(*rest, stella_sv_find(*rest, '\'') + 1);
    const size_t end = stella_sv_find(behind, '\'');
    if (end == behind.len)
        return 0;
    *out = stella_sv_first(behind, end);
    *rest = stella_sv_skip(behind, end + 1);
    return 1;
}

int script_entry_of(stella_sv text, script_entry *out) {
    const stella_sv mark = STELLA_SV("# EASY-INSTALL-ENTRY-SCRIPT:");
    stella_sv line, spec;
    script_entry entry;
    while (stella_sv_split(&text, '\n', &line)) {
        if (!stella_sv_starts(line, mark))
            continue;
        line = stella_sv_skip(line, mark.len);
        if (!take_quoted(&line, &spec) || !take_quoted(&line, &entry.group) || !take_quoted(&line, &entry.name))
            return 0;
        const size_t equals = stella_sv_find(spec, '=');
        entry.distribution = stella_sv_first(spec, equals);
        entry.version = stella_sv_skip(spec, equals + 2);
        if (!entry.distribution.len || memchr(spec.ptr, '/', spec.len))
            return 0;
        *out = entry;
        return 1;
    }
    return 0;
}

stella_sv script_entry_module(stella_sv entry_points, const script_entry *entry) {
    stella_sv line;
    for (int is_in = 0; stella_sv_split(&entry_points, '\n', &line);) {
        line = stella_sv_trim(line);
        if (stella_sv_starts(line, STELLA_SV("["))) {
            const stella_sv group = stella_sv_skip(line, 1);
            is_in = stella_sv_eq(stella_sv_first(group, stella_sv_find(group, ']')), entry->group);
            continue;
        }
        const size_t equals = stella_sv_find(line, '=');
        if (!is_in || !stella_sv_eq(stella_sv_trim(stella_sv_first(line, equals)), entry->name))
            continue;
        const stella_sv value = stella_sv_trim(stella_sv_skip(line, equals + 1));
        const stella_sv module = stella_sv_trim(stella_sv_first(value, text_span(value, ":[ ")));
        return search_is_module(module) ? module : STELLA_SV("");
    }
    return STELLA_SV("");
}
