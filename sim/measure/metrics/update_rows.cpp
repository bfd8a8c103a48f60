#include "sim/measure/metrics/update_rows.h"

namespace sim {

std::vector<UpdateRow> update_rows(const HerdOutcome& outcome, const UpdateLedger& ledger) {
  const Recorder& recorder = outcome.recorder;
  std::vector<UpdateRow> rows;
  rows.reserve(ledger.sent);
  for (std::uint32_t i = 0; i < ledger.sent; ++i) {
    if (!ledger.went_out(i)) continue;
    const PlannedUpdate& planned = outcome.plan.updates[i];
    UpdateRow row;
    row.update = i;
    row.client = recorder.subjects()[planned.subject];
    row.sent = planned.at;
    row.outcome = ledger.outcome[i];
    if (ledger.origin[i] != kNoIndex) row.origin = outcome.spec.servers[ledger.origin[i]].name;
    if (ledger.accepted_as[i] != kNoIndex) {
      const AcceptedUpdate& update = recorder.accepted()[ledger.accepted_as[i]];
      if (!update.undated) row.accepted = outcome.script_time(update.accepted);
      row.servers_reached = update.reached;
      row.messages = update.messages;
      row.duplicates = update.duplicates;
      row.echoes = update.echoes;
      if (outcome.covered(update) && knows_deliveries(outcome.observed)) {
        row.coverage = update.coverage();
      }
    }
    if (const auto& answered = outcome.clients.answered[i]) row.reply = *answered - planned.at;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<DeliveryRow> delivery_rows(const HerdOutcome& outcome, const UpdateLedger& ledger) {
  std::vector<DeliveryRow> rows;
  rows.reserve(outcome.recorder.deliveries().size());
  for (const DeliveryLog& delivery : outcome.recorder.deliveries()) {
    const std::uint32_t planned = ledger.planned_as[delivery.update];
    if (planned == kNoIndex) continue;
    DeliveryRow row;
    row.update = planned;
    row.server = delivery.server;
    if (delivery.from != kNoIndex) row.from = delivery.from;
    row.hops = delivery.hops;
    row.latency = delivery.latency;
    rows.push_back(row);
  }
  return rows;
}

}  // namespace sim
