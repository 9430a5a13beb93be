#include "forge.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHANNEL     3 /* where a job's outcome is told: kernel/worker/channel.h */
#define REPLY       48u
#define DONE        49u
#define DESCRIPTORS 400

/* A reply that claims to be another layer, whole and well read. */
static const char reply[] =
    "{\"diffId\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"entries\":1,\"bytes\":1,"
    "\"unreadable\":0,\"segments\":[{\"plugin\":\"\",\"digest\":\"\",\"offset\":0,\"size\":6}],\"lost\":[]}";

static int scribble(int fd) {
    static const char forged[4096] = "FORGED";
    int took = 0;
    took |= pwrite(fd, forged, sizeof forged, 0) > 0;
    took |= write(fd, forged, sizeof forged) > 0;
    took |= ftruncate(fd, 4096) == 0;
    char *bytes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bytes != MAP_FAILED && fcntl(fd, F_GETFL) >= 0) {
        took = 1;
        memcpy(bytes, forged, 6);
    }
    lseek(fd, 4000, SEEK_SET); /* offsets are shared with whoever has the same open file */
    return took;
}

/* The same file once more, as its owner may open it. */
static int open_again(int fd) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_RDWR);
}

int forge_descriptors(void) {
    int took = 0;
    for (int fd = 4; fd < DESCRIPTORS; fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            continue;
        took += scribble(fd);
        const int again = open_again(fd);
        if (again >= 0)
            took += scribble(again);
    }
    return took;
}

static void say(uint32_t type, const char *text, uint32_t size) {
    uint32_t header[] = {type, 0, size};
    struct iovec parts[] = {{header, sizeof header}, {(void *)(uintptr_t)text, size}};
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = size ? 2 : 1};
    if (sendmsg(CHANNEL, &message, 0) < 0)
        _exit(1);
}

void forge_layer(void) {
    forge_descriptors();
    say(REPLY, reply, sizeof reply - 1);
    say(DONE, "", 0);
    _exit(0);
}
