/* lock.h - .terraform.lock.hcl: the providers that "terraform init" selected.
 *
 *     provider "registry.terraform.io/hashicorp/random" {
 *       version     = "3.6.0"
 *       constraints = "~> 3.0"
 *       hashes      = ["h1:...", "zh:..."]
 *     }
 *
 * Source: Terraform's documentation, "Dependency Lock File". */
#ifndef TERRAFORM_LOCK_H
#define TERRAFORM_LOCK_H

#include "common/lexer.h"

typedef struct lock_provider {
    stella_sv address; /* "HOST/NAMESPACE/TYPE" */
    stella_sv version; /* empty: none is stated */
    uint32_t line;
} lock_provider;

lexer lock_open(stella_sv text, stella_arena *arena);

/* The next provider; out->address.ptr is NULL at the end. Other blocks are stepped over.
 * Returns STELLA_E_FORMAT for what is no lock file, STELLA_E_NOMEM. */
stella_status lock_next(lexer *lex, lock_provider *out, stella_error *err);

#endif
