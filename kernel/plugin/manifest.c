#include "plugin/manifest.h"

#include "plugin/adopt.h"

#include <stella/digest.h>
#include <stella/json.h>

#include <stdio.h>

#define ID_BYTES_MAX      127
#define VERSION_BYTES_MAX 64
#define FILE_NAME_MAX     127
#define TEXT_BYTES_MAX    256 /* title, license */
#define TIME_MS_MAX       (24u * 60 * 60 * 1000)

static const char *const role_names[] = {
    [PLUGIN_ROLE_NONE] = "none", [PLUGIN_ROLE_SCAN] = "scan",     [PLUGIN_ROLE_CONNECT] = "connect",
    [PLUGIN_ROLE_SIGN] = "sign", [PLUGIN_ROLE_KERNEL] = "kernel", [PLUGIN_ROLE_CLI] = "cli",
};

#define ROLE_COUNT (sizeof role_names / sizeof role_names[0])

/* Where a kind of interface can live (docs/sdk/manifest.md). Kinds that are not here, third parties' own, go anywhere.
 */
static const struct {
    const char *kind;
    plugin_role roles[4];
} homes[] = {
    {"stella.analyzer", {PLUGIN_ROLE_SCAN}},
    {"stella.entrytrace", {PLUGIN_ROLE_SCAN}},
    {"stella.emitter", {PLUGIN_ROLE_SCAN}},
    {"stella.reader", {PLUGIN_ROLE_SCAN}},
    {"stella.source", {PLUGIN_ROLE_SCAN, PLUGIN_ROLE_CONNECT}},
    {"stella.job", {PLUGIN_ROLE_SCAN, PLUGIN_ROLE_CONNECT, PLUGIN_ROLE_SIGN}},
    {"stella.channel", {PLUGIN_ROLE_CONNECT}},
    {"stella.feed", {PLUGIN_ROLE_CONNECT}},
    {"stella.signer", {PLUGIN_ROLE_SIGN}},
    {"stella.service", {PLUGIN_ROLE_KERNEL}},
    {"stella.policy", {PLUGIN_ROLE_KERNEL}},
    {"stella.driver.state", {PLUGIN_ROLE_KERNEL}},
    {"stella.driver.queue", {PLUGIN_ROLE_KERNEL}},
    {"stella.driver.blob", {PLUGIN_ROLE_KERNEL}},
    {"stella.command", {PLUGIN_ROLE_CLI}},
};

const char *plugin_role_name(plugin_role role) {
    return (size_t)role < ROLE_COUNT ? role_names[role] : role_names[PLUGIN_ROLE_NONE];
}

plugin_role plugin_role_of(stella_sv name) {
    for (size_t i = PLUGIN_ROLE_NONE + 1; i < ROLE_COUNT; i++)
        if (stella_sv_eq(name, stella_sv_cstr(role_names[i])))
            return (plugin_role)i;
    return PLUGIN_ROLE_NONE;
}

int plugin_role_is_inside(plugin_role role) {
    return role == PLUGIN_ROLE_KERNEL || role == PLUGIN_ROLE_CLI;
}

stella_sv plugin_interface_kind(const char *interface_id) {
    const stella_sv id = stella_sv_cstr(interface_id);
    return stella_sv_first(id, stella_sv_find(id, '/'));
}

/* ---- the shape of texts ---- */

static int is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static int is_label(stella_sv label) {
    for (size_t i = 0; i < label.len; i++)
        if (!is_lower_or_digit(label.ptr[i]) && label.ptr[i] != '-')
            return 0;
    return label.len > 0 && label.ptr[0] != '-' && label.ptr[label.len - 1] != '-';
}

int plugin_id_is_valid(stella_sv id) {
    stella_sv rest = id, label;
    uint32_t labels = 0;
    for (; stella_sv_split(&rest, '.', &label); labels++)
        if (!is_label(label))
            return 0;
    return labels >= 2 && id.len <= ID_BYTES_MAX;
}

static int is_interface(stella_sv id) {
    const size_t slash = stella_sv_find(id, '/');
    uint64_t version;
    return slash < id.len && plugin_id_is_valid(stella_sv_first(id, slash)) &&
           stella_sv_u64(stella_sv_skip(id, slash + 1), UINT16_MAX, &version);
}

/* Three numbers, then perhaps -pre and +build of [0-9A-Za-z.-]. */
static int is_version(stella_sv version) {
    size_t tail = 0;
    while (tail < version.len && version.ptr[tail] != '-' && version.ptr[tail] != '+')
        tail++;
    stella_sv rest = stella_sv_first(version, tail), part;
    uint64_t number;
    int parts = 0;
    for (; stella_sv_split(&rest, '.', &part); parts++)
        if (!stella_sv_u64(part, UINT32_MAX, &number))
            return 0;
    for (size_t i = tail; i < version.len; i++)
        if (!strchr("-+.", version.ptr[i]) && !is_lower_or_digit((char)(version.ptr[i] | 0x20)))
            return 0;
    return parts == 3 && tail + 1 != version.len && version.len <= VERSION_BYTES_MAX;
}

