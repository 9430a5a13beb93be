/* signature.h - who signed a package: the key id in an OpenPGP signature (RFC 4880 and 9580, versions 3 and 4). */
#ifndef RPM_SIGNATURE_H
#define RPM_SIGNATURE_H

#include <stella/sv.h>

#define SIGNATURE_KEY_ID_BYTES 8

/* The id of the issuer of the first signature in the packets. Returns 0, leaving out alone, when none is named. */
int signature_key_id(stella_sv packets, unsigned char out[SIGNATURE_KEY_ID_BYTES]);

#endif
