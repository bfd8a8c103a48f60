// Shared by the tests of sweeps: sweeps from text, and results without a run.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "sim/app/sweep/load_sweep.h"
#include "sim/app/sweep/run_sweep.h"
#include "sim/app/sweep/sweep_results.h"
#include "sim/measure/results/expectations.h"
#include "sim/run/run_scenario.h"
#include "tests/sim/measure/results_fixture.h"

namespace sim::test {

// Returns a scenario of two herds with this `sweep` and these members.
inline std::string sweep_text(const std::string& sweep, const std::string& members = "") {
  return R"({
 "name": "t", "clock": "virtual", "duration": "1s",
 "herds": [
  {"name": "a", "servers": 5, "links": "ring"},
  {"name": "b", "servers": 5, "links": "complete"}],
 "clients": [{"id": "c", "server": "spread"}],
)" + members +
         "\n \"sweep\": " + sweep + "\n}";
}

inline herd::Result<Sweep, ScenarioErrors> try_sweep(const std::string& text,
                                                     const LoadOptions& options = {},
                                                     std::optional<Shard> shard = std::nullopt) {
  const auto document = parse_document("t.json", text, options);
  if (!document) return document.error();
  return to_sweep(*document, shard);
}

// Returns the sweep of a valid text.
inline Sweep sweep_of(const std::string& text, const LoadOptions& options = {},
                      std::optional<Shard> shard = std::nullopt) {
  auto sweep = try_sweep(text, options, shard);
  if (sweep) return std::move(*sweep);
  for (const std::string& error : sweep.error()) ADD_FAILURE() << error;
  return {};
}

// A sweep of the seeds 1 to 4.
inline Sweep four_seeds(const std::string& members = "") {
  return sweep_of(sweep_text(R"({"seed": {"count": 4}})", members));
}

inline SweepOptions run_with(decltype(SweepOptions::run) run, unsigned jobs = 1) {
  SweepOptions options;
  options.jobs = jobs;
  options.run = std::move(run);
  return options;
}

// Returns made-up results of a scenario: in each herd, a number of messages that depends on the
// seed and the servers, and half a second of coverage.
inline herd::Result<RunResults, Error> pretend_run(const Scenario& scenario, const RunOptions&) {
  RunResults run;
  run.start = "2024-05-01T12:00:00Z";
  for (const HerdSpec& spec : scenario.herds) {
    HerdResults& herd = run.herds.emplace_back(summarised_herd(spec.name, 10));
    const auto servers = static_cast<std::int64_t>(spec.servers.size());
    set_cell(herd, "seed", static_cast<std::int64_t>(scenario.seed));
    set_cell(herd, "servers", servers);
    set_cell(herd, "messages", static_cast<std::int64_t>(scenario.seed) * 100 + servers);
    set_cell(herd, "coverage_p50_us", micros(500'000));
    set_cell(herd, "cpu_s", 0.5);
  }
  run.expectations = check_expectations(scenario, run.herds);
  return run;
}

inline SweepResults not_run(const Sweep& sweep) {
  SweepResults results = begin_results(sweep);
  results.start = "2024-05-01T12:00:00Z";
  return results;
}

}  // namespace sim::test
