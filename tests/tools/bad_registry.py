#!/usr/bin/env python3
"""A registry on loopback that misbehaves: the repository's name says how. For tests.

    bad_registry.py

Writes one line, "PORT OTHER_PORT TLS_PORT CA_FILE", and serves until its standard input ends. PORT and OTHER_PORT speak plain
HTTP, TLS_PORT has a certificate for 127.0.0.1 of the authority in CA_FILE. Where blobs are redirected to OTHER_PORT they are
given to no one who brings credentials along.
"""
import base64
import hashlib
import http.server
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

OCI, DOCKER = "application/vnd.oci.image.", "application/vnd.docker.distribution.manifest."
BLOBS, DOCUMENTS, COUNTS, PORTS = {}, {}, {}, []
USER, PASSWORD, TOKEN, REFRESH = "reader", "se:cret", "t0k-en", "refresh+/=&me"


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def keep(where, media_type, data, **more):
    """Stores bytes under their digest; answers with their descriptor."""
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    where[digest_of(data)] = (media_type, data)
    return dict(mediaType=media_type, digest=digest_of(data), size=len(data), **more)


def platform(name, os_name="linux", variant=None):
    return {"platform": {"os": os_name, "architecture": name, **({"variant": variant} if variant else {})}}


def image(layer_type=OCI + "layer.v1.tar", config_type=OCI + "config.v1+json", architecture="amd64", twist=0):
    layers = [bytes((i * 7 + n) % 251 for i in range(size)) for n, size in ((0, 300000), (1, 5000))]
    config = keep(BLOBS, config_type, {"os": "linux", "architecture": architecture, "created": "2023-11-14T22:13:20Z",
                                       "rootfs": {"type": "layers", "diff_ids": [digest_of(b) for b in layers]},
                                       "history": [{"created_by": "ADD a"}, {"created_by": "ENV b", "empty_layer": True},
                                                   {"created_by": "RUN c"}]})
    config["size"] += twist
    return {"schemaVersion": 2, "mediaType": OCI + "manifest.v1+json", "config": config,
            "layers": [keep(BLOBS, layer_type, layers[0]), keep(BLOBS, OCI + "layer.v1.tar", layers[1])]}


def index(*manifests, media_type=OCI + "index.v1+json"):
    return {"schemaVersion": 2, "mediaType": media_type, "manifests": list(manifests)}


