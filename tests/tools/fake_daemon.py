#!/usr/bin/env python3
"""fake_daemon.py SOCKET ARCHIVE MODE - the two requests of Docker's API that a scan makes, answered well or badly.

MODE  good      the archive, in chunks
      html      a page, as a proxy in the wrong place has it
      missing   404
      half      half of the archive, and the connection ends
      silent    accepts and says nothing
      stalls    half of the archive, and then nothing more
      broken    500
      garbage   no HTTP at all
"""
import os
import socket
import sys

path, archive, mode = sys.argv[1:4]
data = open(archive, "rb").read()


def reply(peer, status, kind, body):
    peer.sendall(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def wait(peer):
    """Until the other side gives up."""
    while peer.recv(4096):
        pass


def chunk(piece):
    return b"%x\r\n" % len(piece) + piece + b"\r\n"


def hand_out(peer):
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n")
    whole = data if mode == "good" else data[: len(data) // 2]
    for at in range(0, len(whole), 50000):
        peer.sendall(chunk(whole[at : at + 50000]))
    if mode == "good":
        peer.sendall(b"0\r\n\r\n")
    elif mode == "stalls":
        wait(peer)


def serve(peer):
    request = b""
    while b"\r\n\r\n" not in request:
        got = peer.recv(4096)
        if not got:
            return
        request += got
    name = request.split(b" ")[1].decode()
    if mode == "silent":
        wait(peer)
    elif mode == "garbage":
        peer.sendall(b"\x00\x01 this is something else entirely\r\n" * 100)
    elif mode == "html":
        reply(peer, "200 OK", "text/html", b"<html><body>It works!</body></html>")
    elif mode == "broken":
        reply(peer, "500 Internal Server Error", "application/json", b'{"message":"disk on fire"}')
    elif mode == "missing" or not name.startswith("/images/app"):
        reply(peer, "404 Not Found", "application/json", b'{"message":"No such image: app:1"}')
    elif name.endswith("/json"):
        reply(peer, "200 OK", "application/json", b'{"Id":"sha256:%s","RepoTags":["app:1"]}' % (b"ab" * 32))
    elif name == "/images/app:1/get":
        hand_out(peer)
    else:
        reply(peer, "400 Bad Request", "application/json", b'{"message":"a strange request"}')


listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(8)
print("ready", flush=True)
while True:
    guest, _ = listener.accept()
    if os.fork() == 0:
        try:
            serve(guest)
        except OSError:
            pass
        os._exit(0)
    guest.close()
