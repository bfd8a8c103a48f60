#include "sim/metrics/summarize.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "core/parse.h"
#include "core/propagation.h"
#include "sim/clients/places_summary.h"
#include "sim/metrics/summary_columns.h"
#include "sim/stats/percentile.h"

namespace sim {
namespace {

Cell count(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Cell latency(const std::optional<Duration>& value) {
  return value ? Cell(Latency{*value}) : Cell();
}

Cell ratio(double part, double whole) { return whole > 0 ? Cell(part / whole) : Cell(); }

Cell known(const std::optional<double>& value) { return value ? Cell(*value) : Cell(); }

// The script's time of an instant on the recorder's scale.
herd::Instant script_time(const HerdOutcome& outcome, herd::Instant at) {
  return herd::Instant(at - outcome.zero);
}

class Summary {
 public:
  Summary(const Scenario& scenario, const HerdOutcome& outcome, const UpdateLedger& ledger,
          const Violations& violations)
      : scenario_(scenario),
        outcome_(outcome),
        ledger_(ledger),
        violations_(violations),
        recorder_(outcome.recorder) {
    out_.herd = outcome.spec.name;
    out_.violations = violations.sentences;
  }

  HerdResults make() {
    if (scenario_.record != RecordLevel::kSummary) add_updates();
    if (scenario_.record == RecordLevel::kDeliveries) add_deliveries();
    add_links();
    add_servers();
    add_clients();
    add_queries();
    add_summary();
    return std::move(out_);
  }

 private:
  std::optional<Duration> reply(std::uint32_t update) const {
    const auto& answered = outcome_.clients.answered[update];
    if (!answered) return std::nullopt;
    return *answered - outcome_.plan.updates[update].at;
  }

  bool covered(const AcceptedUpdate& update) const {
    return update.reached == outcome_.spec.servers.size();
  }

  void add_updates() {
    for (std::uint32_t i = 0; i < ledger_.sent; ++i) {
      const PlannedUpdate& planned = outcome_.plan.updates[i];
      UpdateRow row;
      row.update = i;
      row.client = recorder_.subjects()[planned.subject];
      row.sent = planned.at;
      row.outcome = ledger_.outcome[i];
      if (ledger_.origin[i] != kNone) row.origin = outcome_.spec.servers[ledger_.origin[i]].name;
      if (ledger_.accepted_as[i] != kNone) {
        const AcceptedUpdate& update = recorder_.accepted()[ledger_.accepted_as[i]];
        row.accepted = script_time(outcome_, update.accepted);
        row.servers_reached = update.reached;
        row.messages = update.messages;
        row.duplicates = update.duplicates;
        row.echoes = update.echoes;
        if (covered(update)) row.coverage = update.last_delivery - update.accepted;
      }
      out_.updates.push_back(std::move(row));
    }
  }

  void add_deliveries() {
    out_.deliveries.reserve(recorder_.deliveries().size());
    for (const DeliveryLog& delivery : recorder_.deliveries()) {
      const std::uint32_t planned = ledger_.planned_as[delivery.update];
      if (planned == kNone) continue;
      out_.deliveries.push_back(
          {planned, delivery.server, delivery.from, delivery.hops, delivery.latency});
    }
  }

  void add_links() {
    for (std::uint32_t direction = 0; direction < recorder_.directions().size(); ++direction) {
      const LinkSpec link = outcome_.spec.links[direction / 2];
      const DirectionCounts& counts = recorder_.directions()[direction];
      LinkRow row;
      row.from = direction % 2 == 0 ? link.first : link.second;
      row.to = direction % 2 == 0 ? link.second : link.first;
      row.messages = counts.messages;
      row.bytes = outcome_.wire_bytes[direction];
      row.duplicates = counts.duplicates;
      row.echoes = counts.echoes;
      row.drops = counts.drops;
      row.down = recorder_.link_down_time(direction / 2);
      out_.links.push_back(row);
    }
  }

  void add_servers() {
    for (std::size_t s = 0; s < outcome_.servers.size(); ++s) {
      const ServerOutcome& world = outcome_.servers[s];
      const ServerCounts& counts = recorder_.servers()[s];
      ServerRow row;
      row.server = outcome_.spec.servers[s].name;
      row.port = world.port;
      row.clients_known = world.records.size();
      row.accepted = counts.accepted;
      row.messages_in = counts.messages_in;
      row.messages_out = counts.messages_out;
      row.duplicates_in = counts.duplicates_in;
      row.invalid_lines = counts.invalid_lines;
      row.queries = counts.queries;
      row.connections_peak = world.connections_peak;
      row.clients_held = world.clients_held;
      row.clients_dropped = world.clients_dropped;
      row.links_overflowed = world.links_overflowed;
      out_.servers.push_back(std::move(row));
    }
  }

  void add_clients() {
    std::vector<std::vector<Duration>> replies(outcome_.plan.clients.size());
    std::vector<std::uint64_t> updates(replies.size());
    for (std::uint32_t i = 0; i < ledger_.sent; ++i) {
      const std::uint32_t client = outcome_.plan.updates[i].client;
      ++updates[client];
      if (const auto value = reply(i)) replies[client].push_back(*value);
    }
    std::vector<std::uint64_t> queries(replies.size());
    for (std::uint64_t i = 0; i < ledger_.queries_sent; ++i) {
      ++queries[outcome_.plan.queries[i].client];
    }
    std::vector<std::uint64_t> handovers(replies.size());
    for (const HandoverLog& handover : outcome_.clients.handovers) ++handovers[handover.client];
    for (std::size_t i = 0; i < replies.size(); ++i) {
      ClientRow row;
      row.client = outcome_.plan.clients[i].id;
      row.updates = updates[i];
      row.queries = queries[i];
      row.handovers = handovers[i];
      row.reply_p50 = percentile(replies[i], 50);
      row.reply_max = percentile(replies[i], 100);
      out_.clients.push_back(std::move(row));
    }
  }

  void add_queries() {
    for (std::uint32_t i = 0; i < ledger_.queries_sent; ++i) {
      const PlannedQuery& planned = outcome_.plan.queries[i];
      const QueryLog& log = outcome_.clients.queries[i];
      const herd::ClientCommand command =
          herd::parse_client_line(outcome_.plan.lines[planned.line]);
      const auto& asked = std::get<herd::Whatsat>(command);
      QueryRow row;
      row.query = i;
      row.client = outcome_.plan.clients[planned.client].id;
      row.about = asked.client;
      row.radius_km = asked.radius;
      row.bound = asked.bound;
      row.status = log.status;
      row.places = log.places;
      if (log.answered) {
        row.server = outcome_.spec.servers[log.server].name;
        row.latency = *log.answered - planned.at;
        query_latencies_.push_back(*row.latency);
      }
      if (!is_places_answer(row.status)) ++query_errors_;
      out_.queries.push_back(std::move(row));
    }
  }

  // Pairs of an accepted update and a server that in the end holds neither it nor a newer one.
  std::uint64_t undelivered() const {
    std::uint64_t pairs = 0;
    for (const auto& held : ledger_.held) {
      for (std::size_t subject = 0; subject < ledger_.history.size(); ++subject) {
        const std::uint64_t known = held[subject] == kNone ? 0 : held[subject] + 1;
        pairs += ledger_.history[subject].size() - known;
      }
    }
    return pairs;
  }

  bool converged() const {
    return ledger_.foreign.empty() &&
           std::all_of(ledger_.held.begin(), ledger_.held.end(),
                       [&](const auto& held) { return held == ledger_.held.front(); });
  }

  void set(std::string_view column, Cell cell) { cells_[column] = std::move(cell); }

  void add_summary() {
    const HerdSpec& spec = outcome_.spec;
    const auto& accepted = recorder_.accepted();
    std::uint64_t messages = 0, duplicates = 0, echoes = 0, stale = 0, lost = 0;
    std::uint64_t covered_count = 0, covered_messages = 0;
    std::vector<Duration> coverage;
    for (const AcceptedUpdate& update : accepted) {
      messages += update.messages;
      duplicates += update.duplicates;
      echoes += update.echoes;
      stale += update.stale;
      lost += update.lost;
      if (!covered(update)) continue;
      ++covered_count;
      covered_messages += update.messages;
      coverage.push_back(update.last_delivery - update.accepted);
    }
    const auto updates = static_cast<double>(accepted.size());

    set("scenario", scenario_.name);
    set("herd", spec.name);
    set("engine", std::string("native"));
    set("clock", std::string("live"));
    set("seed", count(scenario_.seed));
    set("servers", count(spec.servers.size()));
    set("links", count(spec.links.size()));
    set("propagation", std::string(herd::to_string(spec.propagation)));
    set("recovery", std::string("none"));
    set("clients", count(outcome_.plan.clients.size()));
    set("updates", count(ledger_.sent));
    set("accepted", count(accepted.size()));
    set("deliveries", count(recorder_.delivery_latencies().size()));
    set("undelivered", count(undelivered()));
    set("messages", count(messages));
    set("messages_per_update", ratio(static_cast<double>(messages), updates));
    set("duplicates", count(duplicates));
    set("duplicates_per_update", ratio(static_cast<double>(duplicates), updates));
    set("echoes", count(echoes));
    set("stale", count(stale));
    set("lost", count(lost));
    if (spec.servers.size() > 1 && covered_count > 0) {
      const auto useful = static_cast<double>(covered_count * (spec.servers.size() - 1));
      set("redundancy", static_cast<double>(covered_messages) / useful - 1);
    }
    set("bytes", count(std::accumulate(outcome_.wire_bytes.begin(), outcome_.wire_bytes.end(),
                                       std::uint64_t{0})));
    set("covered", count(covered_count));

    std::vector<Duration> propagation = recorder_.delivery_latencies();
    set("propagation_p50_us", latency(percentile(propagation, 50)));
    set("propagation_p90_us", latency(percentile(propagation, 90)));
    set("propagation_p99_us", latency(percentile(propagation, 99)));
    set("propagation_max_us", latency(percentile(propagation, 100)));
    set("coverage_p50_us", latency(percentile(coverage, 50)));
    set("coverage_p99_us", latency(percentile(coverage, 99)));
    set("coverage_max_us", latency(percentile(coverage, 100)));

    std::vector<Duration> replies;
    for (std::uint32_t i = 0; i < ledger_.sent; ++i) {
      if (const auto value = reply(i)) replies.push_back(*value);
    }
    set("reply_p50_us", latency(percentile(replies, 50)));
    set("reply_p99_us", latency(percentile(replies, 99)));
    set("reply_max_us", latency(percentile(replies, 100)));
    set("queries", count(ledger_.queries_sent));
    set("query_errors", count(query_errors_));
    set("query_p50_us", latency(percentile(query_latencies_, 50)));
    set("query_p99_us", latency(percentile(query_latencies_, 99)));

    std::vector<Duration> handovers;
    for (const HandoverLog& handover : outcome_.clients.handovers) {
      if (!handover.last_answer || !handover.first_answer) continue;
      handovers.push_back(*handover.first_answer - *handover.last_answer);
    }
    set("handovers", count(outcome_.clients.handovers.size()));
    set("handover_p50_us", latency(percentile(handovers, 50)));
    set("link_drops", count(recorder_.link_drops()));
    set("converged", count(converged() ? 1 : 0));
    set("violations", count(violations_.count));
    set("cpu_s", known(outcome_.cpu_s));
    set("rss_mib", known(outcome_.rss_mib));
    set("wall_s", outcome_.wall_s);

    for (const SummaryColumn& column : kSummaryColumns) out_.summary.push_back(cells_[column.name]);
  }

  const Scenario& scenario_;
  const HerdOutcome& outcome_;
  const UpdateLedger& ledger_;
  const Violations& violations_;
  const Recorder& recorder_;
  std::uint64_t query_errors_ = 0;  // unanswered ones too
  std::vector<Duration> query_latencies_;
  std::unordered_map<std::string_view, Cell> cells_;
  HerdResults out_;
};

}  // namespace

HerdResults summarize(const Scenario& scenario, const HerdOutcome& outcome,
                      const UpdateLedger& ledger, const Violations& violations) {
  return Summary(scenario, outcome, ledger, violations).make();
}

}  // namespace sim
