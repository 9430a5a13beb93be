#include "matcher.h"

#include "path.h"

#include <stella/auto.h>

#include <stdlib.h>

#define BUCKETS        4096u
#define TEXT_MAX       4096u /* of one condition */
#define COMPANIONS_MAX 8u    /* of one interest */
#define SUFFIXES_MAX   64u /* distinct lengths of suffixes that are looked up; longer suffixes are checked one by one */

/* Where an interest is filed; part of the hash, so that equal texts of two kinds do not meet. */
typedef enum key_kind { KEY_PATH = 1, KEY_NAME, KEY_SUFFIX, KEY_DIR, KEY_ANY } key_kind;

typedef struct rule {
    struct rule *next; /* in the bucket */
    uint64_t hash;
    matcher_hit hit;
    char *path, *dir, *name, *suffix, *parent, *below; /* owned; NULL when not demanded */
    char *companions;                                  /* owned; NULL for none */
    stella_sv path_sv, dir_sv, name_sv, suffix_sv, parent_sv, below_sv;
} rule;

struct matcher {
    rule *buckets[BUCKETS];
    rule *any;                 /* only a type or a directory's name is demanded, or a long suffix */
    uint64_t suffix_ends[256]; /* by last byte: the lengths of suffixes that end so */
    stella_sv *companions;     /* distinct suffixes of companions; each lies in a rule */
    uint32_t companion_count, companion_room;
    uint8_t companion_ends[256]; /* by last byte: whether one of them ends so */
    int has_dirs;
    size_t dir_min; /* shortest directory asked for */
};

static uint64_t mix(uint64_t hash, stella_sv text) {
    while (text.len >= 8) {
        uint64_t word;
        memcpy(&word, text.ptr, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
        hash ^= hash >> 29;
        text = stella_sv_skip(text, 8);
    }
    uint64_t word = 0;
    if (text.len)
        memcpy(&word, text.ptr, text.len);
    hash = (hash ^ word ^ (uint64_t)text.len << 59) * 0x9e3779b97f4a7c15ull;
    return hash ^ hash >> 32;
}

static uint64_t key(key_kind kind, stella_sv text) {
    return mix((uint64_t)kind * 0xc2b2ae3d27d4eb4full, text);
}

matcher *matcher_create(void) {
    return calloc(1, sizeof(matcher));
}

static void rule_free(rule *r) {
    if (!r)
        return;
    free(r->path);
    free(r->dir);
    free(r->name);
    free(r->suffix);
    free(r->parent);
    free(r->below);
    free(r->companions);
    free(r);
}

static void list_free(rule *list) {
    while (list) {
        rule *next = list->next;
        rule_free(list);
        list = next;
    }
}

void matcher_destroy(matcher *m) {
    if (!m)
        return;
    for (uint32_t i = 0; i < BUCKETS; i++)
        list_free(m->buckets[i]);
    list_free(m->any);
    free(m->companions);
    free(m);
}

void matcher_destroyp(matcher **m) {
    matcher_destroy(*m);
    *m = NULL;
}

static stella_status refuse(stella_error *err, uint32_t interest, const char *what) {
    return stella_error_set(err, STELLA_E_INVALID, NULL, "interest %u %s", interest, what);
}

int matcher_companion_at(const char *companions, uint32_t position, stella_sv *out) {
    stella_sv rest = companions ? stella_sv_cstr(companions) : STELLA_SV(""), word;
    while (stella_sv_split(&rest, ' ', &word)) {
        if (word.len == 0 || position-- > 0)
            continue;
        *out = word;
        return 1;
    }
    return 0;
}

static stella_status check_companions(const stella_interest *interest, uint32_t number, stella_error *err) {
    stella_sv word;
    if (!interest->companions)
        return STELLA_OK;
    if (!(interest->mode & STELLA_SEEK))
        return refuse(err, number, "names companions without asking for the whole file");
    const size_t len = strnlen(interest->companions, TEXT_MAX + 1);
    if (len > TEXT_MAX || memchr(interest->companions, '/', len))
        return refuse(err, number, "has overlong companions, or a slash in them");
    if (!matcher_companion_at(interest->companions, 0, &word) ||
        matcher_companion_at(interest->companions, COMPANIONS_MAX, &word))
        return refuse(err, number, "names no companion, or more than eight");
    return STELLA_OK;
}

static int by_path(const stella_interest *interest) {
    return interest->path || interest->dir || interest->name || interest->suffix || interest->parent || interest->below;
}

static stella_status check(const stella_interest *interest, uint32_t number, stella_error *err) {
    const char *const texts[] = {interest->path,   interest->dir,    interest->name,
                                 interest->suffix, interest->parent, interest->below};
    if (!(interest->mode & (STELLA_KEEP | STELLA_PROBE)) ||
        (interest->mode & ~(STELLA_KEEP | STELLA_PROBE | STELLA_SEEK)))
        return refuse(err, number, "asks neither to keep nor to probe");
    if ((interest->mode & STELLA_SEEK) && !(interest->mode & STELLA_PROBE))
        return refuse(err, number, "asks to seek without a probe");
    if (interest->type > STELLA_TYPE_EMPTY)
        return refuse(err, number, "asks for a type that there is not");
    if ((interest->mode & STELLA_KEEP) && interest->max_bytes > KEEP_BYTES_MAX)
        return refuse(err, number, "asks to keep files larger than any may be");
    if (!by_path(interest) && !interest->type)
        return refuse(err, number, "asks for every file");
    for (uint32_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!texts[i])
            continue;
        const size_t len = strnlen(texts[i], TEXT_MAX + 1);
        if (len == 0 || len > TEXT_MAX || texts[i][0] == '/' || (i < 2 && texts[i][len - 1] == '/'))
            return refuse(err, number, "has an empty, overlong or absolute text");
        if (i >= 2 && memchr(texts[i], '/', len))
            return refuse(err, number, "has a slash in a name");
    }
    return check_companions(interest, number, err);
}

