// A small run with a row in every table, for the tests of the writers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "sim/measure/figures/run_results.h"
#include "sim/script/spec/scenario.h"
#include "sim/script/spec/summary_columns.h"

namespace sim::test {

inline void set_cell(HerdResults& herd, std::string_view column, Cell cell) {
  herd.summary.resize(kSummaryColumns.size());
  herd.summary[find_column(column).value()] = std::move(cell);
}

inline Latency micros(std::int64_t us) { return {Duration(us * 1000)}; }

// Returns a herd of the paper's five servers after 1,000 updates with this number of messages each.
inline HerdResults summarised_herd(const std::string& name, std::int64_t messages_per_update) {
  HerdResults herd;
  herd.herd = name;
  for (const char* column : {"undelivered", "lost", "stale", "handovers", "link_drops", "queries",
                             "query_errors", "violations", "deliveries_again", "repairs",
                             "sync_bytes", "handovers_stale", "server_restarts", "connections_lost",
                             "wrong_records", "odd_replies", "refusals", "closings", "silences"}) {
    set_cell(herd, column, std::int64_t{0});
  }
  set_cell(herd, "scenario", "paper");
  set_cell(herd, "herd", name);
  set_cell(herd, "engine", "native");
  set_cell(herd, "clock", "live");
  set_cell(herd, "propagation", messages_per_update == 10 ? "flood-echo" : "flood");
  set_cell(herd, "recovery", "none");
  set_cell(herd, "servers", std::int64_t{5});
  set_cell(herd, "links", std::int64_t{5});
  set_cell(herd, "updates", std::int64_t{1000});
  set_cell(herd, "accepted", std::int64_t{1000});
  set_cell(herd, "replies", std::int64_t{1000});
  set_cell(herd, "covered", std::int64_t{1000});
  set_cell(herd, "messages", messages_per_update * 1000);
  set_cell(herd, "messages_per_update", static_cast<double>(messages_per_update));
  set_cell(herd, "duplicates_per_update", static_cast<double>(messages_per_update - 4));
  set_cell(herd, "redundancy", static_cast<double>(messages_per_update) / 4 - 1);
  set_cell(herd, "echoes", std::int64_t{messages_per_update == 10 ? 4000 : 0});
  set_cell(herd, "propagation_p50_us", micros(182));
  set_cell(herd, "propagation_p99_us", micros(1'234));
  set_cell(herd, "propagation_max_us", micros(45'678));
  set_cell(herd, "coverage_p50_us", micros(250));
  set_cell(herd, "coverage_max_us", micros(46'000));
  set_cell(herd, "reply_p50_us", micros(90));
  set_cell(herd, "reply_p99_us", micros(400));
  set_cell(herd, "reply_max_us", micros(1'500'000));
  set_cell(herd, "converged", std::int64_t{1});
  set_cell(herd, "cpu_s", 0.25);
  set_cell(herd, "rss_mib", 12.34);
  set_cell(herd, "wall_s", 12.0);
  set_cell(herd, "updates_per_s", 99.5);
  set_cell(herd, "observed", "inside");
  return herd;
}

// Returns one herd with rows in every table, and one without any.
inline RunResults small_run() {
  const auto at = [](std::int64_t us) { return Instant(Duration(us * 1000)); };
  RunResults run;
  run.start = "2024-05-01T12:00:00Z";
  HerdResults& herd = run.herds.emplace_back(summarised_herd("a,b", 10));
  herd.servers = {{"Alford", 4711, 2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {"Ball", 4712}};
  herd.updates = {
      {0, "phone-0", "Alford", at(1500), at(1750), Outcome::kAccepted, 2, 2, 1, 1, Duration(123456),
       Duration(90'000)},
      {1, "phone-1", "Ball", at(2000), std::nullopt, Outcome::kSuperseded, 0, 0, 0, 0, {}},
      {2, "phone-\"2\"", "", at(2500), std::nullopt, Outcome::kUnanswered, 0, 0, 0, 0, {}}};
  herd.deliveries = {{0, 1, 0, 1, Duration(123456)}};
  herd.messages = {{0, 0, 1, at(1750), Instant(Duration(1'873'456)), 1, MessageKind::kDelivery},
                   {0, 1, 0, at(1875), {}, 2, MessageKind::kLost, true, true}};
  herd.undelivered = {{1, "phone-1", 0, 1, "cut_off", true},
                      {{}, "odd", 1, 0, "superseded", false}};
  const auto us = [](std::int64_t value) { return Duration(value * 1000); };
  herd.timeline = {
      {at(0), at(50'000), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, {us(1), us(2), us(3)}, {}}};
  herd.heat = {{at(0), at(100'000), Duration(896), Duration(1023), 3}};
  herd.histograms = {{"propagation", Duration(255), 3}, {"reply", us(95), 1}};
  herd.links = {{0, 1, 1, 100, 0, 0, 1, Duration(2'000'000), 1, 70},
                {1, 0, 1, 101, 1, 1, 1, Duration(0)}};
  herd.clients = {{"phone-0", 1, 1, 0, Duration(90'000), Duration(95'000), 3, {}, {4, 6, 7, 8, 5}},
                  {"phone-1", 1, 0, 2, {}, {}}};
  herd.queries = {{0, "phone-0", "phone-1", "Alford", "10", 5, "OK", 3, Duration(2'500'000)},
                  {1, "phone-0", "nobody", "Alford", "0.50", 20, "?", {}, Duration(80'000)},
                  {2, "phone-1", "phone-0", "Ball", "1", 1, "", {}, {}}};
  herd.handovers = {
      {"phone-1", at(3000), 0, 1, Duration(7'500), Duration(2'000), true, Duration(0)},
      {"phone-1", at(4000), 1, 0, {}, Duration(2'500), false, Duration(1'250)},
      {"phone-1", at(5000), 0, 1, {}, Duration(3'000), false, {}},
      {"phone-1", at(6000), 1, 0, {}, {}, {}, {}}};
  run.herds.emplace_back(summarised_herd("none", 6));
  run.events = {{at(0), "", "start", ""}, {at(2'000'000), "a,b", "link_down", "Alford Ball, cut"}};
  return run;
}

}  // namespace sim::test
