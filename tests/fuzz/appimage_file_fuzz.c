/* The first line is a path, the rest an AppImage: names and update information lie in what was given. */
#include "plugins/scanner/analyzers/native/appimage/image.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stella_sv bytes = stella_sv_of((const char *)data, size), path;
    appimage image;
    (void)stella_sv_split(&bytes, '\n', &path);
    const appimage_name name = appimage_name_of(path);
    assert(name.name.len + name.version.len <= path.len);
    assert(name.version.len == 0 || (name.version.ptr[0] >= '0' && name.version.ptr[0] <= '9'));
    if (!appimage_read(bytes, &image))
        return 0;
    assert(image.type == 1 || image.type == 2);
    for (size_t i = 0; i < image.update.len; i++)
        assert(image.update.ptr[i] >= ' ' && image.update.ptr[i] <= '~');
    return 0;
}
