#include "sim/measure/metrics/histogram_rows.h"

#include <string_view>

namespace sim {
namespace {

void add_rows(std::vector<HistogramRow>& rows, std::string_view metric,
              const LatencyHistogram& histogram) {
  for (const auto& [upto, count] : histogram.buckets()) rows.push_back({metric, upto, count});
}

LatencyHistogram propagation(const std::vector<LatencyHistogram>& bins) {
  LatencyHistogram all;
  for (const LatencyHistogram& bin : bins) all.add(bin);
  return all;
}

LatencyHistogram coverage(const HerdOutcome& outcome) {
  LatencyHistogram all;
  for (const AcceptedUpdate& update : outcome.recorder.accepted()) {
    if (!outcome.covered(update)) continue;
    if (const auto known = update.coverage()) all.add(*known);
  }
  return all;
}

LatencyHistogram replies(const HerdOutcome& outcome, const UpdateLedger& ledger) {
  LatencyHistogram all;
  for (std::uint64_t i = 0; i < ledger.sent; ++i) {
    const auto& answered = outcome.clients.answered[i];
    if (answered) all.add(*answered - outcome.plan.updates[i].at);
  }
  return all;
}

// Returns the known values of one member of some rows.
template <class Row>
LatencyHistogram known(const std::vector<Row>& rows, std::optional<Duration> Row::*member) {
  LatencyHistogram all;
  for (const Row& row : rows) {
    if (row.*member) all.add(*(row.*member));
  }
  return all;
}

}  // namespace

std::vector<HistogramRow> histogram_rows(const HerdOutcome& outcome, const UpdateLedger& ledger,
                                         const std::vector<LatencyHistogram>& latencies,
                                         const HerdResults& rows) {
  std::vector<HistogramRow> out;
  if (knows_deliveries(outcome.observed)) {
    add_rows(out, "propagation", propagation(latencies));
    add_rows(out, "coverage", coverage(outcome));
  }
  add_rows(out, "reply", replies(outcome, ledger));
  add_rows(out, "query", known(rows.queries, &QueryRow::latency));
  if (knows_records(outcome.observed) && outcome.recorder.all_dated()) {
    add_rows(out, "staleness", known(rows.handovers, &HandoverRow::stale));
  }
  return out;
}

}  // namespace sim
