#include "archive.h"
#include "arguments.h"

#include "entrytrace/common/files.h"
#include "entrytrace/common/options.h"

/* The options of the java launcher (JDK 8 to 23) that have a value of their own or matter here; the others are flags. */
#define JAVA_OPTIONS                                                                                                   \
    "-cp,-classpath,--class-path=CLASSPATH -jar=JAR -p,--module-path=MODULEPATH -m,--module=MODULE --add-modules=_ "   \
    "--limit-modules=_ --add-reads=_ --add-exports=_ --add-opens=_ --patch-module=_ --upgrade-module-path=_ "          \
    "--source=_ -d,--describe-module:ENDS --list-modules:ENDS --validate-modules:ENDS -version,--version:ENDS "        \
    "-help,--help,-h,-?:ENDS -X,--help-extra:ENDS --dry-run:ENDS --enable-native-access=_ --illegal-native-access=_"

#define JARS_MAX   4096 /* that one class path may have, with those that manifests name */
#define NESTED_MAX 8    /* files of words that name others */

typedef struct java {
    stella_hop *hop;
    stella_launch call;    /* with the words of files in their place */
    stella_sv class_path;  /* ptr NULL: not given */
    stella_sv module_path; /* empty: not given */
    stella_sv jar, module, main_class;
    stella_sv *seen; /* archives that were stated */
    uint32_t seen_count;
    int32_t ends, is_dynamic; /* the main class may be hidden in what is not known */
} java;

/* Takes the words of the file that the word at that place names. */
static stella_status expand_one(java *x, uint32_t at, stella_error *err) {
    const stella_sv path = stella_sv_skip(x->call.args[at].text, 1);
    stella_file file;
    stella_status status = hop_read(x->hop, path, ARGUMENTS_FILE_MAX, &file, err);
    if (status != STELLA_OK)
        return hop_unread(x->hop, status, path, err);
    stella_word *words = NULL;
    uint32_t count = 0;
    status = arguments_parse(file.bytes, x->hop->view->arena, &words, &count, err);
    return status == STELLA_OK ? launch_replace(x->hop->view->arena, &x->call, at, at + 1, words, count, err) : status;
}

/* Whether the word before may have taken this one for its value. */
static int is_value(const java *x, uint32_t at) {
    const stella_sv before = x->call.args[at - 1].text;
    return text_list_has("-cp -classpath --class-path -p --module-path --source", before) ||
           (stella_sv_starts(before, STELLA_SV("--add-")) && stella_sv_find(before, '=') == before.len);
}

/* Whether what is run begins at that word: no file of words is looked for behind it. */
static int begins_program(const java *x, uint32_t at) {
    const stella_word *word = &x->call.args[at];
    const int is_option = word->text.len && (word->text.ptr[0] == '-' || word->text.ptr[0] == '@');
    if (!is_option)
        return !(word->flags & STELLA_WORD_MANY) && !is_value(x, at);
    return text_list_has("-jar -m --module", word->text);
}

/* "@FILE" before the main class; "@@" is one '@', and files do not name others. */
static stella_status expand_files(java *x, stella_error *err) {
    uint32_t left = NESTED_MAX;
    for (uint32_t i = 1; i < x->call.arg_count && !begins_program(x, i); i++) {
        const stella_word *word = &x->call.args[i];
        const int is_file = word->text.len > 1 && word->text.ptr[0] == '@' && word->text.ptr[1] != '@';
        if (!is_file || !word_is_known(word) || !left)
            continue;
        left--;
        const uint32_t before = x->call.arg_count;
        const stella_status status = expand_one(x, i, err);
        if (status != STELLA_OK)
            return status;
        i += x->call.arg_count > before ? x->call.arg_count - before : 0;
    }
    return STELLA_OK;
}

/* JDK_JAVA_OPTIONS stands before the words of the command line (JDK 9 and later). */
static stella_status expand_variable(java *x, stella_error *err) {
    stella_word *words = NULL;
    uint32_t count = 0;
    const stella_sv text = launch_text(&x->call, "JDK_JAVA_OPTIONS");
    if (!text.len)
        return STELLA_OK;
    const stella_status status = arguments_parse(text, x->hop->view->arena, &words, &count, err);
    return status == STELLA_OK ? launch_replace(x->hop->view->arena, &x->call, 1, 1, words, count, err) : status;
}

static stella_status take_option(java *x, const option *found, stella_error *err) {
    const int is_known = word_is_known(&found->value);
    if (stella_sv_eq(found->meaning, STELLA_SV("ENDS"))) {
        x->ends = 1;
        return STELLA_OK;
    }
    if (!is_known && stella_sv_eq(found->meaning, STELLA_SV("CLASSPATH")))
        x->class_path = STELLA_SV("");
    if (!is_known && !stella_sv_eq(found->meaning, STELLA_SV("_"))) {
        x->is_dynamic |= !stella_sv_eq(found->meaning, STELLA_SV("CLASSPATH"));
        return hop_unknown(x->hop, STELLA_REASON_DYNAMIC_REFERENCE, found->value.text, err);
    }
    if (stella_sv_eq(found->meaning, STELLA_SV("CLASSPATH")))
        x->class_path = found->value.text;
    else if (stella_sv_eq(found->meaning, STELLA_SV("MODULEPATH")))
        x->module_path = found->value.text;
    else if (stella_sv_eq(found->meaning, STELLA_SV("JAR")))
        x->jar = found->value.text;
    else if (stella_sv_eq(found->meaning, STELLA_SV("MODULE")))
        x->module = found->value.text;
    return STELLA_OK;
}

