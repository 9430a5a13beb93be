#include "stack.h"

stack_entry stack_read(const stella_json *package) {
    const stella_json *completed = stella_json_get(package, "completed");
    const stella_json *hackage = stella_json_get(completed, "hackage");
    if (!hackage) {
        const stella_json *name = stella_json_get(completed, "name");
        return (stack_entry){.name = stella_json_str(name),
                             .version = stella_json_str(stella_json_get(completed, "version")),
                             .line = name ? name->line : 0};
    }
    stella_sv text = stella_json_str(hackage);
    text = stella_sv_first(text, stella_sv_find(text, '@'));
    const size_t dash = stella_sv_rfind(text, '-'); /* a version holds none */
    return (stack_entry){
        .name = stella_sv_first(text, dash), .version = stella_sv_skip(text, dash + 1), .line = hackage->line};
}
