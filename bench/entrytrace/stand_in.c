/* stand_in.c: takes the place of a server or a tool in a tree of the entrypoint corpus. It waits until it is killed, or
 * ends at once when /.stand-in says so of its file or of one of its words. Lines there, fields between tabs:
 *     once    WORD                ends at once when that is an argument
 *     helper  PATH                that file always ends at once
 *     fails   WORD                ... with status 1
 *     says    WORD    TEXT        ... and prints the text
 * Linked statically, for it runs in roots without libraries. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool has_word(int argc, char **argv, const char *word) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

/* The status with which one line of /.stand-in ends this run, or -1. */
static int status_by(char *line, int argc, char **argv, const char *self) {
    line[strcspn(line, "\n")] = '\0';
    char *rest = strchr(line, '\t');
    if (!rest)
        return -1;
    *rest++ = '\0';
    if (strcmp(line, "helper") == 0)
        return strcmp(rest, self) == 0 ? 0 : -1;
    char *text = strchr(rest, '\t');
    if (text)
        *text++ = '\0';
    if (!has_word(argc, argv, rest))
        return -1;
    if (text)
        puts(text);
    return strcmp(line, "fails") == 0;
}

int main(int argc, char **argv) {
    char self[PATH_MAX] = "";
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        return 1;
    FILE *rules = fopen("/.stand-in", "r");
    char line[4096];
    while (rules && fgets(line, sizeof line, rules)) {
        const int status = status_by(line, argc, argv, self);
        if (status >= 0)
            return status;
    }
    for (;;)
        pause();
}
