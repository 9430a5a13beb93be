/* sandbox_connect.c - the files that a child of role connect may read: those that say where a name leads, and the
 * certificates that the system trusts. Never a private key: /etc/ssl itself is not among them.
 *
 * They are opened anew in each child, so that what was replaced meanwhile (a laptop that moved) is the new one; a link
 * is followed, and the rule is for the file behind it. glibc itself reads "files" and "dns"; modules for other kinds of
 * name service would be code loaded into a process with a network, and are not: the resolver goes on without them. */
#include "worker/sandbox.h"

#include <stella/auto.h>

#include <fcntl.h>
#include <unistd.h>

static const char *const readable[] = {
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/ssl/openssl.cnf",
    "/etc/ssl/cert.pem",
    "/etc/ssl/certs",
    "/usr/lib/ssl",
    "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates",
    "/etc/ca-certificates/extracted",
    "/etc/pki/tls/openssl.cnf",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust/extracted",
    "/etc/crypto-policies/back-ends",
};

#define READABLE (sizeof readable / sizeof readable[0])

stella_status landlock_allow_names_and_certificates(int abi, stella_error *err) {
    int files[READABLE];
    for (size_t i = 0; i < READABLE; i++)
        files[i] = open(readable[i], O_PATH | O_CLOEXEC);
    const stella_status st = landlock_allow_reading(abi, 1, files, READABLE, err);
    for (size_t i = 0; i < READABLE; i++)
        stella_fd_closep(&files[i]);
    return st;
}
