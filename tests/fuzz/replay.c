/* replay.c - runs a fuzz target over files and folders of seeds, for compilers without libFuzzer and as an ordinary
 * test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 0;
    }
    static uint8_t bytes[16 << 20];
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    uint8_t *exact = malloc(size ? size : 1); /* of the exact size, so that a sanitizer sees one byte too far */
    for (size_t i = 0; exact && i < size; i++)
        exact[i] = bytes[i];
    if (exact)
        LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

static int replay(const char *path) {
    struct stat st;
    if (stat(path, &st) != 0) {
        perror(path);
        return 0;
    }
    if (!S_ISDIR(st.st_mode))
        return replay_file(path);
    struct dirent **names;
    const int count = scandir(path, &names, NULL, alphasort);
    int ok = count > 2; /* a folder without seeds tests nothing */
    for (int i = 0; i < count; i++) {
        char child[4096];
        snprintf(child, sizeof child, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            ok &= replay(child);
        free(names[i]);
    }
    free(names);
    return ok;
}

int main(int argc, char **argv) {
    int ok = argc > 1;
    for (int i = 1; i < argc; i++)
        ok &= replay(argv[i]);
    return ok ? 0 : 1;
}
