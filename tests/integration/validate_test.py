#!/usr/bin/env python3
"""validate_test.py BUILD_DIR SOURCE_DIR - `stella sbom validate`: each mutation of a valid document is judged as expected, with the pointer to it;
where the official schemas are at hand (STELLA_TEST_DATA) they must agree, but for what goes beyond a schema."""
import copy, json, os, subprocess, sys, tempfile

build, source = sys.argv[1:3]
stella = os.path.join(build, "bin", "stella")
work = tempfile.TemporaryDirectory()
os.chdir(work.name)
os.environ.update(XDG_CACHE_HOME=os.path.join(work.name, "cache"), LC_ALL="C.UTF-8")
failures = 0


def fail(text):
    global failures
    failures += 1
    print("FAILED:", text)


def run(*arguments, **more):
    return subprocess.run([stella, "sbom", "validate", *arguments], capture_output=True, text=True, **more)


def put(*path_and_value):
    """A mutation: sets the value at the path, whose parts are keys and indices."""
    *path, value = path_and_value
    def mutate(d):
        for part in path[:-1]:
            d = d[part]
        d[path[-1]] = value
    return mutate


def drop(*path):
    def mutate(d):
        for part in path[:-1]:
            d = d[part]
        del d[path[-1]]
    return mutate


def swap_graph(kind, mutate):
    """A mutation of the first element of that type."""
    def of_first(d):
        mutate(next(e for e in d["@graph"] if e["type"] == kind))
    return of_first


VALID, INVALID, BEYOND = "valid", "invalid", "beyond"  # BEYOND: invalid, though a schema does not say so
HASH = {"alg": "SHA-256", "content": "ab" * 32}

