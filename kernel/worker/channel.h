/* channel.h - messages between supervisor, host and job child: one AF_UNIX SEQPACKET packet each, a fixed header and
 * descriptors beside it.
 *
 * Both ends are the same program, so bodies are plain structures, taken only when the length is exact. What may be said
 * in which phase is a table: whoever says anything else has been taken over, or is broken, and is killed. */
#ifndef KERNEL_WORKER_CHANNEL_H
#define KERNEL_WORKER_CHANNEL_H

#include <stella/error.h>

#define CHANNEL_BODY_MAX (32u << 10) /* bytes of a message behind its header */
#define CHANNEL_FDS_MAX  200         /* descriptors of one message; the kernel's own limit is 253 */

typedef enum channel_type {
    CHANNEL_PLUGIN = 1, /* supervisor to host: a plugin to load; its sealed memfd */
    CHANNEL_LOAD,       /* load them now; the crash page */
    CHANNEL_JOB,        /* fork a child for it; the child's end of the job socket, its budget of memory */
    CHANNEL_KILL,       /* end a job's child: the supervisor has no pidfd of it */
    CHANNEL_PING,       /* show life */

    CHANNEL_UNLOADABLE = 16, /* host to supervisor: this plugin was left out, and why */
    CHANNEL_READY,           /* all others are loaded; the sandbox level reached */
    CHANNEL_STARTED,         /* a job's child runs; its pidfd */
    CHANNEL_ENDED,           /* it was reaped */
    CHANNEL_PONG,            /* a ping's answer */

    CHANNEL_START = 32, /* supervisor to child: the job; request, crash page, log */
    CHANNEL_FDS,        /* more of the job's descriptors */
    CHANNEL_NAME,       /* what was asked for by name; its descriptor */
    CHANNEL_REFUSED,    /* it cannot be had: a stella_error */

    CHANNEL_REPLY = 48, /* child to supervisor: a piece of the reply */
    CHANNEL_DONE,       /* the runner returned STELLA_OK */
    CHANNEL_FAILED,     /* it returned this stella_error */
    CHANNEL_LIST,       /* names of a directory wanted */
    CHANNEL_OPEN        /* a file wanted */
} channel_type;

/* Who listens, and how far the conversation has come. */
typedef enum channel_phase {
    CHANNEL_HOST_COLLECTS,   /* the host, until told to load */
    CHANNEL_HOST_SERVES,     /* the host, ready */
    CHANNEL_AWAITS_READY,    /* the supervisor, of a starting host */
    CHANNEL_AWAITS_JOBS,     /* the supervisor, of a ready host */
    CHANNEL_CHILD_COLLECTS,  /* the child, until it has all descriptors */
    CHANNEL_CHILD_AWAITS_FD, /* the child, having asked for a name */
    CHANNEL_AWAITS_OUTCOME,  /* the supervisor, of a running child */
    CHANNEL_AWAITS_NOTHING   /* the supervisor, of a child that has said its last word */
} channel_phase;

/* One received message. Descriptors in it belong to the receiver. */
typedef struct channel_message {
    uint32_t type; /* channel_type, allowed in the phase */
    uint32_t id;   /* of the job or plugin */
    uint32_t length, fd_count;
    int fds[CHANNEL_FDS_MAX];
    unsigned char body[CHANNEL_BODY_MAX];
} channel_message;

/* A connected pair, close-on-exec. Returns -1 with errno set. */
int channel_pair(int out[2]);

/* Sends one message. flags: MSG_DONTWAIT or 0. Returns 0, or -1 with errno set; a peer that is gone is EPIPE. */
int channel_send(int channel, channel_type type, uint32_t id, stella_sv body, const int *fds, uint32_t fd_count,
                 int flags);

/* Receives one message that the phase allows.
 * fds_max  how many descriptors it may carry; more are closed unseen, and the message is an error. So is one whose
 *          descriptors this process has no numbers left for, but to the supervisor of a ready host: it does without
 * Returns 1, 0 at the end of the conversation, -1 with errno set: EAGAIN, or EPROTO for a message that is not allowed.
 */
int channel_receive(int channel, channel_phase phase, uint32_t fds_max, int flags, channel_message *out);

/* Copies a body of exactly size bytes; 0 when its length is another. */
int channel_body(const channel_message *message, void *out, size_t size);

/* Closes the descriptors that the receiver did not take (taken ones are set to -1). */
void channel_message_fini(channel_message *message);

/* Bodies. Text is NUL-terminated by the reader. */
typedef struct channel_plugin {
    char id[128], version[64], digest[72];
} channel_plugin;

typedef struct channel_load {
    uint64_t memory_bytes; /* of one plugin's loading */
    uint32_t plugin_ms;    /* longest loading of one plugin */
    int32_t pretend_no_landlock;
} channel_load;

typedef struct channel_ready {
    uint32_t level; /* sandbox_level */
} channel_ready;

typedef struct channel_job {
    uint64_t memory_bytes;
} channel_job;

typedef struct channel_started {
    int32_t pid;
    uint32_t reserved;
    uint64_t private_bytes; /* resident and private at fork */
} channel_started;

typedef struct channel_ended {
    int32_t status; /* as wait gives it */
    uint32_t reserved;
    uint64_t user_us, system_us, peak_bytes;
} channel_ended;

#define CHANNEL_EXCLUDED_MAX 1024

typedef struct channel_start {
    char kind[64];
    uint64_t request_bytes, file_bytes;
    uint32_t fd_count;
    int32_t dir_fd;
    uint32_t excluded_count, reserved;
    uint32_t excluded[CHANNEL_EXCLUDED_MAX];
} channel_start;

#endif
