/* su_exec.c: USER[:GROUP] COMMAND...: runs the command as that user in the same process. Stands for su-exec, which Debian
 * does not package. Linked statically, so it reads /etc/passwd and /etc/group itself. */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The number in column of the entry of that name in a file of the passwd family; a number stands for itself. */
static int number_of(const char *file, const char *name, int column, long *out) {
    char *end = NULL;
    *out = strtol(name, &end, 10);
    if (*name && !*end)
        return 0;
    FILE *f = fopen(file, "r");
    char line[1024];
    const size_t len = strlen(name);
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, name, len) != 0 || line[len] != ':')
            continue;
        const char *at = line;
        for (int i = 0; at && i < column; i++)
            at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL;
        if (at)
            *out = strtol(at, NULL, 10);
        fclose(f);
        return at ? 0 : -1;
    }
    if (f)
        fclose(f);
    return -1;
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    char *group = strchr(argv[1], ':');
    if (group)
        *group++ = '\0';
    long uid = 0;
    long gid = 0;
    if (number_of("/etc/passwd", argv[1], 2, &uid) != 0)
        return 1;
    if (group ? number_of("/etc/group", group, 2, &gid) != 0 : number_of("/etc/passwd", argv[1], 3, &gid) != 0)
        gid = uid;
    if (setgroups(0, NULL) != 0 || setgid((gid_t)gid) != 0 || setuid((uid_t)uid) != 0)
        return 1;
    execvp(argv[2], argv + 2);
    return 127;
}
