/* tags.h - the numbers of rpm's header tags and types that are read here (rpm's own rpmtag.h names them all). */
#ifndef RPM_TAGS_H
#define RPM_TAGS_H

#define TYPE_CHAR         1
#define TYPE_INT8         2
#define TYPE_INT16        3
#define TYPE_INT32        4
#define TYPE_INT64        5
#define TYPE_STRING       6
#define TYPE_BIN          7
#define TYPE_STRING_ARRAY 8
#define TYPE_I18N_STRING  9

#define TAG_SIG_PGP          259
#define TAG_SIG_MD5          261
#define TAG_SIG_GPG          262
#define TAG_DSA_HEADER       267
#define TAG_RSA_HEADER       268
#define TAG_SHA1_HEADER      269
#define TAG_SHA256_HEADER    273
#define TAG_NAME             1000
#define TAG_VERSION          1001
#define TAG_RELEASE          1002
#define TAG_EPOCH            1003
#define TAG_SUMMARY          1004
#define TAG_BUILD_TIME       1006
#define TAG_SIZE             1009
#define TAG_VENDOR           1011
#define TAG_LICENSE          1014
#define TAG_PACKAGER         1015
#define TAG_URL              1020
#define TAG_ARCH             1022
#define TAG_OLD_FILENAMES    1027
#define TAG_FILE_STATES      1029
#define TAG_FILE_MODES       1030
#define TAG_FILE_DIGESTS     1035
#define TAG_FILE_FLAGS       1037
#define TAG_SOURCE_RPM       1044
#define TAG_PROVIDE_NAME     1047
#define TAG_REQUIRE_FLAGS    1048
#define TAG_REQUIRE_NAME     1049
#define TAG_REQUIRE_VERSION  1050
#define TAG_CHANGELOG_TEXT   1082
#define TAG_PROVIDE_FLAGS    1112
#define TAG_PROVIDE_VERSION  1113
#define TAG_DIR_INDEXES      1116
#define TAG_BASENAMES        1117
#define TAG_DIRNAMES         1118
#define TAG_LONG_SIZE        5009
#define TAG_FILE_DIGEST_ALGO 5011
#define TAG_MODULARITY_LABEL 5096

/* Of our records only, never of rpm's: above all numbers that rpm uses. */
#define TAG_OWN_BACKEND 0x7f000001 /* INT32: BACKEND_* */
#define TAG_OWN_CVES    0x7f000002 /* BIN: named in the changelog, as common/cve.h has them */
#define TAG_OWN_LINE    0x7f000003 /* INT32: where in a manifest */

/* The newest wins where an image has several. */
#define BACKEND_MANIFEST 1 /* container-manifest-2 */
#define BACKEND_BDB      2
#define BACKEND_NDB      3
#define BACKEND_SQLITE   4

/* States of a file: 0 is installed as usual. */
#define FILE_STATE_REPLACED    1 /* another package's file is there */
#define FILE_STATE_WRONG_COLOR 4 /* the last of those that are not there: not installed, on a shared disk, 32 bit */

#define FILE_MODE_KIND      0170000u
#define FILE_MODE_DIRECTORY 0040000u

#define FILE_FLAG_CONFIG (1u << 0)
#define FILE_FLAG_GHOST  (1u << 6)

#define SENSE_LESS    (1u << 1)
#define SENSE_GREATER (1u << 2)
#define SENSE_EQUAL   (1u << 3)
#define SENSE_RPMLIB  (1u << 24)

#endif