cyclonedx = [
    ("as it is", lambda d: None, VALID, ""),
    ("a hash", put("components", 0, "hashes", [HASH]), VALID, ""),
    ("an external reference", put("components", 0, "externalReferences", [{"type": "vcs", "url": "https://example.org"}]), VALID, ""),
    ("nested components", put("components", 0, "components", [{"type": "file", "name": "x"}]), VALID, ""),
    ("no components", drop("components"), BEYOND, "/dependencies/0/ref"),
    ("no version of the format", drop("specVersion"), INVALID, '"specVersion" is missing'),
    ("a version that is none", put("specVersion", "9.9"), BEYOND, "/specVersion"),  # the schemas take any text
    ("a time that is none", put("metadata", "timestamp", "yesterday"), BEYOND, "/metadata/timestamp"),  # a format, which validators may pass over
    ("version 0", put("version", 0), INVALID, "/version"),
    ("version as text", put("version", "1"), INVALID, "/version: not a number"),
    ("a serial that is none", put("serialNumber", "urn:uuid:123"), INVALID, "/serialNumber"),
    ("components as object", put("components", {}), INVALID, "/components: not a list"),
    ("a component that is text", put("components", 0, "x"), INVALID, "/components/0: not an object"),
    ("a component without name", drop("components", 0, "name"), INVALID, '/components/0: "name" is missing'),
    ("a component without type", drop("components", 0, "type"), INVALID, '/components/0: "type" is missing'),
    ("a type that is none", put("components", 1, "type", "thing"), INVALID, "/components/1/type"),
    ("an unknown member of a component", put("components", 1, "colour", "red"), INVALID, '/components/1: "colour"'),
    ("an unknown member of the document", put("colour", "red"), INVALID, '"colour"'),
    ("a nested component without type", put("components", 0, "components", [{"name": "x"}]), INVALID, "/components/0/components/0"),
    ("a name that is a number", put("components", 0, "name", 7), INVALID, "/components/0/name: not a text"),
    ("a scope that is none", put("components", 0, "scope", "maybe"), INVALID, "/components/0/scope"),
    ("an algorithm that is none", put("components", 0, "hashes", [{"alg": "SHA-257", "content": "ab" * 32}]), INVALID, "/components/0/hashes/0/alg"),
    ("a hash without content", put("components", 0, "hashes", [{"alg": "MD5"}]), INVALID, '"content" is missing'),
    ("a hash that is no hash", put("components", 0, "hashes", [{"alg": "MD5", "content": "xyz"}]), INVALID, "/components/0/hashes/0"),
    ("a hash of another length", put("components", 0, "hashes", [{"alg": "MD5", "content": "ab" * 32}]), BEYOND, "MD5 has 32 hexadecimal digits, not 64"),
    ("a license of neither kind", put("components", 0, "licenses", [{}]), INVALID, "/components/0/licenses/0"),
    ("a license id that is none", put("components", 0, "licenses", [{"license": {"id": "MYT"}}]), INVALID, "/components/0/licenses/0/license/id"),
    ("a license with id and name", put("components", 0, "licenses", [{"license": {"id": "MIT", "name": "MIT"}}]), INVALID, "/components/0/licenses/0/license"),
    ("an expression that is none", put("components", 0, "licenses", [{"expression": "MIT OR"}]), BEYOND, "/components/0/licenses/0/expression"),
    ("a purl that is none", put("components", 0, "purl", "pkg:/"), BEYOND, "/components/0/purl"),
    ("a CPE that is none", put("components", 0, "cpe", "cpe:2.3:a:b"), BEYOND, "/components/0/cpe"),
    ("a reference of no type", put("components", 0, "externalReferences", [{"url": "https://example.org"}]), INVALID, '"type" is missing'),
    ("one bom-ref twice", lambda d: d["components"][1].update({"bom-ref": d["components"][0]["bom-ref"]}), BEYOND, "was given before, in line"),
    ("a dependency on nothing", put("dependencies", 0, "dependsOn", ["gone"]), BEYOND, '/dependencies/0/dependsOn/0: nothing has the bom-ref "gone"'),
    ("a dependency without ref", drop("dependencies", 0, "ref"), INVALID, '/dependencies/0: "ref" is missing'),
    ("a BOM-Link", put("dependencies", 0, "dependsOn", ["urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#x"]), VALID, ""),
    ("an aggregate that is none", put("compositions", 0, "aggregate", "some"), INVALID, "/compositions/0/aggregate"),
]
spdx2 = [
    ("as it is", lambda d: None, VALID, ""),
    ("a version that is none", put("spdxVersion", "SPDX-2.9"), BEYOND, "/spdxVersion"),
    ("no creation", drop("creationInfo"), INVALID, '"creationInfo" is missing'),
    ("no creators", put("creationInfo", "creators", "me"), INVALID, "/creationInfo/creators: not a list of texts"),
    ("a creator of no kind", put("creationInfo", "creators", ["me"]), BEYOND, "/creationInfo/creators/0"),
    ("a time that is none", put("creationInfo", "created", "yesterday"), BEYOND, "/creationInfo/created"),
    ("another data license", put("dataLicense", "MIT"), BEYOND, "/dataLicense"),
    ("a package without name", drop("packages", 1, "name"), INVALID, '/packages/1: "name" is missing'),
    ("a package without location", drop("packages", 1, "downloadLocation"), INVALID, '"downloadLocation" is missing'),
    ("an id of another form", put("packages", 1, "SPDXID", "a b"), BEYOND, "/packages/1/SPDXID"),
    ("an unknown member", put("packages", 1, "colour", "red"), INVALID, '/packages/1: "colour"'),
    ("a purpose that is none", put("packages", 1, "primaryPackagePurpose", "THING"), INVALID, "/packages/1/primaryPackagePurpose"),
    ("files analyzed, as text", put("packages", 1, "filesAnalyzed", "no"), INVALID, "/packages/1/filesAnalyzed"),
    ("an algorithm that is none", put("packages", 1, "checksums", [{"algorithm": "SHA257", "checksumValue": "00"}]), INVALID, "/packages/1/checksums/0/algorithm"),
    ("a checksum of another length", put("packages", 1, "checksums", [{"algorithm": "SHA1", "checksumValue": "00"}]), BEYOND, "SHA1 has 40 hexadecimal digits, not 2"),
    ("an expression that is none", put("packages", 1, "licenseDeclared", "MIT AND"), BEYOND, "/packages/1/licenseDeclared"),
    ("a purl that is none", put("packages", 1, "externalRefs", [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "x"}]), BEYOND, "/packages/1/externalRefs/0"),
    ("a category that is none", put("packages", 1, "externalRefs", [{"referenceCategory": "X", "referenceType": "x", "referenceLocator": "x"}]), INVALID, "referenceCategory"),
    ("a relationship that is none", put("relationships", 1, "relationshipType", "LIKES"), INVALID, "/relationships/1/relationshipType"),
    ("a relationship to nothing", put("relationships", 1, "relatedSpdxElement", "SPDXRef-Gone"), BEYOND, '/relationships/1/relatedSpdxElement: nothing has the id "SPDXRef-Gone"'),
    ("a relationship to another document", put("relationships", 1, "relatedSpdxElement", "DocumentRef-x:SPDXRef-y"), VALID, ""),
    ("one id twice", lambda d: d["packages"][1].update({"SPDXID": d["packages"][2]["SPDXID"]}), BEYOND, "was given before, in line"),
]
spdx3 = [
    ("as it is", lambda d: None, VALID, ""),
    ("no version", swap_graph("CreationInfo", drop("specVersion")), INVALID, '"specVersion" is missing'),
    ("a time that is none", swap_graph("CreationInfo", put("created", "yesterday")), INVALID, "/created"),
    ("an element without creation", swap_graph("software_Package", drop("creationInfo")), INVALID, '"creationInfo" is missing'),
    ("a package without name", swap_graph("software_Package", drop("name")), INVALID, '"name" is missing'),
    ("a purpose that is none", swap_graph("software_Package", put("software_primaryPurpose", "thing")), INVALID, "/software_primaryPurpose"),
    ("an identifier of no type", swap_graph("Person", put("externalIdentifier", [{"type": "ExternalIdentifier", "identifier": "x"}])), INVALID, '"externalIdentifierType" is missing'),
    ("a relationship from nowhere", swap_graph("Relationship", drop("from")), INVALID, '"from" is missing'),
    ("a relationship to nothing", swap_graph("Relationship", put("to", [])), INVALID, "leads to at least one"),
    ("a relationship to what is not there", swap_graph("Relationship", put("to", ["urn:gone"])), BEYOND, 'nothing has the spdxId "urn:gone"'),
    ("an expression that is none", swap_graph("simplelicensing_LicenseExpression", put("simplelicensing_licenseExpression", "MIT OR")), BEYOND, "/simplelicensing_licenseExpression"),
]


