#!/usr/bin/env python3
"""check_spdx.py SCHEMA_DIR DOCUMENT...: validates SPDX 2.3 JSON and SPDX 3.0.1 JSON-LD documents against the official schemas."""
import json
import sys

import jsonschema


def validator_of(name):
    with open(sys.argv[1] + "/" + name) as file:
        schema = json.load(file)
    return jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())


validators = {}
failed = False
for path in sys.argv[2:]:
    with open(path) as file:
        document = json.load(file)
    name = "spdx-3.0.1.schema.json" if "@graph" in document else "spdx-2.3.schema.json"
    if name not in validators:
        validators[name] = validator_of(name)
    for error in validators[name].iter_errors(document):
        failed = True
        print(path, "/".join(map(str, error.absolute_path)), error.message[:300])
sys.exit(1 if failed else 0)
