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
