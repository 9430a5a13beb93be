#!/bin/bash
# sbom_test.sh BUILD_DIR SOURCE_DIR - the SBOM of a root that dpkg itself installed, held against dpkg-query, as directory and as image;
# on a Debian machine also that of the machine. STELLA_TEST_DATA: a folder with schemas/cyclonedx, to validate against the official schema.
set -u
build=$1 source=$2
stella=$build/bin/stella check=$source/tests/tools/check_sbom.py
for tool in dpkg dpkg-deb dpkg-query python3; do
    command -v $tool >/dev/null || { echo "skipped: $tool is needed to make a root"; exit 77; }
done
work=$(mktemp -d) || exit 1
export XDG_CACHE_HOME=$work/user-cache
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset SOURCE_DATE_EPOCH
export LC_ALL=C.UTF-8
failures=0
fail() {
    echo "FAILED: $*"
    sed 's/^/    /' err 2>/dev/null | head -20
    failures=$((failures + 1))
}

# ---- packages, with the real tools ----------------------------------------------------------------------------------

# begin PACKAGE VERSION ARCHITECTURE [FIELD...]: a package's folder with its control file and a copyright file
begin() {
    package=pool/$1
    rm -rf "$package"
    mkdir -p "$package/DEBIAN" "$package/usr/share/doc/$1"
    {
        printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: Ordinary Person <person@example.org>\n' "$1" "$2" "$3"
        shift 3
        [ $# -eq 0 ] || printf '%s\n' "$@"
        printf 'Description: made for a test\n'
    } >"$package/DEBIAN/control"
}
license() {
    printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: 2026 A\nLicense: %s\n' \
        "$1" >"$package/usr/share/doc/${package#pool/}/copyright"
}
add() {
    mkdir -p "$package/$(dirname "$1")"
    printf '%s\n' "$2" >"$package/$1"
}
finish() {
    (cd "$package" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) >sums
    mv sums "$package/DEBIAN/md5sums"
    dpkg-deb -Zgzip --build "$package" "pool/${package#pool/}.deb" >/dev/null 2>err || fail "dpkg-deb: $package"
}
into_root() { dpkg --root="$work/root" --force-not-root --force-bad-path "$@" >out 2>err || fail "dpkg $*"; }

native=$(dpkg --print-architecture)
other=i386
[ "$native" = i386 ] && other=amd64
mkdir -p pool root/var/lib/dpkg/{info,updates,triggers} root/usr/lib root/etc
touch root/var/lib/dpkg/{status,available}
ln -s usr/lib root/lib
printf 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' >root/etc/os-release

begin alpha 1:2.0-1+b2 "$native" 'Source: alpha-src (1:2.0-1)' 'Depends: beta (>= 1.0) | nothing, virtual' 'Pre-Depends: libm' \
    'Section: utils' 'Priority: optional' 'Homepage: https://example.org/' 'Multi-Arch: foreign'
license 'Expat and GPL-2+'
add usr/bin/alpha binary
add lib/alpha/plugin 'below an alias of a merged /usr'
add etc/alpha.conf configuration
mkdir -p "$package/var/empty" "$package/usr/share/alpha"
ln -s ../doc "$package/usr/share/alpha/doc"
echo /etc/alpha.conf >"$package/DEBIAN/conffiles"
finish
begin beta 1.0~rc1-1 all
license 'Apache-2.0'
add usr/share/beta/data old
finish
begin provider 3 all 'Provides: virtual (= 7)' 'Depends: alpha'
license 'A-License-Of-Our-Own'
finish
begin libm 1.2-3 "$native" 'Multi-Arch: same'
license 'BSD-3-clause'
add "usr/lib/$native-linux-gnu/libm.so.1" native
finish
cp pool/libm.deb pool/libm-native.deb
begin libm 1.2-3 "$other" 'Multi-Arch: same'
license 'BSD-3-clause'
add "usr/lib/$other-linux-gnu/libm.so.1" other
finish
begin removed 9 all
add etc/removed.conf configuration
echo /etc/removed.conf >"$package/DEBIAN/conffiles"
finish
begin gone 9 all
finish

dpkg --root="$work/root" --add-architecture "$other" 2>err || fail "a second architecture"
into_root --install pool/beta.deb pool/removed.deb pool/gone.deb pool/libm-native.deb
cp -a root base
begin beta 1.0-1 all
license 'Apache-2.0'
add usr/share/beta/data new
finish
into_root --install pool/beta.deb pool/libm.deb
into_root --unpack pool/alpha.deb pool/provider.deb
into_root --configure -a
into_root --remove removed
into_root --purge gone
into_root --unpack pool/gone.deb # unpacked is not installed
[ $failures -eq 0 ] || { echo "the root could not be made"; exit 1; }

# The image: what the first two runs of dpkg left, then all there is at the end, with whiteouts for what went.
cp -a root top
(cd base && find . -mindepth 1 -printf '%P\n') | while read -r path; do
    [ -e "root/$path" ] || [ -L "root/$path" ] || [ ! -d "top/$(dirname "$path")" ] || touch "top/$(dirname "$path")/.wh.$(basename "$path")"
done
for style in oci-layout docker-archive; do
    python3 "$source/tests/tools/make_image.py" $style image.$style gzip:base zstd:top || fail "make_image $style"
done

# ---- the SBOMs -------------------------------------------------------------------------------------------------------

# scan TARGET NAME
scan() { "$stella" scan "$1" -o "json=$2.json" -o "cyclonedx-json=$2.cdx.json" -o "table=$2.txt" >out 2>err || fail "stella scan $1: exit status $?"; }
check() { python3 "$check" "$@" || fail "check_sbom.py $*"; }

echo "-- a directory, a docker archive and an OCI layout list what dpkg lists"
scan dir:root dir
scan docker-archive:image.docker-archive docker
scan oci-layout:image.oci-layout oci
for name in dir docker oci; do
    check graph $name.cdx.json
    check packages $name.cdx.json root/var/lib/dpkg
    check files $name.json root
done
check agree docker.json oci.json # layers and all
check agree dir.json docker.json oci.json

echo "-- what is said of a package"
check says oci.cdx.json alpha supplier.name='Ordinary Person' licenses='GPL-2.0-or-later AND MIT|MIT AND GPL-2.0-or-later' \
    property:stella:source:name=alpha-src property:stella:source:version=1:2.0-1 property:stella:architecture="$native" \
    property:stella:dpkg:multi-arch=foreign property:stella:introduced:layer=1 dependsOn='beta,libm,provider'
check says oci.cdx.json beta licenses=Apache-2.0 property:stella:introduced:layer=1 version=1.0-1
check says oci.cdx.json provider licenses=LicenseRef-A-License-Of-Our-Own
check says oci.cdx.json libm property:stella:introduced:layer='0|1' # one of each architecture
grep -q '"present": false' dir.json && fail "a file that dpkg has just installed is called missing"

echo "-- the same bytes elsewhere: another folder above, host name, time zone, home"
mkdir -p elsewhere/deeper
cp -a root elsewhere/deeper/root
mv dir.json first.json
mv dir.cdx.json first.cdx.json
mv dir.txt first.txt
(
    command -v unshare >/dev/null && unshare --uts true 2>/dev/null && strange='unshare --uts' || strange=''
    cd elsewhere && export TZ=Asia/Kathmandu HOME=$work/elsewhere
    $strange sh -c 'hostname strange-host-name 2>/dev/null; exec "$@"' sh "$stella" scan dir:deeper/root -o json=../dir.json \
        -o cyclonedx-json=../dir.cdx.json -o table=../dir.txt 2>../err
) || fail "the second run"
for format in json cdx.json txt; do
    cmp first.$format dir.$format || fail "two runs differ: $format"
done
grep -lF -e "$work" -e elsewhere -e strange-host-name dir.* && fail "a path or name of this machine is in a result"

echo "-- SOURCE_DATE_EPOCH"
grep -q '"timestamp"' dir.cdx.json && fail "a directory has no time of its own"
grep -q '"timestamp": "2023-11-14T22:13:20Z"' oci.cdx.json || fail "an image's own creation time"
SOURCE_DATE_EPOCH=1000000000 scan oci-layout:image.oci-layout dated
grep -q '"timestamp": "2001-09-09T01:46:40Z"' dated.cdx.json || fail "SOURCE_DATE_EPOCH is ignored"

echo "-- this machine's packages"
# A copy of what describes them: the rest of the machine, where other tests are at work, may hold anything.
if [ -s /var/lib/dpkg/status ] && dpkg-query -W >/dev/null 2>&1; then
    mkdir host
    (cd / && find etc/debian_version etc/os-release usr/lib/os-release var/lib/dpkg/status var/lib/dpkg/info usr/share/doc/*/copyright -print0) |
        tar -C / --null --no-recursion -T - -cf - | tar -C host -xf -
    scan dir:host host
    check graph host.cdx.json
    check packages host.cdx.json /var/lib/dpkg
else
    echo "   skipped: it is not a Debian system"
fi

echo "-- the official schema"
if [ -n "${STELLA_TEST_DATA:-}" ] && python3 -c 'import jsonschema' 2>/dev/null; then
    python3 "$source/tests/check_cyclonedx.py" "$STELLA_TEST_DATA/schemas/cyclonedx" ./*.cdx.json || fail "a document does not hold to the schema"
    for result in dir.json docker.json oci.json; do
        python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' "$source/docs/api/result-0.schema.json" $result || fail "$result: docs/api/result-0.schema.json"
    done
else
    echo "   skipped: it takes STELLA_TEST_DATA and python3-jsonschema"
fi

[ $failures -eq 0 ] || { echo "$failures failed"; exit 1; }
echo "all as expected"
