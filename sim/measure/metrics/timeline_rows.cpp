#include "sim/measure/metrics/timeline_rows.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

// Something went down (+1) or came up (-1).
struct DownStep {
  herd::Instant at;
  int by = 0;
};

// Returns, by bin, the greatest number that was down at once.
std::vector<std::uint32_t> most_down(const TimelineBins& bins, std::vector<DownStep> steps) {
  // Several threads may report a little out of order.
  std::stable_sort(steps.begin(), steps.end(),
                   [](const DownStep& a, const DownStep& b) { return a.at < b.at; });
  std::vector<std::uint32_t> most(bins.size(), 0);
  int down = 0;
  std::size_t bin = 0;
  const auto go_to = [&](std::size_t next) {
    while (bin < next) most[++bin] = static_cast<std::uint32_t>(down);
  };
  for (const DownStep& step : steps) {
    go_to(bins.bin_of(step.at));
    down += step.by;
    most[bin] = std::max(most[bin], static_cast<std::uint32_t>(std::max(0, down)));
  }
  go_to(most.size() - 1);
  return most;
}

std::vector<DownStep> link_steps(const Recorder& recorder, std::size_t links) {
  std::vector<DownStep> steps;
  std::vector<bool> down(links);
  for (const LinkChange& change : recorder.link_changes()) {
    if (change.state == LinkState::kSynchronized) continue;
    const bool goes_down = change.state == LinkState::kDown;
    if (goes_down == down[change.link]) continue;  // it came up for the first time
    down[change.link] = goes_down;
    steps.push_back({change.at, goes_down ? 1 : -1});
  }
  return steps;
}

std::vector<DownStep> server_steps(const Recorder& recorder, std::size_t servers) {
  std::vector<DownStep> steps;
  std::vector<bool> down(servers);
  for (const ServerChange& change : recorder.server_changes()) {
    if (change.up != down[change.server]) continue;
    down[change.server] = !change.up;
    steps.push_back({change.at, change.up ? -1 : 1});
  }
  return steps;
}

BinLatencies percentiles(const LatencyHistogram& latencies) {
  return {latencies.percentile(50), latencies.percentile(99), latencies.max()};
}

void add_accepted(std::vector<TimelineRow>& rows, const HerdOutcome& outcome) {
  const TimelineBins& bins = outcome.recorder.bins();
  for (const AcceptedUpdate& update : outcome.recorder.accepted()) {
    ++rows[bins.bin_of(update.accepted)].accepted;
    if (outcome.covered(update)) ++rows[bins.bin_of(update.last_delivery)].covered;
  }
  std::uint64_t open = 0;
  for (TimelineRow& row : rows) {
    open += row.accepted - row.covered;
    row.open_updates = open;
  }
}

void add_replies(std::vector<TimelineRow>& rows, const HerdOutcome& outcome,
                 const UpdateLedger& ledger) {
  const TimelineBins& bins = outcome.recorder.bins();
  std::vector<LatencyHistogram> replies(rows.size());
  for (std::uint64_t i = 0; i < ledger.sent; ++i) {
    const auto& answered = outcome.clients.answered[i];
    if (!answered) continue;
    replies[bins.bin_of(outcome.recorder_time(*answered))].add(*answered -
                                                               outcome.plan.updates[i].at);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].reply = percentiles(replies[i]);
}

}  // namespace

std::vector<LatencyHistogram> delivery_latencies(const Recorder& recorder) {
  const TimelineBins& bins = recorder.bins();
  std::vector<LatencyHistogram> out = bins.latencies();
  if (!out.empty()) return out;
  out.resize(bins.size());
  for (const DeliveryLog& delivery : recorder.deliveries()) {
    if (!delivery.latency) continue;
    const herd::Instant at = recorder.accepted().accepted(delivery.update) + *delivery.latency;
    out[bins.bin_of(at)].add(*delivery.latency);
  }
  return out;
}

std::vector<TimelineRow> timeline_rows(const HerdOutcome& outcome, const UpdateLedger& ledger,
                                       const std::vector<LatencyHistogram>& latencies) {
  const Recorder& recorder = outcome.recorder;
  const TimelineBins& bins = recorder.bins();
  if (!bins.begun()) return {};
  const auto links = most_down(bins, link_steps(recorder, outcome.spec.links.size()));
  const auto servers = most_down(bins, server_steps(recorder, outcome.spec.servers.size()));
  std::vector<TimelineRow> rows(bins.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    TimelineRow& row = rows[i];
    const BinCounts& counts = bins.counts()[i];
    row.from = herd::Instant(static_cast<std::int64_t>(i) * bins.width());
    row.to = row.from + bins.width();
    row.deliveries = counts.deliveries;
    row.messages = counts.messages;
    row.duplicates = counts.duplicates;
    row.echoes = counts.echoes;
    row.stale = counts.stale;
    row.lost = counts.lost;
    row.repairs = counts.repairs;
    row.links_down = links[i];
    row.servers_down = servers[i];
    row.propagation = percentiles(latencies[i]);
  }
  add_accepted(rows, outcome);
  add_replies(rows, outcome, ledger);
  return rows;
}

}  // namespace sim
