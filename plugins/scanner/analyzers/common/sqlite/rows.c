/* rows.c - the b-tree of a table: inner pages, leaves, and the overflow pages of long rows. */
#include "sqlite.h"

#include <stella/cursor.h>

#define INNER_TABLE 0x05
#define LEAF_TABLE  0x0d

#define FILE_HEADER_BYTES  100 /* before the header of page 1 */
#define INNER_HEADER_BYTES 12
#define LEAF_HEADER_BYTES  8

/* How many pages are there at all; page_count is what the log says. */
static uint64_t pages_at_hand(const sqlite_database *db) {
    const uint64_t stored = db->page_bytes ? db->main.len / db->page_bytes + db->frame_count : 0;
    return stored < db->page_count ? stored : db->page_count;
}

void sqlite_rows_init(sqlite_rows *rows, const sqlite_database *db, uint32_t root, uint64_t payload_max) {
    *rows = (sqlite_rows){
        .db = db, .root = root, .pages_left = pages_at_hand(db), .payload = stella_buf_of((size_t)payload_max)};
}

void sqlite_rows_fini(sqlite_rows *rows) {
    stella_buf_fini(&rows->payload);
}

/* A page that has not been met yet. */
static stella_status next_page(sqlite_rows *rows, uint32_t number, stella_sv *out, stella_error *err) {
    if (rows->pages_left == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the pages of a table form a circle");
    rows->pages_left--;
    return sqlite_page(rows->db, number, out, err);
}

static stella_status enter(sqlite_rows *rows, uint32_t number, stella_error *err) {
    sqlite_level level = {.at = number == 1 ? FILE_HEADER_BYTES : 0, .unread = rows->db->usable_bytes};
    if (rows->depth == SQLITE_DEPTH_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a table deeper than %d pages", SQLITE_DEPTH_MAX);
    const stella_status status = next_page(rows, number, &level.page, err);
    if (status != STELLA_OK)
        return status;
    stella_cursor c = stella_cursor_of(level.page.ptr, rows->db->usable_bytes);
    stella_cursor_seek(&c, level.at);
    const uint8_t kind = stella_cursor_u8(&c);
    stella_cursor_skip(&c, 2); /* first free block */
    level.cells = stella_cursor_u16be(&c);
    level.is_leaf = kind == LEAF_TABLE;
    const uint32_t header = level.is_leaf ? LEAF_HEADER_BYTES : INNER_HEADER_BYTES;
    if (kind != LEAF_TABLE && kind != INNER_TABLE)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "page %u is no page of a table", number);
    if (level.at + header + 2 * level.cells > rows->db->usable_bytes)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "page %u has more cells than room", number);
    rows->levels[rows->depth++] = level;
    return STELLA_OK;
}

/* At the beginning of a cell; not ok when it lies outside of the page. */
static stella_cursor cell_at(const sqlite_rows *rows, const sqlite_level *level, uint32_t i) {
    stella_cursor c = stella_cursor_of(level->page.ptr, rows->db->usable_bytes);
    stella_cursor_seek(&c, level->at + (level->is_leaf ? LEAF_HEADER_BYTES : INNER_HEADER_BYTES) + 2 * i);
    stella_cursor_seek(&c, stella_cursor_u16be(&c));
    return c;
}

static uint64_t read_varint(stella_cursor *c) {
    uint64_t value = 0;
    const size_t len = c->ok ? sqlite_varint(stella_sv_of((const char *)c->at, stella_cursor_left(c)), &value) : 0;
    stella_cursor_skip(c, len ? len : stella_cursor_left(c) + 1); /* none there: fails the cursor */
    return len ? value : 0;
}