static int copy_text(const char *from, char **to, stella_sv *view) {
    if (!from)
        return 1;
    *to = strdup(from);
    *view = stella_sv_cstr(*to);
    return *to != NULL;
}

static rule *rule_of(const stella_interest *interest, uint32_t plugin, uint32_t number) {
    rule *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->hit = (matcher_hit){.plugin = (uint16_t)plugin,
                           .interest = (uint8_t)number,
                           .mode = (uint8_t)interest->mode,
                           .type = (uint8_t)interest->type,
                           .by_path = (uint8_t)by_path(interest),
                           .max_bytes = interest->max_bytes};
    stella_sv companions;
    if (copy_text(interest->companions, &r->companions, &companions) &&
        copy_text(interest->path, &r->path, &r->path_sv) && copy_text(interest->dir, &r->dir, &r->dir_sv) &&
        copy_text(interest->name, &r->name, &r->name_sv) && copy_text(interest->suffix, &r->suffix, &r->suffix_sv) &&
        copy_text(interest->parent, &r->parent, &r->parent_sv) && copy_text(interest->below, &r->below, &r->below_sv)) {
        r->hit.companions = r->companions;
        return r;
    }
    rule_free(r);
    return NULL;
}

static void file_rule(matcher *m, rule *r) {
    rule **list = &m->any;
    key_kind kind = r->path ? KEY_PATH : r->name ? KEY_NAME : r->suffix ? KEY_SUFFIX : r->dir ? KEY_DIR : KEY_ANY;
    if (kind == KEY_SUFFIX && r->suffix_sv.len >= SUFFIXES_MAX)
        kind = KEY_ANY;
    const stella_sv texts[] = {[KEY_PATH] = r->path_sv,
                               [KEY_NAME] = r->name_sv,
                               [KEY_SUFFIX] = r->suffix_sv,
                               [KEY_DIR] = r->dir_sv,
                               [KEY_ANY] = {0}};
    if (kind == KEY_SUFFIX)
        m->suffix_ends[(unsigned char)r->suffix_sv.ptr[r->suffix_sv.len - 1]] |= 1ull << r->suffix_sv.len;
    if (kind == KEY_DIR && (!m->has_dirs || r->dir_sv.len < m->dir_min))
        m->dir_min = r->dir_sv.len;
    m->has_dirs |= kind == KEY_DIR;
    if (kind != KEY_ANY) {
        r->hash = key(kind, texts[kind]);
        list = &m->buckets[r->hash % BUCKETS];
    }
    r->next = *list;
    *list = r;
}

