#include <stella/trace.h>

stella_sv stella_reason_name(uint32_t reason) {
    static const char *const names[STELLA_REASON_COUNT] = {[STELLA_REASON_COMMAND_NOT_FOUND] = "command-not-found",
                                                           [STELLA_REASON_MISSING_FILE] = "missing-file",
                                                           [STELLA_REASON_DYNAMIC_REFERENCE] = "dynamic-reference",
                                                           [STELLA_REASON_UNSUPPORTED_SYNTAX] = "unsupported-syntax",
                                                           [STELLA_REASON_RECURSION_LIMIT] = "recursion-limit",
                                                           [STELLA_REASON_INTERPRETER] = "interpreter-not-supported",
                                                           [STELLA_REASON_MODULE_NOT_FOUND] = "module-not-found",
                                                           [STELLA_REASON_JAR_NOT_FOUND] = "jar-not-found",
                                                           [STELLA_REASON_RUN_PARTS_EMPTY] = "run-parts-empty",
                                                           [STELLA_REASON_PERMISSION_DENIED] = "permission-denied",
                                                           [STELLA_REASON_CONTENT_UNAVAILABLE] = "content-unavailable",
                                                           [STELLA_REASON_NO_ENTRYPOINT] = "no-entrypoint",
                                                           [STELLA_REASON_LIMIT] = "limit"};
    return stella_sv_cstr(reason < STELLA_REASON_COUNT ? names[reason] : NULL);
}

stella_sv stella_node_kind_name(uint32_t kind) {
    static const char *const names[] = {[STELLA_NODE_COMMAND] = "command",
                                        [STELLA_NODE_SCRIPT] = "script",
                                        [STELLA_NODE_INCLUDE] = "include",
                                        [STELLA_NODE_INTERPRETER] = "interpreter",
                                        [STELLA_NODE_EXECUTABLE] = "executable",
                                        [STELLA_NODE_RUN_PARTS] = "run-parts",
                                        [STELLA_NODE_RUN_PARTS_SCRIPT] = "run-parts-script"};
    return stella_sv_cstr(kind < sizeof names / sizeof names[0] ? names[kind] : NULL);
}

stella_sv stella_step_name(uint32_t step) {
    static const char *const names[] = {[STELLA_STEP_RUN] = "run",
                                        [STELLA_STEP_MAIN] = "main",
                                        [STELLA_STEP_SERVICE] = "service",
                                        [STELLA_STEP_BACKGROUND] = "background",
                                        [STELLA_STEP_INCLUDE] = "include"};
    return stella_sv_cstr(step < sizeof names / sizeof names[0] ? names[step] : NULL);
}