/* ---- the class path
 */

/* Remembers an archive. Returns 0 when it was there before, or they are too many. */
static int is_new(java *x, stella_sv path) {
    for (uint32_t i = 0; i < x->seen_count; i++)
        if (stella_sv_eq(x->seen[i], path))
            return 0;
    if (x->seen_count == JARS_MAX)
        return 0;
    x->seen[x->seen_count++] = path;
    return 1;
}

static stella_status use(java *x, const stella_file *file, stella_sv via, stella_error *err) {
    const stella_sv path = stella_arena_dup(x->hop->view->arena, file->path);
    if (!path.ptr)
        return hop_nomem(err);
    return is_new(x, path) ? stella_hop_uses(x->hop, path, STELLA_SV("class-path"), via, err) : STELLA_OK;
}

/* "lib/ *": every archive of the directory. */
static stella_status use_all_of(java *x, stella_sv directory, stella_error *err) {
    const stella_sv path = launch_path(x->hop->view->arena, x->hop->launch->directory, directory);
    files jars;
    stella_file file;
    if (!path.ptr)
        return STELLA_OK;
    stella_status status = files_matching(x->hop, path, STELLA_SV("*.[jJ][aA][rR]"), &jars, err);
    for (uint32_t i = 0; i < jars.count && status == STELLA_OK; i++) {
        const stella_sv full = stella_arena_printf(x->hop->view->arena, "/%.*s", STELLA_SV_FMT(jars.paths[i]));
        if (hop_is_file(x->hop, full, &file))
            status = use(x, &file, STELLA_SV(""), err);
    }
    return status;
}

static stella_status use_entry(java *x, stella_sv entry, stella_error *err) {
    stella_file file;
    if (stella_sv_eq(text_base(entry), STELLA_SV("*")))
        return use_all_of(x, entry.len > 1 ? stella_sv_first(entry, entry.len - 1) : STELLA_SV("."), err);
    if (hop_stat(x->hop, entry.len ? entry : STELLA_SV("."), &file, NULL) != STELLA_OK)
        return STELLA_OK;   /* java steps over what is not there */
    if (file.path.len == 0) /* "/": the root of the tree is no file that one could name */
        return STELLA_OK;
    return file.kind == STELLA_FILE_REGULAR || entry.len ? use(x, &file, STELLA_SV(""), err) : STELLA_OK;
}

static stella_status use_path(java *x, stella_sv path, stella_error *err) {
    stella_sv entry;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && stella_sv_split(&path, ':', &entry))
        status = use_entry(x, entry, err);
    return status;
}

/* What the manifest of an archive names, seen from the archive's own directory. */
static stella_status use_manifest_path(java *x, stella_sv jar, stella_sv list, stella_error *err) {
    const stella_sv above = stella_arena_printf(x->hop->view->arena, "/%.*s", STELLA_SV_FMT(text_directory(jar)));
    stella_sv name;
    stella_status status = above.ptr ? STELLA_OK : hop_nomem(err);
    while (status == STELLA_OK && text_word(&list, &name)) {
        stella_file file;
        if (stella_sv_starts(name, STELLA_SV("file:")))
            name = stella_sv_skip(name, 5);
        const stella_sv path = launch_path(x->hop->view->arena, above, name);
        const stella_sv full = path.ptr ? stella_arena_printf(x->hop->view->arena, "/%.*s", STELLA_SV_FMT(path)) : path;
        if (!full.ptr)
            return hop_nomem(err);
        if (hop_is_file(x->hop, full, &file))
            status = use(x, &file, jar, err);
    }
    return status;
}

/* "-javaagent:FILE[=OPTIONS]". */
static stella_status take_agent(java *x, stella_sv word, stella_error *err) {
    const stella_sv prefix = STELLA_SV("-javaagent:");
    if (!stella_sv_starts(word, prefix))
        return STELLA_OK;
    const stella_sv rest = stella_sv_skip(word, prefix.len);
    return use_entry(x, stella_sv_first(rest, stella_sv_find(rest, '=')), err);
}

/* JAVA_TOOL_OPTIONS and _JAVA_OPTIONS are read by the virtual machine: no class to run stands in them. */
static stella_status take_tool_options(java *x, const char *name, stella_error *err) {
    stella_sv rest = launch_text(x->hop->launch, name), word;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && text_word(&rest, &word))
        status = take_agent(x, word, err);
    return status;
}

/* Reads the launcher's options up to what is run. Words of which nothing is known - $JAVA_OPTS - are taken for options,
 * as long as something follows that can be run. */