static int is_known_companion(const matcher *m, stella_sv suffix) {
    for (uint32_t i = 0; i < m->companion_count; i++)
        if (stella_sv_eq(m->companions[i], suffix))
            return 1;
    return 0;
}

static stella_status add_companion(matcher *m, stella_sv suffix, stella_error *err) {
    if (is_known_companion(m, suffix))
        return STELLA_OK;
    if (m->companion_count == m->companion_room) {
        const uint32_t room = m->companion_room ? 2 * m->companion_room : 8;
        stella_sv *companions = realloc(m->companions, room * sizeof *companions);
        if (!companions)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for interests");
        m->companions = companions;
        m->companion_room = room;
    }
    m->companions[m->companion_count++] = suffix;
    m->companion_ends[(unsigned char)suffix.ptr[suffix.len - 1]] = 1;
    return STELLA_OK;
}

/* What the first version of the structure held: later members are zero when the plugin does not know them. */
#define INTEREST_LEAST (offsetof(stella_interest, max_bytes) + sizeof(uint64_t))

static stella_status add_one(matcher *m, uint32_t plugin, const stella_interest *interest, uint32_t number,
                             stella_error *err) {
    rule *r = rule_of(interest, plugin, number);
    if (!r)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for interests");
    file_rule(m, r);
    stella_status status = STELLA_OK;
    stella_sv suffix;
    for (uint32_t i = 0; status == STELLA_OK && matcher_companion_at(r->companions, i, &suffix); i++)
        status = add_companion(m, suffix, err);
    return status;
}

/* An element as its owner's build knows it; what that build lacks is zero. */
static stella_interest element(const stella_interest *interests, uint32_t stride, uint32_t number) {
    stella_interest one;
    memset(&one, 0, sizeof one);
    memcpy(&one, (const char *)interests + (size_t)number * stride, stride < sizeof one ? stride : sizeof one);
    return one;
}

stella_status matcher_add(matcher *m, uint32_t plugin, const stella_interest *interests, uint32_t count,
                          uint32_t stride, stella_error *err) {
    if (count > INTERESTS_MAX || (count && !interests))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "%u interests, at most %u", count, INTERESTS_MAX);
    if (count && (stride < INTEREST_LEAST || stride > 4096))
        return stella_error_set(err, STELLA_E_ABI, NULL, "interests of %u bytes each", stride);
    for (uint32_t i = 0; i < count; i++) {
        const stella_interest one = element(interests, stride, i);
        const stella_status status = check(&one, i, err);
        if (status != STELLA_OK)
            return status;
    }
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++) {
        const stella_interest one = element(interests, stride, i);
        status = add_one(m, plugin, &one, i, err);
    }
    return status;
}

/* Whether one of the directories above has that name. */
static int has_above(stella_sv dir, stella_sv name) {
    stella_sv part;
    while (stella_sv_split(&dir, '/', &part))
        if (stella_sv_eq(part, name))
            return 1;
    return 0;
}

static int meets_dir(const rule *r, stella_sv path, stella_sv name) {
    const stella_sv dir = stella_sv_first(path, path.len - name.len - (path.len > name.len));
    return (!r->parent || stella_sv_ends(dir, r->parent_sv)) && (!r->below || has_above(dir, r->below_sv));
}

