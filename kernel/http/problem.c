#include "http/problem.h"

#include <stella/auto.h>
#include <stella/json.h>

static const struct {
    uint32_t status;
    const char *title;
} titles[] = {
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {507, "Insufficient Storage"},
};

uint32_t problem_status(stella_status code) {
    switch (code) {
    case STELLA_E_INVALID:
    case STELLA_E_FORMAT:
        return 400;
    case STELLA_E_DENIED:
        return 403;
    case STELLA_E_NOTFOUND:
        return 404;
    case STELLA_E_EXISTS:
    case STELLA_E_CONFLICT:
        return 409;
    case STELLA_E_UNSUPPORTED:
        return 501;
    case STELLA_E_BUSY:
    case STELLA_E_PENDING:
    case STELLA_E_CANCELLED:
        return 503;
    case STELLA_E_TIMEOUT:
        return 504;
    case STELLA_E_LIMIT:
        return 507;
    default:
        return 500;
    }
}

static const char *title_of(uint32_t status) {
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Error";
}

stella_sv problem_document(uint32_t status, const stella_error *error, stella_arena *arena) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(8192);
    const stella_sink sink = stella_buf_sink(&buf);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "type", STELLA_SV("about:blank"));
    stella_json_member_str(&w, "title", stella_sv_cstr(title_of(status)));
    stella_json_member_u64(&w, "status", status);
    stella_json_member_str(&w, "detail", stella_sv_cstr(error->message));
    stella_json_member_str(&w, "code", stella_sv_cstr(stella_status_name(error->code)));
    stella_json_member_opt(&w, "at", stella_sv_cstr(error->path));
    stella_json_end_object(&w);
    if (stella_json_finish(&w, NULL) == STELLA_OK) {
        const stella_sv text = stella_arena_dup(arena, stella_buf_sv(&buf));
        if (text.ptr)
            return text;
    }
    return STELLA_SV("{\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500}");
}
