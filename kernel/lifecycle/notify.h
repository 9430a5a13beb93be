/* notify.h - tells the service manager how far we are (sd_notify, without libsystemd). */
#ifndef KERNEL_LIFECYCLE_NOTIFY_H
#define KERNEL_LIFECYCLE_NOTIFY_H

/* Sends "READY=1", "STOPPING=1", "RELOADING=1\nMONOTONIC_USEC=..." to $NOTIFY_SOCKET; without one does nothing. */
void notify_send(const char *state);

/* RELOADING=1 with the time it wants. */
void notify_reloading(void);

#endif
