/* shell_ast.h - a shell script as a tree. Plain structs in an arena; texts are views of the script, or of copies in that
 * arena where a text is not written as it is meant ("\x", backquotes, "<<-"). Lists are linked by next.
 *
 * The grammar is POSIX.1-2017 XCU chapter 2 with what bash 5.2 adds to it ("Bash Reference Manual", chapter 3). */
#ifndef ENTRYTRACE_SHELL_AST_H
#define ENTRYTRACE_SHELL_AST_H

#include <stella/arena.h>
#include <stella/error.h>

#define SHELL_SCRIPT_MAX (1u << 20) /* bytes */
#define SHELL_DEPTH_MAX  200        /* of commands, substitutions and quotes in each other */
#define SHELL_NODES_MAX  200000     /* commands, words and parts of words */

/* Lines and columns count from 1, in bytes; last is the last byte, inclusive. */
typedef struct shell_range {
    uint32_t first_line, first_column, last_line, last_column;
} shell_range;

typedef struct shell_node shell_node;
typedef struct shell_word shell_word;

/* ---- words ----------------------------------------------------------------------------------------------------------
 */

#define SHELL_PART_LITERAL    1 /* text as it stands; "*", "~" and "{" in it mean what the shell makes of them */
#define SHELL_PART_QUOTED     2 /* text that means itself */
#define SHELL_PART_DOUBLE     3 /* "...": parts */
#define SHELL_PART_PARAMETER  4 /* $x, ${x...}: parameter */
#define SHELL_PART_COMMAND    5 /* $(...), `...`: body */
#define SHELL_PART_ARITHMETIC 6 /* $((...)): parts are the expression */
#define SHELL_PART_PROCESS    7 /* <(...), >(...): body */

/* What ${name...} does with the value. */
#define SHELL_OP_NONE           0
#define SHELL_OP_DEFAULT        1  /* - */
#define SHELL_OP_ASSIGN         2  /* = */
#define SHELL_OP_ERROR          3  /* ? */
#define SHELL_OP_ALTERNATE      4  /* + */
#define SHELL_OP_PREFIX         5  /* # */
#define SHELL_OP_PREFIX_LONG    6  /* ## */
#define SHELL_OP_SUFFIX         7  /* % */
#define SHELL_OP_SUFFIX_LONG    8  /* %% */
#define SHELL_OP_REPLACE        9  /* / */
#define SHELL_OP_REPLACE_ALL    10 /* // */
#define SHELL_OP_REPLACE_PREFIX 11 /* /# */
#define SHELL_OP_REPLACE_SUFFIX 12 /* /% */
#define SHELL_OP_SUBSTRING      13 /* : */
#define SHELL_OP_UPPER_FIRST    14 /* ^ */
#define SHELL_OP_UPPER          15 /* ^^ */
#define SHELL_OP_LOWER_FIRST    16 /* , */
#define SHELL_OP_LOWER          17 /* ,, */
#define SHELL_OP_TRANSFORM      18 /* @Q: argument is the letter */
#define SHELL_OP_NAMES          19 /* ${!name*}, ${!name@} */

typedef struct shell_parameter {
    stella_sv name; /* "HOME", "1", "@" */
    uint32_t op;    /* SHELL_OP_* */
    uint32_t is_length;
    uint32_t is_indirect;          /* ${!name}; with an index of "@" or "*": the keys */
    uint32_t has_colon;            /* of DEFAULT, ASSIGN, ERROR, ALTERNATE: empty counts as unset */
    const shell_word *index;       /* ${name[index]}; NULL: none */
    const shell_word *argument;    /* word, pattern or offset; NULL: none */
    const shell_word *replacement; /* of REPLACE*; of SUBSTRING: the length */
} shell_parameter;

typedef struct shell_part {
    uint32_t kind;  /* SHELL_PART_* */
    stella_sv text; /* LITERAL, QUOTED: the bytes; others: how it is written */
    const struct shell_part *parts;
    const shell_parameter *parameter;
    const shell_node *body;
    const struct shell_part *next;
} shell_part;

/* One of name=value, name+=value, name[index]=value, name=(elements). */
typedef struct shell_assignment {
    stella_sv name;
    uint32_t is_append;
    uint32_t is_array;
    const shell_word *index;                 /* NULL: none */
    const shell_word *value;                 /* NULL with is_array */
    const struct shell_assignment *elements; /* of an array: name is empty, index may be NULL */
    shell_range range;
    const struct shell_assignment *next;
} shell_assignment;

struct shell_word {
    stella_sv source;                   /* as written */
    const shell_part *parts;            /* NULL: the empty word */
    const shell_assignment *assignment; /* argument of export, local, declare, ...: what it assigns; else NULL */
    shell_range range;
    const shell_word *next;
};

/* ---- commands -------------------------------------------------------------------------------------------------------
 */

