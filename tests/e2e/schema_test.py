"""The published schema is what `herdsim schema` prints, and says the same as the program.

tests/data/scenarios/good:       both accept them
tests/data/scenarios/bad:        both refuse them
tests/data/scenarios/bad-names:  the schema accepts and the program refuses them: names that
                                  refer to each other, and numbers within texts
"""

import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import jsonschema

SOURCE = pathlib.Path(os.environ["HERDSIM_SOURCE_DIR"])
BINARY = os.environ["HERDSIM_BINARY"]
SCENARIOS = SOURCE / "tests" / "data" / "scenarios"
SCHEMA_FILE = SOURCE / "scenarios" / "scenario.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))

# Older libraries do not know draft 2020-12. The schema means the same in draft 7.
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


def objects(node):
    """Every object of the schema that lists its keys."""
    if isinstance(node, list):
        for item in node:
            yield from objects(item)
    elif isinstance(node, dict):
        # An object without properties of its own maps names to values.
        if node.get("type") == "object" and "properties" in node:
            yield node
        for item in node.values():
            yield from objects(item)


def paths_in(value, path=()):
    """Returns the path of every value of a scenario; of a long list, of its first three items."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths_in(item, path + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value[:3]):
            yield from paths_in(item, path + (i,))


def value_at(value, path):
    for key in path:
        value = value[key]
    return value


# Each of these takes the place of a value. No value may be null.
OTHERS = (None, True, -1, 0.5, 1e30, "", "zzz", "1s", "10/s", [], {})


def mutants(scenario):
    """Changes a scenario at each place in several ways; says which changes must be wrong."""
    for path in paths_in(scenario):
        if isinstance(value_at(scenario, path), dict):
            mutant = copy.deepcopy(scenario)
            value_at(mutant, path)["no_such_key"] = 1
            yield mutant, path[-1:] not in (("env",), ("ports",))  # whose keys are names
        if not path:
            continue
        mutant = copy.deepcopy(scenario)
        del value_at(mutant, path[:-1])[path[-1]]
        yield mutant, False
        for other in OTHERS:
            mutant = copy.deepcopy(scenario)
            value_at(mutant, path[:-1])[path[-1]] = other
            yield mutant, other is None


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

    def test_schema_is_what_the_program_prints(self):
        ran = subprocess.run([BINARY, "schema"], capture_output=True, timeout=60, check=True)
        self.assertTrue(
            ran.stdout == SCHEMA_FILE.read_bytes(),
            f"run: herdsim schema > {SCHEMA_FILE.relative_to(SOURCE)}",
        )

    def test_schema_has_all_that_it_refers_to(self):
        names = set(re.findall(r'"#/\$defs/([^"]*)"', SCHEMA_FILE.read_text(encoding="utf-8")))
        self.assertEqual(names, set(SCHEMA["$defs"]))

    def test_every_object_of_the_schema_is_closed(self):
        for each in objects(SCHEMA):
            self.assertIs(each.get("additionalProperties"), False, each)

    def test_every_key_is_explained(self):
        readme = (SOURCE / "scenarios" / "README.md").read_text(encoding="utf-8")
        for each in objects(SCHEMA):
            for key, value in each["properties"].items():
                with self.subTest(key):
                    self.assertTrue(value.get("description"))
                    self.assertTrue(f"`{key}`" in readme or f'"{key}"' in readme, "not in README")

    def test_shipped_scenarios(self):
        self.assertTrue(shipped())
        for path in shipped():
            self.expect_accepted(path)
            first, schema = next(iter(json.loads(path.read_text(encoding="utf-8")).items()))
            self.assertEqual(first, "$schema")
            self.assertEqual((path.parent / schema).resolve(), SCHEMA_FILE.resolve())

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

    def test_mutants(self):
        """The program refuses all that the schema refuses; both refuse what must be wrong."""
        names = ("everything", "faults", "roaming", "mobility", "queries", "places",
                 "links-conditions", "central-everything", "engine-links", "engine-log-file",
                 "engine-served")
        verdicts = {}
        with tempfile.TemporaryDirectory() as folder:
            for data in (SCENARIOS / "good").glob("*.[cg]*"):
                shutil.copy(data, folder)
            for name in names:
                text = (SCENARIOS / "good" / f"{name}.json").read_text(encoding="utf-8")
                # A third of them: all that is written is seen in some file.
                for i, (mutant, is_wrong) in enumerate(mutants(json.loads(text))):
                    if i % 3 != 0:
                        continue
                    path = pathlib.Path(folder) / f"{name}-{i}.json"
                    path.write_text(json.dumps(mutant, indent=1), encoding="utf-8")
                    verdicts[str(path)] = (Validator(SCHEMA).is_valid(mutant), is_wrong)
            ran = subprocess.run(
                [BINARY, "check", *verdicts], capture_output=True, text=True, timeout=120, check=False
            )
            refused = {line.split(":")[0] for line in ran.stderr.splitlines()}
            for path, (accepted_by_schema, is_wrong) in verdicts.items():
                with self.subTest(path):
                    text = "" if path in refused else pathlib.Path(path).read_text(encoding="utf-8")
                    if is_wrong:
                        self.assertFalse(accepted_by_schema, "the schema accepts it")
                    if not accepted_by_schema:
                        self.assertIn(path, refused, f"the program accepts it: {text}")


if __name__ == "__main__":
    unittest.main()
