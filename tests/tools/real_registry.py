#!/usr/bin/env python3
"""Two registries on loopback, of Debian's docker-registry, with the same images in them, put there by skopeo. For tests.

    real_registry.py [TREE]

Writes one line, "PORT TLS_PORT CA_FILE LAYOUT", and serves until its standard input ends. PORT speaks plain HTTP to everybody,
TLS_PORT asks for reader:secret and has a certificate of the authority in CA_FILE. LAYOUT is an OCI layout of the image that both
hold as
    test/image:1        as it is in the layout: its layers gzip, zstd and plain
    test/docker:1       of gzip layers alone, in Docker's manifest format
    test/many:1         an index of linux/arm64 (another image) and linux/amd64 (that one)
TREE is the tree of the image's second layer; without it there is a small one.
"""
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

TOOLS = os.path.dirname(os.path.abspath(__file__))
CONFIG = """version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: %(root)s}}
http: {addr: '127.0.0.1:%(port)d'%(tls)s}
%(auth)s
"""


def run(*arguments, **more):
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, **more)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def make_layouts(tree):
    write("trees/first/etc/os-release", 'ID=debian\nVERSION_ID="12"\n')
    if not tree:
        tree = "trees/second"
        write("trees/second/var/lib/dpkg/status",
              "Package: alpha\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n\n")
    write("trees/third/usr/share/doc/beta", "beta\n" * 100000)

    def layout(out, *layers):
        run(sys.executable, os.path.join(TOOLS, "make_image.py"), "oci-layout", out, *layers)
    layout("image", "plain:trees/first", "gzip:" + tree, "zstd:trees/third")
    layout("docker", "gzip:trees/first", "gzip:" + tree)
    layout("other", "gzip:trees/third")


def make_index():
    """A layout of an index of two images."""
    manifests = []
    for name, architecture in (("other", "arm64"), ("image", "amd64")):
        shutil.copytree(name, "many", dirs_exist_ok=True)
        with open(os.path.join(name, "index.json")) as file:
            manifest = json.load(file)["manifests"][0]
        manifest.pop("annotations")
        manifests.append(dict(manifest, platform={"os": "linux", "architecture": architecture}))
    kind = "application/vnd.oci.image.index.v1+json"
    index = json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": manifests})
    digest = hashlib.sha256(index.encode()).hexdigest()
    write("many/blobs/sha256/" + digest, index)
    entry = {"mediaType": kind, "digest": "sha256:" + digest, "size": len(index),
             "annotations": {"org.opencontainers.image.ref.name": "test:1"}}
    write("many/index.json", json.dumps({"schemaVersion": 2, "manifests": [entry]}))


def make_certificate():
    def openssl(*arguments):
        run("openssl", *arguments, stderr=subprocess.DEVNULL)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=a test's authority")
    openssl("req", *key, "-keyout", "key.pem", "-out", "csr.pem", "-subj", "/CN=registry")
    write("./ext", "subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl("x509", "-req", "-in", "csr.pem", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile",
            "ext", "-out", "cert.pem")
    os.makedirs("certs")
    shutil.copy("ca.crt", "certs/ca.crt")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(name, tls="", auth=""):
    """Another program may take the port between the two calls: then there is another try."""
    for _ in range(5):
        port = free_port()
        write("%s/config.yml" % name, CONFIG % {"root": os.path.abspath(name), "port": port, "tls": tls, "auth": auth})
        process = subprocess.Popen(["docker-registry", "serve", "%s/config.yml" % name], stdout=subprocess.DEVNULL,
                                   stderr=open(name + ".log", "w"))
        while process.poll() is None and not answers(port):
            time.sleep(0.05)
        if process.poll() is None:
            return process, port
    with open(name + ".log") as log:
        sys.exit("real_registry.py: docker-registry does not start: " + log.read()[-500:])


def push(port, *options):
    for layout, name, more in (("image", "image", ["--preserve-digests"]), ("docker", "docker", ["--format", "v2s2"]),
                               ("many", "many", ["--all", "--preserve-digests"])):
        run("skopeo", "--insecure-policy", "copy", "-q", *more, *options, "oci:%s:test:1" % layout,
            "docker://127.0.0.1:%d/test/%s:1" % (port, name))


def serve(folder, tree):
    processes = []
    try:
        make_layouts(tree)
        make_index()
        make_certificate()
        salted = subprocess.run(["perl", "-e", 'print crypt("secret", q($2y$05$abcdefghijklmnopqrstuu))'], check=True,
                                capture_output=True, text=True).stdout
        write("./htpasswd", "reader:%s\n" % salted)
        plain, port = start("plain")
        processes.append(plain)
        locked, tls_port = start("locked", ", tls: {certificate: %s/cert.pem, key: %s/key.pem}" % (folder, folder),
                                 "auth: {htpasswd: {realm: test, path: %s/htpasswd}}" % folder)
        processes.append(locked)
        push(port, "--dest-tls-verify=false")
        push(tls_port, "--dest-cert-dir", "certs", "--dest-creds", "reader:secret")
        print(port, tls_port, folder + "/ca.crt", folder + "/image", flush=True)
        sys.stdin.read()
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def main():
    tree = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.environ["HOME"] = os.environ["XDG_DATA_HOME"] = folder  # skopeo keeps a cache there
    try:
        serve(folder, tree)
    finally:
        os.chdir("/")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