static int meets(const rule *r, stella_sv path, stella_sv name) {
    return (!r->path || stella_sv_eq(path, r->path_sv)) && (!r->dir || path_below(path, r->dir_sv)) &&
           (!r->name || stella_sv_eq(name, r->name_sv)) && (!r->suffix || stella_sv_ends(name, r->suffix_sv)) &&
           ((!r->parent && !r->below) || meets_dir(r, path, name));
}

typedef struct search {
    stella_sv path, name;
    matcher_hit *hits;
    uint32_t count;
} search;

static void look(const rule *list, uint64_t hash, search *s) {
    for (const rule *r = list; r; r = r->next)
        if (r->hash == hash && s->count < MATCHER_HITS_MAX && meets(r, s->path, s->name))
            s->hits[s->count++] = r->hit;
}

static void look_up(const matcher *m, key_kind kind, stella_sv text, search *s) {
    const uint64_t hash = key(kind, text);
    look(m->buckets[hash % BUCKETS], hash, s);
}

static void look_up_dirs(const matcher *m, search *s) {
    for (size_t i = m->dir_min; i < s->path.len; i++)
        if (s->path.ptr[i] == '/')
            look_up(m, KEY_DIR, stella_sv_first(s->path, i), s);
}

static int before(const matcher_hit *a, const matcher_hit *b) {
    return a->plugin != b->plugin ? a->plugin < b->plugin : a->interest < b->interest;
}

static void sort(matcher_hit *hits, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        const matcher_hit hit = hits[i];
        uint32_t at = i;
        for (; at > 0 && before(&hit, &hits[at - 1]); at--)
            hits[at] = hits[at - 1];
        hits[at] = hit;
    }
}

uint32_t matcher_match(const matcher *m, stella_sv path, matcher_hit *hits) {
    search s = {.path = path, .hits = hits};
    stella_sv dir;
    path_split(path, &dir, &s.name);
    if (s.name.len == 0)
        return 0;
    look_up(m, KEY_PATH, path, &s);
    look_up(m, KEY_NAME, s.name, &s);
    uint64_t lengths = m->suffix_ends[(unsigned char)s.name.ptr[s.name.len - 1]];
    for (; lengths; lengths &= lengths - 1) {
        const size_t len = (size_t)__builtin_ctzll(lengths);
        if (len <= s.name.len)
            look_up(m, KEY_SUFFIX, stella_sv_skip(s.name, s.name.len - len), &s);
    }
    if (m->has_dirs)
        look_up_dirs(m, &s);
    look(m->any, 0, &s);
    sort(hits, s.count);
    return s.count;
}

static int names_companion(const char *companions, stella_sv suffix) {
    stella_sv word;
    for (uint32_t i = 0; matcher_companion_at(companions, i, &word); i++)
        if (stella_sv_eq(word, suffix))
            return 1;
    return 0;
}

/* What would want the main file of which this is the companion by that suffix. */
static int find_main(const matcher *m, stella_sv path, stella_sv suffix, uint64_t *max_bytes) {
    matcher_hit hits[MATCHER_HITS_MAX];
    const uint32_t count = matcher_match(m, stella_sv_first(path, path.len - suffix.len), hits);
    int is_found = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!names_companion(hits[i].companions, suffix))
            continue;
        if (!is_found || hits[i].max_bytes == 0 || (*max_bytes && hits[i].max_bytes > *max_bytes))
            *max_bytes = hits[i].max_bytes;
        is_found = 1;
    }
    return is_found;
}

int matcher_is_companion(const matcher *m, stella_sv path, uint64_t *max_bytes) {
    int is_found = 0;
    if (path.len == 0 || !m->companion_ends[(unsigned char)path.ptr[path.len - 1]])
        return 0;
    for (uint32_t i = 0; i < m->companion_count; i++) {
        uint64_t max = 0;
        if (!stella_sv_ends(path, m->companions[i]) || !find_main(m, path, m->companions[i], &max))
            continue;
        if (!is_found || max == 0 || (*max_bytes && max > *max_bytes))
            *max_bytes = max;
        is_found = 1;
    }
    return is_found;
}
