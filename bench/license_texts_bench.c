/* Lines "PATH" from standard input; a line each, "PATH<tab>ID ID ...", of what the texts are; how long it took at the end. */
#include "bench.h"

#include "common/license_text/match.h"

#include <stella/auto.h>

#include <string.h>

static void print(const char *path, const license_text_matches *m) {
    printf("%s\t", path);
    for (uint32_t i = 0; i < m->count; i++)
        printf("%s%.*s", i ? " " : "", STELLA_SV_FMT(m->items[i].id));
    printf("\n");
}

int main(void) {
    static char bytes[LICENSE_TEXT_BYTES_MAX];
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(LICENSE_TEXT_ARENA_BYTES);
    char path[4096];
    double s = 0;
    unsigned texts = 0;
    while (fgets(path, sizeof path, stdin)) {
        license_text_matches m;
        path[strcspn(path, "\n")] = '\0';
        FILE *file = fopen(path, "rb");
        if (!file)
            continue;
        const size_t len = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        stella_arena_reset(arena);
        const double start = bench_now_s();
        if (license_text_match(stella_sv_of(bytes, len), arena, &m) != STELLA_OK)
            return 1;
        s += bench_now_s() - start;
        texts++;
        print(path, &m);
    }
    fprintf(stderr, "%u texts, %.0f us each\n", texts, texts ? s * 1e6 / texts : 0);
    return 0;
}