def make_documents():
    good = image()
    manifest = OCI + "manifest.v1+json"
    attestation = keep(DOCUMENTS, manifest, {"schemaVersion": 2, "config": {}}, **platform("unknown", "unknown"))
    amd64 = keep(DOCUMENTS, manifest, good, **platform("amd64"))
    arm = keep(DOCUMENTS, manifest, image(architecture="arm"), **platform("arm", variant="v7"))
    windows = keep(DOCUMENTS, manifest, image(architecture="arm64"), **platform("arm64", "windows"))
    inner = keep(DOCUMENTS, OCI + "index.v1+json", index(attestation, amd64))
    lying = dict(amd64, size=amd64["size"] + 1)
    return {"nested": index(attestation, arm, inner), "no-platform": index(arm, windows, attestation),
            "list": index(arm, amd64, media_type=DOCKER + "list.v2+json"), "wrong-size": index(arm, lying),
            "both": dict(good, manifests=[]), "odd-layer": image("application/vnd.example.layer.lzma"),
            "foreign": image(OCI + "layer.nondistributable.v1.tar+gzip"), "artifact": image(config_type="application/vnd.x"),
            "wrong-config": image(twist=1), "schema-1": {"schemaVersion": 1, "name": "x", "fsLayers": []},
            "gone": index(arm, dict(amd64, digest="sha256:" + "0" * 64)), "other-type": index(arm, media_type=manifest),
            "": good}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", media_type="application/json", length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        if length is not None and length != len(body):
            self.close_connection = True

    def refuse(self, status, code="DENIED", **headers):
        self.answer(status, json.dumps({"errors": [{"code": code, "message": "\x1b[31mno " + code}]}).encode(), **headers)

    def here(self, path, port=None):
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) and port is None else "http"
        return "%s://127.0.0.1:%d%s" % (scheme, port or self.connection.getsockname()[1], path)

    def endless(self):
        self.send_response(200)
        self.send_header("Content-Type", OCI + "manifest.v1+json")
        self.end_headers()
        while True:
            self.wfile.write(b" " * 65536)

    def first_time(self, what):
        COUNTS[what] = COUNTS.get(what, 0) + 1
        return COUNTS[what] == 1

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path)
        parts = path.path.split("/")
        if parts[1] == "token":
            return self.token(parts[2], urllib.parse.parse_qs(path.query))
        if parts[1] == "loop":
            return self.answer(307, Location=self.here("/loop/%d" % (int(parts[2]) + 1)))
        if parts[1] == "elsewhere":
            if "Authorization" in self.headers:
                return self.refuse(400, "CREDENTIALS")
            return self.blob(parts[2], parts[3])
        name, kind, selector = parts[2], parts[3], parts[4]
        if not self.may_pass(name, kind):
            return None
        return self.document(name, selector) if kind == "manifests" else self.blob(name, selector)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        return self.token(self.path.split("/")[2], urllib.parse.parse_qs(body))

    def may_pass(self, name, kind):
        """Whether the request gets as far as documents and blobs."""
        sent = self.headers.get("Authorization")
        scope = 'service="the registry",scope="repository:%s:pull"' % name
        if name in ("token", "refresh", "token-html", "token-none", "token-hang", "token-500"):
            if sent == "Bearer " + TOKEN:
                return True
            challenge = 'Basic realm="x", Bearer realm="%s",%s' % (self.here("/token/" + name), scope)
        elif name in ("token-once", "token-expires"):
            if sent == "Bearer %d" % COUNTS.get(name, 0) and (name == "token-once" or self.first_time(sent)):
                return True
            challenge = 'Bearer realm="%s",%s' % (self.here("/token/" + name), scope)
        elif name == "token-plain":
            challenge = 'Bearer realm="http://registry.example/token"'
        elif name == "basic":
            if sent == "Basic " + base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode()).decode():
                return True
            challenge = 'Basic realm="x"'
        elif name == "bad-challenge":
            challenge = 'Bearer realm="x'
        else:
            return self.may_pass_status(name, kind)
        self.refuse(401, "UNAUTHORIZED", WWW_Authenticate=challenge)
        return False

    def may_pass_status(self, name, kind):
        word, _, rest = name.partition("-")
        if word != "status":
            return True
        status, _, how = rest.partition("-")
        if how == "once" and not self.first_time(name + kind):
            return True
        retry = {"long": {"Retry_After": "3600"}, "once": {"Retry_After": "1"}}.get(how, {})
        self.refuse(int(status), "STATUS", **retry)
        return False

    def token(self, name, fields):
        if name == "token-hang":
            return time.sleep(20)
        if name == "token-html":
            return self.answer(200, b"<html>log in</html>", "text/html")
        if name == "token-500":
            return self.refuse(500, "BROKEN")
        if name in ("token-once", "token-expires"):
            if not self.first_time(name) and name == "token-once":
                return self.refuse(500, "TWICE")
            return self.answer(200, b'{"token": "%d"}' % COUNTS[name])
        if name == "token-none":
            return self.answer(200, b'{"token": "a b"}')
        wanted = {"service": ["the registry"], "scope": ["repository:%s:pull" % name]}
        basic = "Basic " + base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode()).decode()
        if name == "refresh":
            wanted.update(grant_type=["refresh_token"], refresh_token=[REFRESH], client_id=["stella"])
        if fields != wanted or (name == "token" and self.headers.get("Authorization") != basic):
            return self.refuse(401, "UNAUTHORIZED")
        key = "access_token" if name == "refresh" else "token"
        return self.answer(200, json.dumps({key: TOKEN}).encode())

    def document(self, name, selector):
        if name == "endless":
            return self.endless()
        if name == "html":
            return self.answer(200, b"<!DOCTYPE html><p>Welcome", "text/html; charset=utf-8")
        if name == "loop":
            return self.answer(302, Location=self.here("/loop/0"))
        if name == "downgrade":
            return self.answer(307, Location=self.here("/v2/good/manifests/latest", PORTS[0]))
        if name == "file":
            return self.answer(307, Location="file:///etc/passwd")
        if name == "headers":
            return self.answer(200, b"{}", **{"X-%d" % i: "x" * 8000 for i in range(20)})
        if selector.startswith("sha256:"):
            media_type, body = DOCUMENTS.get(selector, (None, None))
            if body is None:
                return self.refuse(404, "MANIFEST_UNKNOWN")
        else:
            document = DOCUMENTS["latest"].get(name, DOCUMENTS["latest"][""])
            body = json.dumps(document).encode()
            media_type = document.get("mediaType", "application/json")
        if name == "truncated":
            return self.answer(200, body[:100], media_type, len(body))
        digest = "sha256:" + "1" * 64 if name == "wrong-digest" else digest_of(body)
        return self.answer(200, body, media_type, Docker_Content_Digest=digest)

    def blob(self, name, digest):
        media_type, body = BLOBS[digest]
        if media_type.endswith("json"):
            return self.answer(200, body, "application/octet-stream")
        if name in ("elsewhere", "token") and self.path.startswith("/v2/"):
            return self.answer(307, Location="http://localhost:%d/elsewhere/%s/%s" % (PORTS[1], name, digest))
        if name == "html-blob":
            return self.answer(200, b"<html>", "text/html")
        if name == "short-blob":
            return self.answer(200, body[:-10], "application/octet-stream")
        if name == "endless-blob":
            return self.answer(200, body * 3, "application/octet-stream")
        return self.part_of_blob(name, digest, body)

    def part_of_blob(self, name, digest, body):
        asked, first, last = self.headers.get("Range"), 0, len(body)
        if name == "half-always" or (name == "half-whole" and self.first_time(name + digest)):
            return self.answer(200, body[:len(body) // 2], "application/octet-stream", len(body))
        if asked and name != "half-whole":
            first, last = (int(n) for n in asked.split("=")[1].split("-"))
            last += 1
        part = body[first:last]
        cut = len(part) // 2 if name == "half" and len(part) > 1000 else len(part)
        if first == 0 and last == len(body):
            return self.answer(200, part[:cut], "application/octet-stream", len(part))
        shown = first + 1 if name == "wrong-range" else first
        return self.answer(206, part[:cut], "application/octet-stream", len(part),
                           Content_Range="bytes %d-%d/%d" % (shown, last - 1, len(body)))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def finish_request(self, request, client_address):
        if not isinstance(request, ssl.SSLSocket) and request.recv(1, socket.MSG_PEEK) == b"\x16":
            if self.server_address[1] == PORTS[1]:
                time.sleep(30)  # TLS where there is none: some wait for a line of HTTP that does not come,
            return  # some close the connection
        super().finish_request(request, client_address)

    def handle_error(self, *_):
        pass  # clients that go away are what is tested


def certificate(folder):
    """An authority, and a certificate of it for 127.0.0.1."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key", "-out",
            "ca.pem", "-days", "2", "-subj", "/CN=a test's authority")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem", "-out", "csr.pem",
            "-subj", "/CN=registry")
    with open(os.path.join(folder, "ext"), "w") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "csr.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile",
            "ext", "-out", "cert.pem")


def main():
    folder = tempfile.mkdtemp()
    try:
        certificate(folder)
        DOCUMENTS["latest"] = make_documents()
        servers = [Server(("127.0.0.1", 0), Handler) for _ in range(3)]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
        servers[2].socket = context.wrap_socket(servers[2].socket, server_side=True)
        PORTS.extend(server.server_address[1] for server in servers)
        for server in servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        print(*PORTS, os.path.join(folder, "ca.pem"), flush=True)
        sys.stdin.read()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
