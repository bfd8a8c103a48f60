"""Tests whose clock orders a herd's records, and what that does if the servers' clocks differ."""

from __future__ import annotations

import unittest
from typing import Any, Dict, List

from herdsim_e2e import SOURCE, Row, RunOnce, TestCase, by

SKEWS = {"Alford": 10, "Ball": -10, "Hamilton": 3, "Holiday": -4, "Welsh": 0.5}  # seconds
SERVERS = [{"name": name, "skew": f"{skew}s"} for name, skew in SKEWS.items()]


def scenario(herds: List[Dict[str, Any]], **keys: Any) -> Dict[str, Any]:
    return {
        "name": "order", "duration": "2s",
        "herds": [{"servers": SERVERS, "links": "paper", "link": {"latency": "2ms"}, **herd}
                  for herd in herds],
        "clients": [{"id": "phone-{n}", "count": 20, "server": "spread",
                     "updates": {"every": "100ms"},
                     "handover": {"every": "350ms", "to": "random"}}],
        **keys,
    }


class ByWhoseClock(RunOnce):
    """A live run without losses: all servers end with the record that the herd's order asks for."""

    @classmethod
    def scenario(cls) -> Dict[str, Any]:
        return scenario([{"name": "default"}, {"name": "client", "order": "client-time"},
                         {"name": "server", "order": "server-time"}])

    def wrong(self, herd: str, skews: Dict[str, float]) -> int:
        """Returns the number of pairs of a client and a server that holds another record than its
        last."""
        wrong = 0
        updates = self.run_.table("updates.csv", herd)
        for rows in by(updates, "client").values():
            accepted = [row for row in rows if row["outcome"] == "accepted"]

            def time(row: Row) -> float:
                clock = "accepted_us" if skews else "sent_us"
                return float(row[clock]) + 1e6 * skews.get(row["origin"], 0)

            wrong += len(SKEWS) * (max(accepted, key=time)["update"] != rows[-1]["update"])
        return wrong

    def test_client_time_is_right_whatever_the_clocks_say(self) -> None:
        for herd in ("default", "client"):
            row = self.run_.summary(herd)
            self.assertEqual((row["updates"], row["accepted"], row["wrong_records"]),
                             ("400", "400", "0"), herd)
            self.assertEqual(self.wrong(herd, {}), 0)

    def test_server_time_is_wrong_just_where_the_clocks_say(self) -> None:
        row = self.run_.summary("server")
        self.assertGreater(int(row["wrong_records"]), 0)
        self.assertEqual(int(row["wrong_records"]), self.wrong("server", SKEWS))
        self.assertLess(int(row["accepted"]), 400)

    def test_each_keeps_the_promises_of_its_own_order(self) -> None:
        for row in self.run_.table("summary.csv"):
            self.assertEqual((row["violations"], row["converged"], row["undelivered"]),
                             ("0", "1", "0"), self.run_.json()["violations"])

    def test_the_rate_is_that_of_the_script(self) -> None:
        for row in self.run_.table("summary.csv"):
            self.assertGreater(float(row["updates_per_s"]), 0)
            self.assertLessEqual(float(row["updates_per_s"]), 400 / 1.995)  # the last: 1.995 s
            self.assertEqual(row["observed"], "inside")


class Order(TestCase):
    def test_what_ships_holds_in_virtual_time(self) -> None:
        ended = self.herdsim("run", str(SOURCE / "scenarios" / "paper" / "skew.json"), "--quiet",
                             "--clock", "virtual", "--out", str(self.folder / "out"))
        self.assertEqual(ended.status, 0, ended.stdout + ended.stderr)

    def test_set_changes_it(self) -> None:
        for order, least in (("client-time", 0), ("server-time", 1)):
            run = self.run_scenario(scenario([{"name": "a"}]), "--clock", "virtual",
                                    "--set", f"herds.0.order={order}")
            wrong = int(run.summary("a")["wrong_records"])
            self.assertEqual(min(wrong, 1), least, order)

    def test_recovery_goes_by_the_same_order(self) -> None:
        """A server that was down and one that was cut off synchronize, in both worlds."""
        faults = [{"at": "500ms", "do": "server_down", "server": "Hamilton"},
                  {"at": "700ms", "do": "partition", "groups": [["Ball", "Welsh"]]},
                  {"at": "1200ms", "do": "server_up", "server": "Hamilton"},
                  {"at": "1500ms", "do": "heal"}]
        herds = [{"name": order, "order": order, "recovery": "sync"}
                 for order in ("client-time", "server-time")]
        for clock in ("virtual", "live"):
            run = self.run_scenario(scenario(herds, events=faults, drain="10s"), "--clock", clock)
            for row in run.table("summary.csv"):
                self.assertEqual((row["violations"], row["converged"], row["undelivered"]),
                                 ("0", "1", "0"), (clock, row["herd"], run.json()["violations"]))
                self.assertGreater(int(row["repairs"]), 0)
                self.assertEqual(row["wrong_records"] == "0", row["herd"] == "client-time")

    def test_another_order_is_an_error(self) -> None:
        ended = self.run_scenario(scenario([{"name": "a", "order": "sever-time"}]), status=2)
        self.assertIn("herds.0.order: \"sever-time\" is not known here "
                      "(did you mean 'server-time'?)", ended.stderr)


if __name__ == "__main__":
    unittest.main()