def schema_of(name):
    """A function that says what the official schema finds; None when it is not at hand."""
    data = os.environ.get("STELLA_TEST_DATA")
    folder = os.path.join(data or "/nowhere", "schemas")
    if not os.path.isfile(os.path.join(folder, name)):
        return None
    import jsonschema
    schema = json.load(open(os.path.join(folder, name)))
    store = {}
    for root, _, files in os.walk(os.path.join(folder, os.path.dirname(name))):
        for file in files:
            if file.endswith(".schema.json"):
                other = json.load(open(os.path.join(root, file)))
                store[other.get("$id", file)] = other
                store["http://cyclonedx.org/schema/" + file] = other
    kind = jsonschema.validators.validator_for(schema)
    resolver = jsonschema.RefResolver(schema.get("$id", ""), schema, store=store)
    checker = kind(schema, resolver=resolver)
    return lambda document: next(checker.iter_errors(document), None)


def check_family(sample, mutations, schema_name):
    base = json.load(open(os.path.join(source, "samples", sample)))
    schema = schema_of(schema_name) if schema_name else None
    if schema_name and not schema:
        print("   skipped the comparison of", sample, "with", schema_name + ": STELLA_TEST_DATA names no folder with it")
    for name, mutate, expected, words in mutations:
        document = copy.deepcopy(base)
        mutate(document)
        with open("mutated.json", "w") as out:
            json.dump(document, out, indent=1)
        got = run("mutated.json")
        verdict = {0: VALID, 1: INVALID}.get(got.returncode, "status %d: %s" % (got.returncode, got.stderr))
        if verdict != (VALID if expected == VALID else INVALID) or words not in got.stdout:
            fail("%s, %s: %s, not %s with %r: %s" % (sample, name, verdict, expected, words, got.stdout))
        found = schema(document) if schema else None
        if schema and (found is not None) != (expected == INVALID):
            fail("%s, %s: the schema says %s" % (sample, name, found.message if found else "valid"))