static int is_file_name(stella_sv name) {
    for (size_t i = 0; i < name.len; i++)
        if (!is_lower_or_digit((char)(name.ptr[i] | 0x20)) && !strchr("._+-", name.ptr[i]))
            return 0;
    return stella_sv_ends(name, STELLA_SV(".so")) && name.len > 3 && name.ptr[0] != '.' && name.len <= FILE_NAME_MAX;
}

static int is_text(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
            return 0;
    return text.len > 0 && text.len <= TEXT_BYTES_MAX;
}

static int is_schema(stella_sv text) {
    return stella_sv_eq(text, STELLA_SV(PLUGIN_MANIFEST_SCHEMA));
}

/* ---- members ---- */

typedef struct reader {
    const stella_json *root;
    stella_arena *arena;
    stella_error *err;
} reader;

static stella_status refuse(const reader *r, const char *pointer, const char *expected) {
    return stella_error_set(r->err, STELLA_E_FORMAT, pointer, "%s", expected);
}

/* A copy in the arena of a text that has the shape. key is the pointer without its slash. */
static stella_status read_text(const reader *r, const char *pointer, int (*has_shape)(stella_sv), const char *expected,
                               const char **out) {
    const stella_json *value = stella_json_get(r->root, pointer + 1);
    const stella_sv text = stella_json_str(value);
    if (!stella_json_is(value, STELLA_JSON_STRING) || !has_shape(text))
        return refuse(r, pointer, expected);
    const char *copy = stella_arena_cstr(r->arena, text);
    if (!copy)
        return stella_error_set(r->err, STELLA_E_NOMEM, pointer, "no room for it");
    *out = copy;
    return STELLA_OK;
}

static stella_status read_texts(const reader *r, plugin_manifest *m) {
    const char *schema;
    const struct {
        const char *pointer;
        int (*has_shape)(stella_sv);
        const char *expected;
        const char **out;
    } texts[] = {
        {"/schema", is_schema, "must be " PLUGIN_MANIFEST_SCHEMA, &schema},
        {"/id", plugin_id_is_valid, "must be a reverse DNS name of a-z, 0-9, - and dots, at most 127 bytes", &m->id},
        {"/version", is_version, "must be a semantic version, \"1.2.3\"", &m->version},
        {"/title", is_text, "must be one line of text", &m->title},
        {"/license", is_text, "must be an SPDX license expression", &m->license},
        {"/file", is_file_name, "must be the name of the binary in this folder, ending in .so", &m->file},
        {"/fileDigest", stella_digest_is_valid, "must be sha256:<64 hex digits>; stella plugin sign fills it in",
         &m->file_digest},
    };
    stella_status status = STELLA_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == STELLA_OK; i++)
        status = read_text(r, texts[i].pointer, texts[i].has_shape, texts[i].expected, texts[i].out);
    return status;
}

static stella_status read_size(const reader *r, plugin_manifest *m) {
    const int is_there = stella_json_u64(stella_json_get(r->root, "fileSize"), &m->file_size);
    if (!is_there || m->file_size == 0 || m->file_size > PLUGIN_FILE_BYTES_MAX)
        return refuse(r, "/fileSize", "must be the binary's size in bytes, at most 256 MiB");
    return STELLA_OK;
}

static stella_status check_abi(const reader *r) {
    const stella_json *abi = stella_json_get(r->root, "abi");
    uint64_t major, minor;
    if (!stella_json_u64(stella_json_get(abi, "major"), &major) ||
        !stella_json_u64(stella_json_get(abi, "minor"), &minor) || major > UINT16_MAX || minor > UINT16_MAX)
        return refuse(r, "/abi", "must be the SDK's ABI, {\"major\": 1, \"minor\": 0}");
    if (!plugin_abi_accepts(STELLA_ABI_MAJOR, STELLA_ABI_MINOR, (uint32_t)major, (uint32_t)minor))
        return stella_error_set(r->err, STELLA_E_ABI, "/abi",
                                "built for ABI %u.%u, this host has %u.%u; rebuild it with this host's SDK",
                                (unsigned)major, (unsigned)minor, STELLA_ABI_MAJOR, STELLA_ABI_MINOR);
    return STELLA_OK;
}

static int is_in_list(const char *const *list, uint32_t count, stella_sv text) {
    for (uint32_t i = 0; i < count; i++)
        if (stella_sv_eq(text, stella_sv_cstr(list[i])))
            return 1;
    return 0;
}

static stella_status read_interface(const reader *r, const stella_json *value, const char *pointer, const char **list,
                                    uint32_t *count) {
    const stella_sv id = stella_json_str(value);
    if (!is_interface(id))
        return refuse(r, pointer, "must hold interface ids like \"stella.analyzer/1\"");
    if (is_in_list(list, *count, id))
        return refuse(r, pointer, "names an interface twice");
    list[*count] = stella_arena_cstr(r->arena, id);
    if (!list[*count])
        return stella_error_set(r->err, STELLA_E_NOMEM, pointer, "no room for it");
    ++*count;
    return STELLA_OK;
}

