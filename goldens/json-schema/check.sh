#!/bin/sh
# Judges every value of the JSON Schema Test Suite (draft 2020-12) by the grammar of its schema, about half a minute. The suite is
# the one in the source distribution of Python's jsonschema 4.23.0 (MIT).
# Usage: goldens/json-schema/check.sh [PYTHON], a Python with pip.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${1:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m pip download --quiet --no-deps --no-binary jsonschema --dest "$work" jsonschema==4.23.0
tar -xzf "$work/jsonschema-4.23.0.tar.gz" -C "$work"
cd "$here/../.."
mvn -q -B -Pslow -pl hone-core test -Dtest=JsonSchemaSuiteTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dhone.goldens.json-schema="$work/jsonschema-4.23.0/json/tests/draft2020-12"
