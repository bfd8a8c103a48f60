#include "sim/measure/metrics/client_rows.h"

#include <variant>

#include "core/parse.h"
#include "sim/measure/figures/percentile.h"

namespace sim {

std::vector<ClientRow> client_rows(const HerdOutcome& outcome, const UpdateLedger& ledger,
                                   ReplyTimes& replies) {
  const Plan& plan = outcome.plan;
  std::vector<ClientRow> rows(plan.clients.size());
  for (std::uint32_t c = 0; c < rows.size(); ++c) {
    rows[c].client = plan.clients[c].id;
    rows[c].reply_p50 = percentile(replies.of(c), 50);
    rows[c].reply_max = percentile(replies.of(c), 100);
    rows[c].connections_lost = outcome.clients.connections_lost[c];
    rows[c].answers = outcome.clients.answers[c];
    rows[c].reply_counts = outcome.clients.reply_counts[c];
  }
  for (std::uint32_t i = 0; i < ledger.sent; ++i) {
    if (ledger.went_out(i)) ++rows[plan.updates[i].client].updates;
  }
  for (std::uint32_t i = 0; i < ledger.queries_sent; ++i) {
    if (ledger.query_went_out(i)) ++rows[plan.queries[i].client].queries;
  }
  for (const HandoverLog& handover : outcome.clients.handovers) ++rows[handover.client].handovers;
  return rows;
}

std::vector<QueryRow> query_rows(const HerdOutcome& outcome, const UpdateLedger& ledger) {
  std::vector<QueryRow> rows;
  for (std::uint32_t i = 0; i < ledger.queries_sent; ++i) {
    if (!ledger.query_went_out(i)) continue;
    const PlannedQuery& planned = outcome.plan.queries[i];
    const QueryLog& log = outcome.clients.queries[i];
    const herd::ClientCommand command = herd::parse_client_line(outcome.plan.lines[planned.line]);
    const auto& asked = std::get<herd::Whatsat>(command);
    QueryRow row;
    row.query = i;
    row.client = outcome.plan.clients[planned.client].id;
    row.about = asked.client;
    row.radius_km = asked.radius;
    row.bound = asked.bound;
    row.status = log.status;
    row.places = log.places;
    if (log.answered) {
      row.server = outcome.spec.servers[log.server].name;
      row.latency = *log.answered - planned.at;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace sim