static stella_status enter_child(sqlite_rows *rows, stella_error *err) {
    sqlite_level *level = &rows->levels[rows->depth - 1];
    const uint32_t i = level->next++;
    stella_cursor c = cell_at(rows, level, i);
    if (i == level->cells) {
        c = stella_cursor_of(level->page.ptr, rows->db->usable_bytes);
        stella_cursor_seek(&c, level->at + LEAF_HEADER_BYTES); /* the rightmost child ends the header */
    }
    const uint32_t child = stella_cursor_u32be(&c);
    return c.ok ? enter(rows, child, err)
                : stella_error_set(err, STELLA_E_FORMAT, NULL, "a cell lies outside of its page");
}

/* How much of a row stands in its leaf, by the format's rule. */
static uint64_t local_bytes(uint32_t usable, uint64_t payload) {
    const uint64_t most = usable - 35, least = (usable - 12) * 32 / 255 - 23;
    if (payload <= most)
        return payload;
    const uint64_t local = least + (payload - least) % (usable - 4);
    return local <= most ? local : least;
}

static stella_status read_overflow(sqlite_rows *rows, uint32_t page_number, uint64_t left, stella_error *err) {
    while (left) {
        stella_sv page = {0};
        stella_status status = next_page(rows, page_number, &page, err);
        if (status != STELLA_OK)
            return status;
        stella_cursor c = stella_cursor_of(page.ptr, rows->db->usable_bytes);
        page_number = stella_cursor_u32be(&c);
        const uint64_t here = stella_cursor_left(&c) < left ? stella_cursor_left(&c) : left;
        status = stella_buf_add(&rows->payload, stella_cursor_str(&c, here));
        if (status != STELLA_OK)
            return stella_error_set(err, status, NULL, "no memory for a row");
        left -= here;
    }
    return STELLA_OK;
}

static stella_status gather(sqlite_rows *rows, stella_cursor *c, uint64_t payload, uint64_t local, stella_error *err) {
    const uint64_t most = rows->pages_left * rows->db->usable_bytes;
    const stella_sv begin = stella_cursor_str(c, local);
    const uint32_t overflow = stella_cursor_u32be(c);
    if (!c->ok || payload - local > most)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a row is longer than the database");
    if (payload > rows->payload.max)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a row of more than %zu bytes", rows->payload.max);
    rows->payload.len = 0;
    rows->payload.failed = 0;
    if (stella_buf_add(&rows->payload, begin) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a row");
    return read_overflow(rows, overflow, payload - local, err);
}

static stella_status read_row(sqlite_rows *rows, sqlite_row *out, stella_error *err) {
    sqlite_level *level = &rows->levels[rows->depth - 1];
    stella_cursor c = cell_at(rows, level, level->next++);
    const size_t begin = stella_cursor_offset(&c);
    const uint64_t payload = read_varint(&c);
    sqlite_row row = {.rowid = (int64_t)read_varint(&c)};
    const uint64_t local = local_bytes(rows->db->usable_bytes, payload);
    if (local == payload) {
        row.record = stella_cursor_str(&c, payload);
    } else {
        const stella_status status = gather(rows, &c, payload, local, err);
        if (status != STELLA_OK)
            return status;
        row.record = stella_buf_sv(&rows->payload);
    }
    const size_t taken = c.ok ? stella_cursor_offset(&c) - begin : SIZE_MAX;
    if (taken > level->unread || row.record.len == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a cell lies outside of its page, or upon another");
    level->unread -= (uint32_t)taken;
    *out = row;
    return STELLA_OK;
}

stella_status sqlite_rows_next(sqlite_rows *rows, sqlite_row *out, stella_error *err) {
    if (rows->root) {
        const uint32_t root = rows->root;
        rows->root = 0;
        const stella_status status = enter(rows, root, err);
        if (status != STELLA_OK)
            return status;
    }
    while (rows->depth) {
        const sqlite_level *level = &rows->levels[rows->depth - 1];
        if (level->is_leaf && level->next < level->cells)
            return read_row(rows, out, err);
        if (level->is_leaf || level->next > level->cells) {
            rows->depth--;
            continue;
        }
        const stella_status status = enter_child(rows, err);
        if (status != STELLA_OK)
            return status;
    }
    *out = (sqlite_row){0};
    return STELLA_OK;
}
