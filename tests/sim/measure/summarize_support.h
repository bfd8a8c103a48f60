// Sums up toy herds, and shows the columns of their summaries.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>

#include "sim/measure/metrics/summarize.h"
#include "sim/script/spec/summary_columns.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim::test {

using Columns = std::map<std::string, std::string>;

// Returns a cell as text; empty if it is unknown.
inline std::string told(const Cell& cell) {
  struct Tell {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(std::int64_t n) const { return std::to_string(n); }
    std::string operator()(double d) const { return std::to_string(d); }
    std::string operator()(Latency l) const { return std::to_string(l.value.count()) + " ns"; }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Tell{}, cell);
}

// Returns whether a cell is what a column of this kind may hold.
inline bool fits(const Cell& cell, ColumnKind kind) {
  if (std::holds_alternative<std::monostate>(cell)) return true;
  switch (kind) {
    case ColumnKind::kText:
      return std::holds_alternative<std::string>(cell);
    case ColumnKind::kCount:
    case ColumnKind::kYesNo:
      return std::holds_alternative<std::int64_t>(cell);
    case ColumnKind::kMicros:
    case ColumnKind::kSinceStart:
      return std::holds_alternative<Latency>(cell);
    case ColumnKind::kRatio:
    case ColumnKind::kRate:
    case ColumnKind::kSeconds:
    case ColumnKind::kMib:
      return std::holds_alternative<double>(cell);
    case ColumnKind::kAsMetric:
      return false;
  }
  return false;
}

// Returns the cells of the summary as text, by column. Checks the kind of each.
inline Columns columns(const HerdResults& results) {
  Columns out;
  EXPECT_EQ(results.summary.size(), kSummaryColumns.size());
  for (std::size_t i = 0; i < kSummaryColumns.size(); ++i) {
    EXPECT_TRUE(fits(results.summary.at(i), kSummaryColumns[i].kind)) << kSummaryColumns[i].name;
    out[std::string(kSummaryColumns[i].name)] = told(results.summary.at(i));
  }
  return out;
}

inline Scenario scenario(RecordLevel record = RecordLevel::kDeliveries) {
  Scenario out;
  out.name = "test";
  out.seed = 42;
  out.record = record;
  return out;
}

// Returns the results of the herd; `set` may change its outcome first.
inline HerdResults summed(const ToyHerd& toy, const Scenario& of = scenario(),
                          const std::function<void(HerdOutcome&)>& set = nullptr,
                          WantedRows rows = WantedRows::kAll) {
  HerdOutcome outcome = toy.outcome();
  if (set) set(outcome);
  const UpdateLedger ledger(outcome);
  return summarize(of, outcome, ledger, check(outcome, ledger, of.clock), rows);
}

inline HandoverLog handover(std::uint32_t client, Duration latency) {
  HandoverLog log;
  log.client = client;
  log.last_answer = at_ms(1);
  log.first_answer = at_ms(1) + latency;
  return log;
}

inline Plan one_update() { return HandPlan().client("kiwi", kAlford).update(0, at_ms(1)); }

}  // namespace sim::test