static stella_status read_options(java *x, stella_error *err) {
    options o = options_of(JAVA_OPTIONS, &x->call);
    o.is_whole = 1;
    option found;
    while (!x->ends && !x->jar.len && !x->module.len && !x->is_dynamic) {
        const options_result result = options_next(&o, &found);
        if (result == OPTIONS_END)
            break;
        if (result == OPTIONS_DYNAMIC) {
            x->is_dynamic = o.at + 1 >= x->call.arg_count;
            o.at++;
        } else if (result == OPTIONS_FOUND) {
            const stella_status status = take_option(x, &found, err);
            if (status != STELLA_OK)
                return status;
        } else if (take_agent(x, found.name, err) != STELLA_OK) { /* "-Xmx1g", "-Dname=value": one word each */
            return STELLA_E_NOMEM;
        }
    }
    if (x->jar.len || x->module.len || x->ends || o.at >= x->call.arg_count)
        return STELLA_OK;
    if (!word_is_known(&x->call.args[o.at])) {
        x->is_dynamic = 1;
        return hop_unknown(x->hop, STELLA_REASON_DYNAMIC_REFERENCE, x->call.args[o.at].text, err);
    }
    x->main_class = x->call.args[o.at].text;
    return STELLA_OK;
}

/* ---- what is run
 */

static stella_status run_jar(java *x, stella_error *err) {
    stella_file file;
    if (!hop_is_file(x->hop, x->jar, &file)) {
        const int is_dynamic = !x->hop->launch->directory.len && !stella_sv_starts(x->jar, STELLA_SV("/"));
        return hop_unknown(x->hop, is_dynamic ? STELLA_REASON_DYNAMIC_REFERENCE : STELLA_REASON_JAR_NOT_FOUND, x->jar,
                           err);
    }
    archive_start start = {0};
    stella_status status = hop_read(x->hop, x->jar, ARCHIVE_FILE_MAX, &file, err);
    if (status == STELLA_OK)
        status = archive_read(file.bytes, x->hop->view->arena, &start, err);
    const int is_read = status == STELLA_OK;
    if (!is_read)
        status = hop_unread(x->hop, status, x->jar, err);
    if (status == STELLA_OK)
        status = use(x, &file, STELLA_SV(""), err);
    if (status == STELLA_OK)
        status = use_manifest_path(x, file.path, start.class_path, err);
    if (status != STELLA_OK)
        return status;
    if (is_read && !start.main_class.len)
        return hop_unknown(x->hop, STELLA_REASON_MODULE_NOT_FOUND, x->jar, err);
    return hop_terminal(x->hop, "java", file.path, is_read ? 98 : 80, err);
}

static stella_status run_class(java *x, stella_error *err) {
    stella_file file;
    if (stella_sv_ends(x->main_class, STELLA_SV(".java")) && hop_is_file(x->hop, x->main_class, &file))
        return hop_terminal(x->hop, "java", file.path, 95, err); /* JEP 330: a source file is compiled and run */
    stella_status status = STELLA_OK;
    const stella_sv variable = launch_text(x->hop->launch, "CLASSPATH");
    if (!x->module.len)
        status = use_path(x, x->class_path.ptr ? x->class_path : variable, err);
    if (status == STELLA_OK && x->class_path.ptr && x->module.len)
        status = use_path(x, x->class_path, err);
    stella_sv modules = x->module_path, entry;
    while (status == STELLA_OK && x->module_path.len && stella_sv_split(&modules, ':', &entry))
        status = hop_is_directory(x->hop, entry, &file) ? use_all_of(x, entry, err) : use_entry(x, entry, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv main = x->seen_count == 1 ? x->seen[0] : STELLA_SV("");
    return hop_terminal(x->hop, "java", main, x->seen_count ? 95 : 75, err);
}

static stella_status resolve(void *self, stella_hop *hop, stella_error *err) {
    (void)self;
    java x = {.hop = hop, .call = *hop->launch};
    if (hop->file->type == STELLA_TYPE_SCRIPT)
        return hop_shebang(hop, err);
    x.seen = stella_arena_alloc(hop->view->arena, JARS_MAX, sizeof *x.seen);
    if (!x.seen)
        return hop_nomem(err);
    stella_status status = stella_hop_language(hop, STELLA_SV("java"), err);
    if (status == STELLA_OK)
        status = take_tool_options(&x, "JAVA_TOOL_OPTIONS", err);
    if (status == STELLA_OK)
        status = take_tool_options(&x, "_JAVA_OPTIONS", err);
    if (status == STELLA_OK)
        status = expand_variable(&x, err);
    if (status == STELLA_OK)
        status = expand_files(&x, err);
    if (status == STELLA_OK)
        status = read_options(&x, err);
    if (status != STELLA_OK || x.ends)
        return status;
    if (x.jar.len)
        return run_jar(&x, err);
    if (x.module.len || x.main_class.len)
        return run_class(&x, err);
    return x.is_dynamic ? hop_unknown(hop, STELLA_REASON_DYNAMIC_REFERENCE, STELLA_SV("java"), err) : STELLA_OK;
}

static const char *const programs[] = {"java", NULL};

STELLA_ENTRYTRACE("org.stella-ops.entrytrace.java", "0.1.0", programs, .resolve = resolve);
