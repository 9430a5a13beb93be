/* processes.h - finds a supervisor's host, and what is left of it. */
#ifndef TESTS_UNIT_WORKER_PROCESSES_H
#define TESTS_UNIT_WORKER_PROCESSES_H

#include "unit/worker/fixture.h"

#include <ctype.h>
#include <dirent.h>

/* Living processes whose group is the given one; hosts have a group of their own, and their children stay in it. */
static int group_size(pid_t group) {
    DIR *proc = opendir("/proc");
    int count = 0;
    for (const struct dirent *e; (e = readdir(proc));) {
        char path[300], text[512];
        if (!isdigit((unsigned char)e->d_name[0]))
            continue;
        snprintf(path, sizeof path, "/proc/%s/stat", e->d_name);
        FILE *stat = fopen(path, "re");
        const size_t got = stat ? fread(text, 1, sizeof text - 1, stat) : 0;
        if (stat)
            fclose(stat);
        text[got] = 0;
        const char *rest = strrchr(text, ')');
        char status;
        int parent, its_group;
        if (rest && sscanf(rest + 1, " %c %d %d", &status, &parent, &its_group) == 3 && its_group == group &&
            status != 'Z')
            count++;
    }
    closedir(proc);
    return count;
}

static int becomes_empty(pid_t group) {
    for (int tries = 0; tries < 300; tries++) {
        if (group_size(group) == 0)
            return 1;
        usleep(10000);
    }
    return 0;
}

/* The host: the only child of this process that leads a group of its own. */
static pid_t host_of(pid_t supervisor_pid) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/task", supervisor_pid);
    DIR *tasks = opendir(path);
    if (!tasks)
        return 0;
    pid_t found = 0;
    for (const struct dirent *e; (e = readdir(tasks));) {
        char children[400];
        snprintf(children, sizeof children, "%s/%s/children", path, e->d_name);
        FILE *list = fopen(children, "re");
        const size_t got = list ? fread(text, 1, sizeof text - 1, list) : 0;
        if (list)
            fclose(list);
        text[got] = 0;
        for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
            if (getpgid(atoi(word)) == atoi(word))
                found = atoi(word);
    }
    closedir(tasks);
    return found;
}

#endif
