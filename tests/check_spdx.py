#!/usr/bin/env python3
"""check_spdx.py SCHEMA_DIR DOCUMENT...: validates SPDX 2.3 JSON and SPDX 3.0.1 JSON-LD documents against the official schemas."""
import json
import sys

import jsonschema


def validator_of(name):
    with open(sys.argv[1] + "/" + name) as file:
        schema = json.load(file)
    return jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())


def errors_of(validator, document):
    """The errors; of a graph, those of each element against its own class, which say more than that none of all classes fits."""
    errors = list(validator.iter_errors(document))
    for element in document.get("@graph", []) if errors else []:
        schema = {"$defs": validator.schema["$defs"], "$ref": "#/$defs/" + element["type"], "unevaluatedProperties": False}
        errors += validator.evolve(schema=schema).iter_errors(element)
    return errors


validators = {}
failed = False
for path in sys.argv[2:]:
    with open(path) as file:
        document = json.load(file)
    name = "spdx-3.0.1.schema.json" if "@graph" in document else "spdx-2.3.schema.json"
    if name not in validators:
        validators[name] = validator_of(name)
    for error in errors_of(validators[name], document):
        failed = True
        print(path, "/".join(map(str, error.absolute_path)), error.message[:300])
sys.exit(1 if failed else 0)
