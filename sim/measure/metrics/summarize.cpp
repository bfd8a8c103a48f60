#include "sim/measure/metrics/summarize.h"

#include "sim/measure/metrics/client_rows.h"
#include "sim/measure/metrics/handover_rows.h"
#include "sim/measure/metrics/heat_rows.h"
#include "sim/measure/metrics/herd_rows.h"
#include "sim/measure/metrics/histogram_rows.h"
#include "sim/measure/metrics/message_rows.h"
#include "sim/measure/metrics/reply_times.h"
#include "sim/measure/metrics/summary_row.h"
#include "sim/measure/metrics/timeline_rows.h"
#include "sim/measure/metrics/undelivered_rows.h"
#include "sim/measure/metrics/update_rows.h"

namespace sim {

namespace {

// Adds the rows that the summary does not need.
void add_rows(HerdResults& out, const Scenario& scenario, const HerdOutcome& outcome,
              const UpdateLedger& ledger, ReplyTimes& replies) {
  if (scenario.record != RecordLevel::kSummary) out.updates = update_rows(outcome, ledger);
  if (scenario.record == RecordLevel::kDeliveries) out.deliveries = delivery_rows(outcome, ledger);
  if (scenario.record == RecordLevel::kDeliveries) {
    out.undelivered = undelivered_rows(outcome, ledger);
  }
  out.messages = message_rows(outcome, ledger);
  out.links = link_rows(outcome);
  out.servers = server_rows(outcome, ledger);
  out.clients = client_rows(outcome, ledger, replies);
  const std::vector<LatencyHistogram> latencies = delivery_latencies(outcome.recorder);
  out.timeline = timeline_rows(outcome, ledger, latencies);
  if (knows_deliveries(out.observed)) out.heat = heat_rows(outcome.recorder.bins(), latencies);
  out.histograms = histogram_rows(outcome, ledger, latencies, out);
}

}  // namespace

HerdResults summarize(const Scenario& scenario, const HerdOutcome& outcome,
                      const UpdateLedger& ledger, const Violations& violations, WantedRows rows) {
  HerdResults out;
  out.herd = outcome.spec.name;
  out.observed = outcome.observed;
  out.violations = violations.sentences;
  out.quiet = outcome.quiet;
  out.queries = query_rows(outcome, ledger);
  out.handovers = handover_rows(outcome, ledger);
  ReplyTimes replies(outcome, ledger);
  if (rows == WantedRows::kAll) add_rows(out, scenario, outcome, ledger, replies);
  out.summary = summary_row(scenario, outcome, ledger, violations, out, replies.all());
  return out;
}

}  // namespace sim
