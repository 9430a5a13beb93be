#include <stella/spdx.h>

#include <stella/digest.h>

#include "spdx_table.h"

#define REF_DIGITS 12 /* of the digest that tells cut texts apart */

/* What may come next in an expression. */
enum { WANT_OPERAND, WANT_EXCEPTION, BEHIND_LICENSE, BEHIND_OPERAND };

typedef struct normaliser {
    stella_sv rest;
    char *out;
    size_t used;
    int state;
    uint32_t open; /* brackets */
} normaliser;

const char *stella_spdx_list_version(void) {
    return stella_spdx_version;
}

static unsigned char lower(char c) {
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static int compare(stella_sv a, stella_sv b) {
    for (size_t i = 0; i < a.len && i < b.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return (int)lower(a.ptr[i]) - (int)lower(b.ptr[i]);
    return (a.len > b.len) - (a.len < b.len);
}

static stella_sv find(const spdx_table *table, stella_sv id) {
    size_t low = 0, high = table->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const stella_sv found = spdx_table_at(table, middle);
        const int order = compare(id, found);
        if (order == 0)
            return found;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return stella_sv_of(NULL, 0);
}

stella_sv stella_spdx_license(stella_sv id) {
    return find(&stella_spdx_licenses, id);
}

stella_sv stella_spdx_exception(stella_sv id) {
    return find(&stella_spdx_exceptions, id);
}

static int is_id_byte(char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '-';
}

/* Whether the word is the prefix and at least one more character of an id. */
static int is_ref(stella_sv word, stella_sv prefix) {
    if (!stella_sv_starts(word, prefix) || word.len == prefix.len)
        return 0;
    for (size_t i = prefix.len; i < word.len; i++)
        if (!is_id_byte(word.ptr[i]))
            return 0;
    return 1;
}

/* [DocumentRef-x:]name-y */
static int is_document_ref(stella_sv word, stella_sv prefix) {
    const size_t colon = stella_sv_find(word, ':');
    if (colon == word.len)
        return is_ref(word, prefix);
    return is_ref(stella_sv_first(word, colon), STELLA_SV("DocumentRef-")) &&
           is_ref(stella_sv_skip(word, colon + 1), prefix);
}

static void put(normaliser *n, stella_sv text) {
    memcpy(n->out + n->used, text.ptr, text.len);
    n->used += text.len;
}

static int put_license(normaliser *n, stella_sv word) {
    stella_sv known = stella_spdx_license(word); /* first with its '+': old identifiers end in one */
    n->state = BEHIND_LICENSE;
    if (known.ptr) {
        put(n, known);
        return 1;
    }
    if (is_document_ref(word, STELLA_SV("LicenseRef-"))) {
        put(n, word);
        return 1;
    }
    known = stella_spdx_license(stella_sv_first(word, word.len - 1));
    if (!known.ptr || word.ptr[word.len - 1] != '+')
        return 0;
    put(n, known);
    put(n, STELLA_SV("+"));
    return 1;
}

static int put_exception(normaliser *n, stella_sv word) {
    const stella_sv known = stella_spdx_exception(word);
    if (!known.ptr && !is_document_ref(word, STELLA_SV("AdditionRef-")))
        return 0;
    put(n, known.ptr ? known : word);
    n->state = BEHIND_OPERAND;
    return 1;
}

/* Operators are written all in upper or all in lower case. */
static int is_operator(stella_sv word, stella_sv upper, stella_sv low) {
    return stella_sv_eq(word, upper) || stella_sv_eq(word, low);
}

static int put_operator(normaliser *n, stella_sv word) {
    if (is_operator(word, STELLA_SV("AND"), STELLA_SV("and"))) {
        put(n, STELLA_SV(" AND "));
        n->state = WANT_OPERAND;
    } else if (is_operator(word, STELLA_SV("OR"), STELLA_SV("or"))) {
        put(n, STELLA_SV(" OR "));
        n->state = WANT_OPERAND;
    } else if (n->state == BEHIND_LICENSE && is_operator(word, STELLA_SV("WITH"), STELLA_SV("with"))) {
        put(n, STELLA_SV(" WITH "));
        n->state = WANT_EXCEPTION;
    } else {
        return 0;
    }
    return 1;
}

static int put_bracket(normaliser *n, char bracket) {
    const int opens = bracket == '(';
    if (opens ? n->state != WANT_OPERAND : n->state < BEHIND_LICENSE || n->open == 0)
        return 0;
    put(n, stella_sv_of(&bracket, 1));
    n->open = opens ? n->open + 1 : n->open - 1;
    n->state = opens ? WANT_OPERAND : BEHIND_OPERAND;
    return 1;
}

static int is_word_byte(char c) {
    return is_id_byte(c) || c == '+' || c == ':';
}

/* Takes one token and writes its normal form. Returns 0 when it cannot stand here. */
static int step(normaliser *n) {
    size_t len = 0;
    if (n->rest.ptr[0] == '(' || n->rest.ptr[0] == ')') {
        const char bracket = n->rest.ptr[0];
        n->rest = stella_sv_trim(stella_sv_skip(n->rest, 1));
        return put_bracket(n, bracket);
    }
    while (len < n->rest.len && is_word_byte(n->rest.ptr[len]))
        len++;
    if (len == 0)
        return 0;
    const stella_sv word = stella_sv_first(n->rest, len);
    n->rest = stella_sv_trim(stella_sv_skip(n->rest, len));
    if (n->state == WANT_OPERAND)
        return put_license(n, word);
    return n->state == WANT_EXCEPTION ? put_exception(n, word) : put_operator(n, word);
}

stella_sv stella_spdx_expression(stella_sv text, stella_arena *arena) {
    const stella_sv none = stella_sv_of(NULL, 0);
    normaliser n = {.rest = stella_sv_trim(text), .state = WANT_OPERAND};
    if (n.rest.len == 0 || n.rest.len > STELLA_SPDX_EXPRESSION_MAX)
        return none;
    /* Identifiers keep their length; an operator between brackets gains two blanks. */
    n.out = stella_arena_alloc(arena, 2, n.rest.len);
    if (!n.out)
        return none;
    while (n.rest.len)
        if (!step(&n))
            return none;
    return n.state >= BEHIND_LICENSE && n.open == 0 ? stella_sv_of(n.out, n.used) : none;
}

stella_sv stella_spdx_ref(stella_sv text, stella_arena *arena) {
    char id[STELLA_SPDX_REF_MAX], digest[STELLA_DIGEST_TEXT_SIZE];
    size_t used = 0;
    int is_whole = 1, is_gap = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_id_byte(text.ptr[i])) {
            is_gap = used != 0;
            continue;
        }
        if (used + (size_t)is_gap + 1 > sizeof id) {
            is_whole = 0;
            break;
        }
        if (is_gap)
            id[used++] = '-';
        id[used++] = text.ptr[i];
        is_gap = 0;
    }
    if (is_whole && used)
        return stella_arena_printf(arena, "LicenseRef-%.*s", (int)used, id);
    stella_digest_of(text, digest);
    return stella_arena_printf(arena, "LicenseRef-%.*s%s%.*s", (int)used, id, used ? "-" : "", REF_DIGITS,
                               strchr(digest, ':') + 1);
}
