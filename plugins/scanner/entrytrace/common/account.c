#include "account.h"

#include <stella/cursor.h>

int account_of_line(stella_sv line, stella_sv user, account *out) {
    stella_sv fields[7] = {{0}};
    uint32_t count = 0;
    while (count < 7 && stella_sv_split(&line, ':', &fields[count]))
        count++;
    if (count < 7 || !user.len || (!stella_sv_eq(fields[0], user) && !stella_sv_eq(fields[2], user)))
        return 0;
    *out = (account){.name = fields[0], .home = fields[5], .shell = fields[6]};
    return 1;
}

int account_find(stella_hop *hop, stella_sv user, account *out) {
    stella_file file;
    if (hop_read(hop, STELLA_SV("/etc/passwd"), ACCOUNT_FILE_MAX, &file, NULL) != STELLA_OK)
        return 0;
    const stella_sv name = stella_sv_first(user, stella_sv_find(user, ':'));
    stella_cursor c = stella_cursor_of(file.bytes.ptr, file.bytes.len);
    for (stella_sv line; stella_cursor_line(&c, &line);)
        if (account_of_line(line, name.len ? name : STELLA_SV("root"), out))
            return 1;
    return 0;
}