static stella_status read_interfaces(const reader *r, const char *pointer, int is_needed, const char **list,
                                     uint32_t *count) {
    const stella_json *array = stella_json_get(r->root, pointer + 1);
    if (!array && !is_needed)
        return STELLA_OK;
    if (!array || !stella_json_is(array, STELLA_JSON_ARRAY) || array->count > PLUGIN_INTERFACES_MAX ||
        (is_needed && array->count == 0))
        return refuse(r, pointer, "must be a list of 1 to 32 interface ids");
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < array->count && status == STELLA_OK; i++)
        status = read_interface(r, &array->items[i], pointer, list, count);
    return status;
}

static int is_at_home(const char *interface_id, plugin_role role) {
    const stella_sv kind = plugin_interface_kind(interface_id);
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        if (!stella_sv_eq(kind, stella_sv_cstr(homes[i].kind)))
            continue;
        const plugin_role *roles = homes[i].roles;
        return roles[0] == role || (roles[1] && roles[1] == role) || (roles[2] && roles[2] == role);
    }
    return 1;
}

static stella_status read_role(const reader *r, plugin_manifest *m) {
    m->role = plugin_role_of(stella_json_str(stella_json_get(r->root, "role")));
    if (m->role == PLUGIN_ROLE_NONE)
        return refuse(r, "/role", "must be scan, connect, sign, kernel or cli");
    for (uint32_t i = 0; i < m->provides_count; i++)
        if (!is_at_home(m->provides[i], m->role))
            return stella_error_set(r->err, STELLA_E_FORMAT, "/role", "%s has no place in the role %s", m->provides[i],
                                    plugin_role_name(m->role));
    return STELLA_OK;
}

/* What the plugin asks for, all optional: {"network": true, "memoryBytes": n, "timeMs": n}. */
static stella_status read_asks(const reader *r, plugin_manifest *m) {
    const stella_json *asks = stella_json_get(r->root, "asks");
    if (!asks)
        return STELLA_OK;
    const stella_json *network = stella_json_get(asks, "network");
    const stella_json *memory = stella_json_get(asks, "memoryBytes");
    const stella_json *time = stella_json_get(asks, "timeMs");
    uint64_t time_ms = 0;
    if (!stella_json_is(asks, STELLA_JSON_OBJECT) || (memory && !stella_json_u64(memory, &m->memory_bytes)) ||
        (time && (!stella_json_u64(time, &time_ms) || time_ms > TIME_MS_MAX)) ||
        (network && !stella_json_is(network, STELLA_JSON_TRUE) && !stella_json_is(network, STELLA_JSON_FALSE)))
        return refuse(r, "/asks", "must be {\"network\": bool, \"memoryBytes\": number, \"timeMs\": up to a day}");
    m->time_ms = (uint32_t)time_ms;
    if (stella_json_is(network, STELLA_JSON_TRUE) && m->role != PLUGIN_ROLE_CONNECT && m->role != PLUGIN_ROLE_KERNEL)
        return refuse(r, "/asks/network", "only the roles connect and kernel have a network");
    return STELLA_OK;
}

static stella_status read_members(const reader *r, plugin_manifest *m) {
    stella_status status = read_texts(r, m);
    if (status == STELLA_OK)
        status = read_size(r, m);
    if (status == STELLA_OK)
        status = check_abi(r);
    if (status == STELLA_OK)
        status = read_interfaces(r, "/provides", 1, m->provides, &m->provides_count);
    if (status == STELLA_OK)
        status = read_interfaces(r, "/requires", 0, m->requires, &m->requires_count);
    if (status == STELLA_OK)
        status = read_role(r, m);
    if (status == STELLA_OK)
        status = read_asks(r, m);
    const stella_json *analyzer = stella_json_get(r->root, "analyzer");
    return status == STELLA_OK ? plugin_analyzer_read(analyzer, r->arena, &m->analyzer, r->err) : status;
}

stella_status plugin_manifest_parse(stella_sv json, stella_arena *arena, plugin_manifest *out, stella_error *err) {
    if (json.len > PLUGIN_MANIFEST_BYTES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "", "a manifest has at most %u bytes", PLUGIN_MANIFEST_BYTES_MAX);
    plugin_manifest m = {.json = stella_arena_dup(arena, json)};
    if (!m.json.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, "", "no room for the manifest");
    reader r = {.arena = arena, .err = err};
    stella_status status = stella_json_parse(m.json, arena, &r.root, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_is(r.root, STELLA_JSON_OBJECT))
        return refuse(&r, "", "a manifest is a JSON object");
    status = read_members(&r, &m);
    if (status == STELLA_OK)
        *out = m;
    return status;
}
