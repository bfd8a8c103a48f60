"""The corpus of malformed lines: it never changes, and each line has an answer by the protocol."""

import hashlib
import pathlib
import subprocess
import sys
import unittest

import harness  # noqa: F401, puts the harness on the path
import corpus


def digest():
    text = repr(corpus.cases())
    return hashlib.sha256(text.encode()).hexdigest()


class CorpusTest(unittest.TestCase):
    def test_it_is_the_same_every_time(self):
        again = subprocess.run(
            [sys.executable, "-c", "import corpus_test; print(corpus_test.digest())"],
            capture_output=True, text=True, check=True, cwd=pathlib.Path(__file__).parent,
            env={"PYTHONHASHSEED": "7", "PYTHONDONTWRITEBYTECODE": "1"})
        self.assertEqual(again.stdout.strip(), digest())

    def test_there_are_a_few_hundred_of_every_kind(self):
        found = corpus.cases()
        self.assertGreaterEqual(len(found), 300)
        self.assertEqual({case.kind for case in found}, set(corpus.kinds()))
        self.assertEqual({case.ending for case in found}, {b"\n", b"\r\n"})

    def test_each_is_one_line(self):
        for case in corpus.cases():
            self.assertNotIn(b"\n", case.line)
            self.assertFalse(case.line.endswith(b"\r"))

    def test_only_lines_that_are_too_long_are_cut(self):
        for case in corpus.cases():
            self.assertEqual(len(case.line) > corpus.MOST_BYTES, case.answer == corpus.CUT, case.kind)

    def test_lines_differ(self):
        lines = [case.line for case in corpus.cases() if case.answer == corpus.REPEATED]
        self.assertLess(len(lines) - len(set(lines)), 10)

    def test_it_has_every_kind_of_line_that_the_page_names(self):
        lines = [case.line for case in corpus.cases()]
        self.assertTrue(any(b"\0" in line for line in lines))
        self.assertTrue(any(b"\xff" in line for line in lines))
        self.assertTrue(any(line.startswith(b"AT ") for line in lines))
        self.assertTrue(any(line.startswith(b"LINK ") for line in lines))
        self.assertGreater(max(map(len, lines)), 100_000)


if __name__ == "__main__":
    unittest.main()