for sample, version in (("bookworm.cdx.json", "1.7"), ("bookworm-1.6.cdx.json", "1.6"), ("bookworm-1.5.cdx.json", "1.5")):
    print("-- CycloneDX", version)
    check_family(sample, cyclonedx, "cyclonedx/bom-%s.schema.json" % version)
print("-- SPDX 2.3")
check_family("bookworm.spdx.json", spdx2, "spdx/spdx-2.3.schema.json")
print("-- SPDX 3, whose schema takes python3-jsonschema a minute a document: not compared with it")
check_family("bookworm.spdx3.json", spdx3, None)

print("-- a member that came with a later version, and other syntaxes")
old = json.load(open(os.path.join(source, "samples", "bookworm-1.5.cdx.json")))
old["components"][0]["tags"] = ["x"]
json.dump(old, open("old.json", "w"))
got = run("old.json")
if got.returncode != 1 or "/components/0/tags: not known before version 1.6" not in got.stdout:
    fail("tags in 1.5: %d %s" % (got.returncode, got.stdout))
xml = open(os.path.join(source, "samples", "bookworm.cdx.xml")).read()
at = xml.index('type="library"', xml.index("</metadata>"))
open("odd.xml", "w").write(xml[:at] + 'type="thing"' + xml[at + len('type="library"'):])
got = run("odd.xml")
line = 1 + xml[:at].count("\n")
if got.returncode != 1 or "odd.xml:%d: /components/" % line not in got.stdout:
    fail("XML: %d %s" % (got.returncode, got.stdout))
tags = open(os.path.join(source, "samples", "bookworm.spdx")).read()
open("odd.spdx", "w").write(tags.replace("PackageLicenseDeclared: ", "PackageLicenseDeclared: AND ", 1))
got = run("odd.spdx")
line = 1 + tags[:tags.index("PackageLicenseDeclared: ")].count("\n")
if got.returncode != 1 or "odd.spdx:%d: /packages/0/licenseDeclared" % line not in got.stdout:
    fail("tag-value: %d %s" % (got.returncode, got.stdout))

print("-- what is not well-formed, what is no SBOM, and several at once")
open("cut.json", "w").write('{"bomFormat": "CycloneDX", "components": [')
open("cut.xml", "w").write('<bom xmlns="http://cyclonedx.org/schema/bom/1.6">')
open("cut.spdx", "w").write("SPDXVersion: SPDX-2.3\nno tag\n")
open("text", "w").write("no SBOM\n")
good = os.path.join(source, "samples", "bookworm.cdx.json")
for arguments, status, words in ((["cut.json"], 1, "not well-formed"), (["cut.xml"], 1, "not well-formed"), (["cut.spdx"], 1, "line 2"),
                                 ([good, "cut.json", good], 1, "bookworm.cdx.json: CycloneDX 1.7, JSON: valid"), (["text"], 3, ""),
                                 (["absent"], 3, ""), ([good, "text", "cut.json"], 3, "cut.json"), ([], 2, ""), (["--format", "xml", good], 2, "")):
    got = run(*arguments)
    if got.returncode != status or words not in got.stdout or (status > 1 and not got.stderr):
        fail("%s: status %d, not %d with %r: %s%s" % (arguments, got.returncode, status, words, got.stdout, got.stderr))

print("-- for programs")
got = run("--format", "json", good, "odd.xml", "-", stdin=open("cut.json"))
told = json.loads(got.stdout)
if [t["valid"] for t in told] != [True, False, False] or told[1]["problems"][0]["line"] < 2 or told[0]["format"] != "CycloneDX 1.7, JSON" or told[2]["file"] != "-":
    fail("--format json: " + got.stdout[:600])

print("%d failed" % failures if failures else "all as expected")
sys.exit(1 if failures else 0)
