#!/usr/bin/env python3
"""check_cyclonedx.py SCHEMA_DIR DOCUMENT...: validates CycloneDX 1.7 documents against the official JSON schema."""
import json
import sys

import jsonschema

with open(sys.argv[1] + "/bom-1.7.schema.json") as file:
    schema = json.load(file)
store = {}
for name in ("spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"):
    with open(sys.argv[1] + "/" + name) as file:
        part = json.load(file)
    store[part["$id"]] = part
    store["http://cyclonedx.org/schema/" + name] = part
resolver = jsonschema.RefResolver.from_schema(schema, store=store)
validator = jsonschema.Draft7Validator(schema, resolver=resolver, format_checker=jsonschema.FormatChecker())
failed = False
for path in sys.argv[2:]:
    with open(path) as file:
        document = json.load(file)
    for error in validator.iter_errors(document):
        failed = True
        print(path, "/".join(map(str, error.absolute_path)), error.message[:300])
sys.exit(1 if failed else 0)
