"""Tests that the published schema and the program accept the same files.

tests/data/scenarios/good:       both accept them
tests/data/scenarios/bad:        both refuse them
tests/data/scenarios/bad-names:  the schema accepts and the program refuses them: names that
                                  refer to each other, and numbers within texts
"""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema

SOURCE = pathlib.Path(os.environ["HERDSIM_SOURCE_DIR"])
BINARY = os.environ["HERDSIM_BINARY"]
SCENARIOS = SOURCE / "tests" / "data" / "scenarios"
SCHEMA = json.loads((SOURCE / "scenarios" / "scenario.schema.json").read_text(encoding="utf-8"))

# Older libraries do not know draft 2020-12. What the schema uses of it means the same in draft 7.
Validator = getattr(jsonschema, "Draft202012Validator", jsonschema.Draft7Validator)


def schema_accepts(path):
    try:
        scenario = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return False
    return Validator(SCHEMA).is_valid(scenario)


def check(path):
    return subprocess.run(
        [BINARY, "check", str(path)], capture_output=True, text=True, timeout=60, check=False
    )


def shipped():
    found = sorted((SOURCE / "scenarios").rglob("*.json"))
    return [path for path in found if not path.name.endswith(".schema.json")]


def readme_scenarios():
    """Yields the whole scenarios of scenarios/README.md, and one scenario made of its other
    examples."""
    readme = (SOURCE / "scenarios" / "README.md").read_text(encoding="utf-8")
    joined = {}
    for example in re.findall(r"^```json\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE):
        if example.startswith("{"):
            yield json.loads(example)
            continue
        for key, value in json.loads("{" + example + "}").items():
            if isinstance(value, list):
                joined.setdefault(key, []).extend(value)
            else:
                joined[key] = value
    servers = joined.pop("servers")
    joined["herds"][0]["servers"] = servers + ["Hamilton", "Holiday"]
    yield joined


def listed(folder):
    return sorted((SCENARIOS / folder).glob("*.json"))


class SchemaTest(unittest.TestCase):
    def expect_accepted(self, path):
        with self.subTest(path.name):
            self.assertTrue(schema_accepts(path), "the schema refuses it")
            ran = check(path)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            self.assertEqual(ran.stdout, f"{path}: ok\n")

    def expect_refused(self, path):
        ran = check(path)
        self.assertEqual(ran.returncode, 2, ran.stdout)
        self.assertEqual(ran.stdout, "")
        errors = ran.stderr.splitlines()
        self.assertTrue(errors)
        for line in errors:
            self.assertRegex(line, rf"^{re.escape(str(path))}:[0-9]+: [^ ]+: .+")

    def test_schema_is_a_schema(self):
        Validator.check_schema(SCHEMA)

    def test_every_object_of_the_schema_is_closed(self):
        def walk(node):
            if isinstance(node, list):
                for item in node:
                    walk(item)
            elif isinstance(node, dict):
                # An object without properties of its own maps names to values.
                if node.get("type") == "object" and "properties" in node:
                    self.assertIs(node.get("additionalProperties"), False, node)
                for item in node.values():
                    walk(item)

        walk(SCHEMA)

    def test_shipped_scenarios(self):
        self.assertTrue(shipped())
        for path in shipped():
            self.expect_accepted(path)

    def test_readme(self):
        found = list(readme_scenarios())
        self.assertGreater(len(found), 1)
        for number, scenario in enumerate(found):
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / f"readme-{number}.json"
                path.write_text(json.dumps(scenario), encoding="utf-8")
                self.expect_accepted(path)

    def test_good(self):
        self.assertTrue(listed("good"))
        for path in listed("good"):
            self.expect_accepted(path)

    def test_bad(self):
        self.assertTrue(listed("bad"))
        for path in listed("bad"):
            with self.subTest(path.name):
                self.assertFalse(schema_accepts(path), "the schema accepts it")
                self.expect_refused(path)

    def test_bad_names(self):
        self.assertTrue(listed("bad-names"))
        for path in listed("bad-names"):
            with self.subTest(path.name):
                self.assertTrue(schema_accepts(path), "the schema refuses it")
                self.expect_refused(path)


if __name__ == "__main__":
    unittest.main()
