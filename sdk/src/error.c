#include <stella/error.h>

#include <stdarg.h>
#include <stdio.h>

static const char *const names[] = {
    [STELLA_OK] = "ok",
    [STELLA_E_INVALID] = "invalid",
    [STELLA_E_FORMAT] = "format",
    [STELLA_E_LIMIT] = "limit",
    [STELLA_E_NOTFOUND] = "not-found",
    [STELLA_E_IO] = "io",
    [STELLA_E_NOMEM] = "memory",
    [STELLA_E_ABI] = "abi",
    [STELLA_E_DENIED] = "denied",
    [STELLA_E_EXISTS] = "exists",
    [STELLA_E_CONFLICT] = "conflict",
    [STELLA_E_TIMEOUT] = "timeout",
    [STELLA_E_CRASHED] = "crashed",
    [STELLA_E_UNSUPPORTED] = "unsupported",
    [STELLA_E_PENDING] = "pending",
    [STELLA_E_CANCELLED] = "cancelled",
    [STELLA_E_BUSY] = "busy",
    [STELLA_E_INTERNAL] = "internal",
};

STELLA_PRINTF(4, 0)
static void fill(stella_error *err, stella_status code, stella_sv path, const char *format, va_list args) {
    stella_error made = {.code = code}; /* built apart: an argument may point into *err */
    vsnprintf(made.message, sizeof made.message, format, args);
    const size_t len = path.len < sizeof made.path ? path.len : sizeof made.path - 1;
    if (len)
        memcpy(made.path, path.ptr, len);
    *err = made;
}

stella_status stella_error_set(stella_error *err, stella_status code, const char *path, const char *format, ...) {
    if (!err)
        return code;
    va_list args;
    va_start(args, format);
    fill(err, code, stella_sv_cstr(path), format, args);
    va_end(args);
    return code;
}

stella_status stella_error_at(stella_error *err, stella_status code, stella_sv path, const char *format, ...) {
    if (!err)
        return code;
    va_list args;
    va_start(args, format);
    fill(err, code, path, format, args);
    va_end(args);
    return code;
}

const char *stella_status_name(stella_status code) {
    const int is_known = code >= 0 && (size_t)code < sizeof names / sizeof names[0];
    return is_known ? names[code] : "unknown";
}
