#!/usr/bin/env python3
"""check_cyclonedx.py SCHEMAS|- [--same] DOCUMENT...: validates CycloneDX documents (.json, .xml, .pb) of version 1.5 to 1.7.

Always: the document is well-formed (xmllint, protoc --decode_raw), every bom-ref is there once, every reference leads to
one, every component has its entry in the dependencies and is reachable from the root.
With SCHEMAS, the folder of the official schemas: JSON against the JSON schema (jsonschema), XML against the XSD (xmllint),
protobuf decoded by the .proto and encoded again to the same bytes (protoc).
--same: all documents are one BOM: serial number, components and dependencies are equal.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
import xml.etree.ElementTree as ElementTree


class Bad(Exception):
    pass


def run(command, data=None):
    done = subprocess.run(command, input=data, capture_output=True)
    if done.returncode != 0:
        raise Bad("%s: %s" % (command[0], done.stderr.decode(errors="replace")[:600]))
    return done.stdout


def check_json(path, schemas):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    if schemas:
        import jsonschema

        def load(name):
            with open(os.path.join(schemas, name)) as file:
                return json.load(file)

        schema = load("bom-%s.schema.json" % document["specVersion"])
        store = {}
        for name in ("spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"):
            part = load(name)
            store[part["$id"]] = store["http://cyclonedx.org/schema/" + name] = part
        warnings.filterwarnings("ignore", category=DeprecationWarning)  # Debian 12 has no other way
        resolver = jsonschema.RefResolver.from_schema(schema, store=store)
        validator = jsonschema.Draft7Validator(schema, resolver=resolver, format_checker=jsonschema.FormatChecker())
        for error in validator.iter_errors(document):
            raise Bad("/".join(map(str, error.absolute_path)) + ": " + error.message[:300])
    refs = [document["metadata"]["component"]["bom-ref"]] + [c["bom-ref"] for c in document["components"]]
    return document["serialNumber"], refs, [(d["ref"], d["dependsOn"]) for d in document["dependencies"]]


def check_xml(path, schemas):
    run(["xmllint", "--nonet", "--huge", "--noout", path])
    root = ElementTree.parse(path).getroot()
    space = root.tag[: root.tag.index("}") + 1]
    if schemas:
        with tempfile.TemporaryDirectory() as folder:
            # The schema imports the list of licenses by its address: the file beside it is meant.
            with open(os.path.join(schemas, "bom-%s.xsd" % space[1:-1].rsplit("/", 1)[1])) as file:
                text = file.read()
            xsd = os.path.join(folder, "bom.xsd")
            local = "file://" + os.path.abspath(os.path.join(schemas, "spdx.xsd"))
            with open(xsd, "w") as file:
                file.write(text.replace('schemaLocation="http://cyclonedx.org/schema/spdx"', 'schemaLocation="%s"' % local))
            run(["xmllint", "--nonet", "--huge", "--noout", "--schema", xsd, path])
    components = root.findall("%smetadata/%scomponent" % (space, space)) + root.findall("%scomponents/%scomponent" % (space, space))
    edges = [(d.get("ref"), [to.get("ref") for to in d]) for d in root.find(space + "dependencies")]
    return root.get("serialNumber"), [c.get("bom-ref") for c in components], edges


def fields(data):
    """The fields of a protobuf message: (number, value)."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            size = varint() if tag & 7 == 2 else 4
            yield tag >> 3, data[at : at + size]
            at += size


def text_of(message, number):
    return b"".join(value for field, value in fields(message) if field == number).decode("utf-8")


def check_protobuf(path, schemas):
    with open(path, "rb") as file:
        data = file.read()
    run(["protoc", "--decode_raw"], data)
    if schemas:
        version = text_of(data, 1)
        with tempfile.TemporaryDirectory() as folder:
            # The one type of protobuf's own that the schemas use.
            os.makedirs(os.path.join(folder, "google/protobuf"))
            with open(os.path.join(folder, "google/protobuf/timestamp.proto"), "w") as file:
                file.write('syntax = "proto3"; package google.protobuf; message Timestamp { int64 seconds = 1; int32 nanos = 2; }')
            what = ["-I" + schemas, "-I" + folder, "bom-%s.proto" % version]
            name = "cyclonedx.v%s.Bom" % version.replace(".", "_")
            decoded = run(["protoc", "--decode=" + name] + what, data)
            if re.search(rb"^\s*\d+[ :]", decoded, re.M):
                raise Bad("a field that the schema does not know")
            if run(["protoc", "--encode=" + name] + what, decoded) != data:
                raise Bad("decoded and encoded again it is another document")
    message = list(fields(data))
    metadata = next(value for field, value in message if field == 4)
    root = next(value for field, value in fields(metadata) if field == 4)
    refs = [text_of(root, 3)] + [text_of(value, 3) for field, value in message if field == 5]
    edges = [(text_of(value, 1), [text_of(to, 1) for k, to in fields(value) if k == 2]) for field, value in message if field == 8]
    return text_of(data, 3), refs, edges


def check_graph(refs, edges):
    if len(set(refs)) != len(refs) or "" in refs or None in refs:
        raise Bad("a bom-ref is missing or there twice")
    if sorted(refs) != sorted(ref for ref, _ in edges):
        raise Bad("not every component has one entry in the dependencies")
    graph = dict(edges)
    reached, ahead = set(), [refs[0]]
    while ahead:
        ref = ahead.pop()
        if ref not in graph:
            raise Bad("a dependency leads nowhere: " + ref[:200])
        if ref not in reached:
            reached.add(ref)
            ahead += graph[ref]
    if len(reached) != len(refs):
        raise Bad("a component is not reachable from the root")


def main():
    schemas = None if sys.argv[1] == "-" else sys.argv[1]
    same = "--same" in sys.argv
    checks = {".json": check_json, ".xml": check_xml, ".pb": check_protobuf}
    first = None
    failed = False
    for path in [argument for argument in sys.argv[2:] if argument != "--same"]:
        try:
            found = checks[os.path.splitext(path)[1]](path, schemas)
            check_graph(found[1], found[2])
            first = first or found
            if same and found != first:
                raise Bad("not the BOM of the first document")
        except (Bad, ValueError, KeyError, ElementTree.ParseError) as error:
            failed = True
            print("%s: %s" % (path, error))
    sys.exit(1 if failed else 0)


main()