#define SHELL_NODE_SIMPLE         1  /* assignments, words */
#define SHELL_NODE_PIPELINE       2  /* body: its commands */
#define SHELL_NODE_AND            3  /* condition && body */
#define SHELL_NODE_OR             4  /* condition || body */
#define SHELL_NODE_SUBSHELL       5  /* ( body ) */
#define SHELL_NODE_GROUP          6  /* { body } */
#define SHELL_NODE_IF             7  /* condition, body, otherwise; elif is an IF alone in otherwise */
#define SHELL_NODE_WHILE          8  /* condition, body */
#define SHELL_NODE_UNTIL          9  /* condition, body */
#define SHELL_NODE_FOR            10 /* name, words unless IMPLICIT, body */
#define SHELL_NODE_SELECT         11 /* as FOR */
#define SHELL_NODE_FOR_ARITHMETIC 12 /* words: three expressions; body */
#define SHELL_NODE_CASE           13 /* words: the subject; cases */
#define SHELL_NODE_FUNCTION       14 /* name, body: one compound command */
#define SHELL_NODE_TEST           15 /* [[ test ]] */
#define SHELL_NODE_ARITHMETIC     16 /* (( words )) */
#define SHELL_NODE_COPROC         17 /* name, body */

/* Bits of shell_node.flags. */
#define SHELL_BACKGROUND 1u /* ends in & */
#define SHELL_NEGATED    2u /* of a PIPELINE: begins with ! */
#define SHELL_TIMED      4u /* of a PIPELINE: begins with time */
#define SHELL_IMPLICIT   8u /* of FOR, SELECT: over "$@" */

#define SHELL_REDIRECT_INPUT       1  /* < */
#define SHELL_REDIRECT_OUTPUT      2  /* > */
#define SHELL_REDIRECT_APPEND      3  /* >> */
#define SHELL_REDIRECT_CLOBBER     4  /* >| */
#define SHELL_REDIRECT_READ_WRITE  5  /* <> */
#define SHELL_REDIRECT_INPUT_COPY  6  /* <& */
#define SHELL_REDIRECT_OUTPUT_COPY 7  /* >& */
#define SHELL_REDIRECT_BOTH        8  /* &> */
#define SHELL_REDIRECT_BOTH_APPEND 9  /* &>> */
#define SHELL_REDIRECT_HERE        10 /* <<: body */
#define SHELL_REDIRECT_HERE_TABS   11 /* <<-: body, without the tabs */
#define SHELL_REDIRECT_HERE_STRING 12 /* <<< */

#define SHELL_FD_NONE 0xffffffffu

typedef struct shell_redirect {
    uint32_t op;              /* SHELL_REDIRECT_* */
    uint32_t fd;              /* as written before it, or SHELL_FD_NONE */
    stella_sv fd_name;        /* {name}>: where the number is put */
    const shell_word *target; /* of HERE*: the word that ends the document */
    const shell_word *body;   /* of HERE*: the document, of which a quoted end word makes one QUOTED part */
    const struct shell_redirect *next;
} shell_redirect;

#define SHELL_CASE_END   1 /* ;; */
#define SHELL_CASE_FALL  2 /* ;& */
#define SHELL_CASE_AGAIN 3 /* ;;& */

typedef struct shell_case {
    const shell_word *patterns;
    const shell_node *body;
    uint32_t end; /* SHELL_CASE_* */
    const struct shell_case *next;
} shell_case;

#define SHELL_TEST_AND    1 /* left && right */
#define SHELL_TEST_OR     2 /* left || right */
#define SHELL_TEST_NOT    3 /* ! left */
#define SHELL_TEST_UNARY  4 /* op word */
#define SHELL_TEST_BINARY 5 /* word op other */
#define SHELL_TEST_WORD   6 /* word */

typedef struct shell_test {
    uint32_t kind; /* SHELL_TEST_* */
    stella_sv op;  /* "-f", "==", "=~", "-eq", "<" */
    const struct shell_test *left, *right;
    const shell_word *word, *other;
} shell_test;

struct shell_node {
    uint32_t kind;  /* SHELL_NODE_*; each names the members that it has */
    uint32_t flags; /* SHELL_BACKGROUND, ... */
    shell_range range;
    stella_sv name;
    const shell_assignment *assignments;
    const shell_word *words;
    const shell_redirect *redirects; /* of any command */
    const shell_node *condition, *body, *otherwise;
    const shell_case *cases;
    const shell_test *test;
    const shell_node *next;
};

typedef struct shell_script {
    const shell_node *body; /* all whole commands; NULL: none */
    uint32_t node_count;
    uint32_t has_fault;   /* 1: what follows body is not shell, or is beyond a limit: fault says why */
    shell_range fault_at; /* where */
    stella_error fault;   /* "line 12: the quote that begins here never ends"; STELLA_E_FORMAT or STELLA_E_LIMIT */
} shell_script;

#endif
