"""Tests that an API key goes to its provider and nowhere else."""

from __future__ import annotations

import base64
import os
import pathlib
import resource
import signal
import unittest
import unittest.mock
import urllib.parse
from typing import Any, Dict, List

from fake_places import FakePlaces, Reply, answer, place
from herdsim_e2e import Client, TestCase, wait_until, write_scenario

KEY_ENV = "HERDSIM_E2E_KEYS_API_KEY"
KEY = "AIzaSy-e2e+key/with=odd&chars"


def forms() -> List[str]:
    """Returns ways in which a provider may repeat the key."""
    quoted = urllib.parse.quote(KEY, safe="")
    return [KEY, quoted, quoted.lower(), urllib.parse.quote(quoted), KEY.upper(),
            base64.b64encode(KEY.encode()).decode(), KEY.encode().hex(),
            "".join(f"&#{ord(c)};" for c in KEY), KEY.replace("&", "&amp;"),
            "".join(f"%{ord(c):02x}" for c in KEY)]


class Keys(TestCase):
    def setUp(self) -> None:
        super().setUp()
        patch = unittest.mock.patch.dict(os.environ, {KEY_ENV: KEY, "OTHER_API_KEY": "0ther-key"})
        patch.start()
        self.addCleanup(patch.stop)

    def google(self, url: str, **more: Any) -> Dict[str, Any]:
        return {"name": "keys", "duration": "1s", "herds": [
            {"name": "h", "servers": ["A"], "links": [],
             "places": {"provider": "google", "key_env": KEY_ENV, "base_url": url, "timeout": "30s",
                        **more}}]}

    def assert_no_key(self, text: str) -> None:
        for form in forms():
            self.assertNotIn(form, text)

    def test_an_answer_that_repeats_it_in_any_encoding_is_withheld(self) -> None:
        said: List[Reply] = []
        fake = FakePlaces(lambda _: said[-1])
        self.addCleanup(fake.stop)
        serving = self.serve(self.google(fake.url), 1, log="debug")
        client = Client(serving.address("A"))
        self.addCleanup(client.close)
        client.ask(b"IAMAT kiwi +34-118 1\n")
        for form in forms():
            for reply in (answer(status="OK", results=[place(form)]),
                          answer(status="REQUEST_DENIED", error_message=f"bad key {form}"),
                          answer(status="REQUEST_DENIED", error_message="no", request=form),
                          Reply(b"<html>" + form.encode()), Reply(form.encode(), 500)):
                said.append(reply)
                client.send(b"WHATSAT kiwi 10 5\n")
                _, found = client.whatsat()
                with self.subTest(form=form, reply=reply.body[:100]):
                    self.assert_no_key(str(found))
                    self.assertEqual(found["results"], [])
                    self.assertIn("error_message", found)
        said.append(answer(status="OK", results=[place("there")]))
        client.send(b"WHATSAT kiwi 10 5\n")
        self.assertEqual(client.whatsat()[1]["results"][0]["name"], "there")
        self.assertEqual({each.fields["key"] for each in fake.questions}, {KEY}, "but to whom it is for")
        self.assert_no_key(serving.stderr() + serving.stdout())
        command = pathlib.Path(f"/proc/{serving.pid}/cmdline").read_text()
        self.assert_no_key(command)

    def test_other_variables_and_plain_http_are_refused(self) -> None:
        for places, complaint in (({"key_env": "GITHUB_TOKEN"}, "API keys"),
                                  ({"key_env": "PATH"}, "API keys"),
                                  ({"base_url": "http://maps.example.org"}, "http only to"),
                                  ({"base_url": "http://192.0.2.1:80"}, "http only to")):
            scenario = self.google("http://127.0.0.1:1")
            scenario["herds"][0]["places"].update(places)
            ended = self.herdsim("check", str(write_scenario(scenario, self.folder)))
            self.assertEqual(ended.status, 2)
            self.assertIn(complaint, ended.stderr)

    def test_engines_do_not_inherit_it_and_run_json_repeats_no_environment(self) -> None:
        seen = self.folder / "seen"
        program = ("import os,socket,sys,time\n"
                   f"open({str(seen)!r}, 'w').write(repr(dict(os.environ)))\n"
                   "port = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
                   "time.sleep(60)\n")
        (self.folder / "engine.py").write_text(program)
        scenario = {"name": "engine", "duration": "100ms", "drain": "0s", "herds": [
            {"name": "x", "servers": ["A"], "links": [],
             "engine": {"command": ["python3", str(self.folder / "engine.py"), "{port}"],
                        "env": {"MY_SECRET": "pass-w0rd-of-mine", "GIVEN_API_KEY": "0n-purpose"},
                        "observe": "replies"}}]}
        run = self.run_scenario(scenario)
        environment = seen.read_text()
        self.assert_no_key(environment)
        self.assertNotIn("0ther-key", environment)
        self.assertIn("0n-purpose", environment, "what the scenario gives it, it has")
        self.assertIn("pass-w0rd-of-mine", environment)
        engine = run.json()["scenario"]["herds"][0]["engine"]
        self.assertEqual(engine["env"], {"MY_SECRET": None, "GIVEN_API_KEY": None})
        for file in run.folder.rglob("*"):
            if file.is_file():
                text = file.read_text(errors="replace")
                self.assertNotIn("pass-w0rd-of-mine", text, file)
                self.assertNotIn("0n-purpose", text, file)

    def test_no_core_dump_has_it(self) -> None:
        fake = FakePlaces()
        self.addCleanup(fake.stop)
        unlimited = (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2
        serving = self.serve(self.google(fake.url), 1, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_CORE, unlimited))
        limits = pathlib.Path(f"/proc/{serving.pid}/limits").read_text()
        soft = next(line for line in limits.splitlines() if "core file" in line).split()[4]
        self.assertIn(soft, ("0", "1"))
        serving.send_signal(signal.SIGABRT)
        serving.wait()
        self.assertEqual(list(self.folder.glob("*core*")), [])

    def test_control_characters_in_logs_are_escaped(self) -> None:
        serving = self.serve(self.google("http://127.0.0.1:1"), 1, log="debug")
        with Client(serving.address("A")) as client:
            client.ask(b"IAMAT \x1b[31mred\x07 \x00 \xc2\x9b31m \xff\r1 nonsense\n")
        wait_until(lambda: "nonsense" in serving.stderr(), "the line in the log")
        with open(serving._err.name, "rb") as log:
            text = log.read()
        for raw in (b"\x1b", b"\x07", b"\x00", b"\xc2\x9b", b"\xff", b"\r"):
            self.assertNotIn(raw, text)
        self.assertIn(b"\\x1b[31mred\\x07", text)


if __name__ == "__main__":
    unittest.main()
