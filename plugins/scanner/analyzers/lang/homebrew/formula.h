/* formula.h - the beginning of a formula: desc, homepage and license of Homebrew's Ruby classes.
 *
 *     class Wget < Formula
 *       desc "Internet file retriever"
 *       homepage "https://www.gnu.org/software/wget/"
 *       license any_of: ["MIT", { "GPL-2.0-only" => { with: "Classpath-exception-2.0" } }]
 *
 * A formula is a program; it is not run. Reading ends at its first method, or where Ruby goes beyond words and quoted
 * texts. Source: Homebrew's "Formula Cookbook". */
#ifndef HOMEBREW_FORMULA_H
#define HOMEBREW_FORMULA_H

#include "common/lexer.h"

#define FORMULA_LICENSES_MAX 32

/* Texts borrow from the file, or live in the arena. */
typedef struct formula {
    stella_sv description, homepage;
    stella_sv licenses[FORMULA_LICENSES_MAX]; /* each an SPDX expression; what is behind the last is left out */
    uint32_t license_count;
} formula;

/* out  set on success
 * Returns STELLA_E_NOMEM. */
stella_status formula_read(stella_sv text, stella_arena *arena, formula *out, stella_error *err);

#endif
