/* problem.h - errors as RFC 9457 problem documents. */
#ifndef KERNEL_HTTP_PROBLEM_H
#define KERNEL_HTTP_PROBLEM_H

#include <stella/arena.h>
#include <stella/error.h>

#define PROBLEM_TYPE "application/problem+json"

/* The HTTP status that fits an error code. */
uint32_t problem_status(stella_status code);

/* {"type":"about:blank","title":...,"status":n,"detail":message,"code":...,"at":path}. In the arena; when that is spent
 * a static document. */
stella_sv problem_document(uint32_t status, const stella_error *error, stella_arena *arena);

#endif
