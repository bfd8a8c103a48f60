#include "sim/measure/metrics/summary_row.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/propagation.h"
#include "core/recovery.h"
#include "sim/measure/figures/percentile.h"
#include "sim/measure/metrics/wrong_records.h"
#include "sim/script/spec/summary_columns.h"
#include "sim/worlds/world/places_status.h"

namespace sim {
namespace {

Cell count(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Cell latency(const std::optional<Duration>& value) {
  return value ? Cell(Latency{*value}) : Cell();
}

Cell hop_count(const std::optional<std::uint32_t>& value) { return value ? count(*value) : Cell(); }

Cell ratio(double part, double whole) { return whole > 0 ? Cell(part / whole) : Cell(); }

Cell known(const std::optional<double>& value) { return value ? Cell(*value) : Cell(); }

// Returns the sum of one member over a list.
template <class Item, class Number>
std::uint64_t total(const std::vector<Item>& items, Number Item::*member) {
  std::uint64_t all = 0;
  for (const Item& item : items) all += item.*member;
  return all;
}

template <class Item, class Number>
Cell sum(const std::vector<Item>& items, Number Item::*member) {
  return count(total(items, member));
}

template <class Number>
Cell sum(const std::vector<Number>& numbers) {
  return count(std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0}));
}

// Returns the known values of one member over a list.
template <class Item>
std::vector<Duration> all_known(const std::vector<Item>& items,
                                std::optional<Duration> Item::*member) {
  std::vector<Duration> out;
  for (const Item& item : items) {
    if (item.*member) out.push_back(*(item.*member));
  }
  return out;
}

class SummaryRow {
 public:
  SummaryRow(const Scenario& scenario, const HerdOutcome& outcome, const UpdateLedger& ledger)
      : scenario_(scenario), outcome_(outcome), ledger_(ledger), recorder_(outcome.recorder) {}

  std::vector<Cell> make(const Violations& violations, const HerdResults& rows,
                         std::span<Duration> replies) {
    add_run();
    add_updates();
    add_latencies();
    set(column("reply_p50_us"), latency(percentile(replies, 50)));
    set(column("reply_p99_us"), latency(percentile(replies, 99)));
    set(column("reply_max_us"), latency(percentile(replies, 100)));
    set(column("updates_per_s"), updates_per_s());
    add_queries(rows.queries);
    add_handovers(rows.handovers);
    add_recovery();
    set(column("violations"), count(violations.count));
    if (knows_records(outcome_.observed)) {
      set(column("converged"), count(converged() ? 1 : 0));
      set(column("wrong_records"), count(count_wrong_records(outcome_, ledger_)));
    }
    return std::move(cells_);
  }

 private:
  void set(std::size_t column, Cell cell) { cells_[column] = std::move(cell); }

  static std::string engine_name(const HerdSpec& spec) {
    if (spec.external) return spec.external->name;
    return spec.central ? "central" : "native";
  }

  void add_run() {
    const HerdSpec& spec = outcome_.spec;
    set(column("scenario"), scenario_.name);
    set(column("herd"), spec.name);
    set(column("engine"), engine_name(spec));
    set(column("clock"), std::string(to_string(scenario_.clock)));
    set(column("seed"), count(scenario_.seed));
    set(column("servers"), count(spec.servers.size()));
    set(column("links"), count(spec.links.size()));
    const bool native = !spec.external && !spec.central;
    if (native || (spec.external && mentions(*spec.external, "propagation"))) {
      set(column("propagation"), std::string(herd::to_string(spec.propagation)));
    }
    if (native) set(column("recovery"), std::string(herd::to_string(spec.recovery)));
    set(column("clients"), count(outcome_.plan.clients.size()));
    const std::vector<ReplyCounts>& replies = outcome_.clients.reply_counts;
    set(column("replies"), sum(replies, &ReplyCounts::replies));
    set(column("odd_replies"), sum(replies, &ReplyCounts::odd_replies));
    set(column("refusals"), sum(replies, &ReplyCounts::refusals));
    set(column("closings"), sum(replies, &ReplyCounts::closings));
    set(column("silences"), sum(replies, &ReplyCounts::silences));
    set(column("connections_lost"), sum(outcome_.clients.connections_lost));
    set(column("cpu_s"), known(outcome_.cpu_s));
    set(column("rss_mib"), known(outcome_.rss_mib));
    set(column("wall_s"), outcome_.wall_s);
    set(column("observed"), std::string(to_string(outcome_.observed)));
  }

  void add_updates() {
    const auto& accepted = recorder_.accepted();
    std::uint64_t messages = 0, duplicates = 0, echoes = 0, stale = 0, lost = 0;
    std::vector<std::uint32_t> of_covered;  // messages
    std::vector<std::uint32_t> hops;        // of the same updates
    std::vector<Duration> coverage;
    for (const AcceptedUpdate& update : accepted) {
      messages += update.messages;
      duplicates += update.duplicates;
      echoes += update.echoes;
      stale += update.stale;
      lost += update.lost;
      if (!outcome_.covered(update)) continue;
      of_covered.push_back(update.messages);
      hops.push_back(update.hops);
      if (const auto known = update.coverage()) coverage.push_back(*known);
    }
    const auto updates = static_cast<double>(accepted.size());
    set(column("updates"), count(ledger_.updates_out()));
    set(column("accepted"), count(accepted.size()));
    if (knows_records(outcome_.observed)) set(column("undelivered"), count(undelivered()));
    if (knows_deliveries(outcome_.observed)) {
      set(column("deliveries"), count(recorder_.delivery_count()));
      set(column("covered"), count(of_covered.size()));
      set(column("covered_share"), ratio(static_cast<double>(of_covered.size()), updates));
      set(column("coverage_p50_us"), latency(percentile(coverage, 50)));
      set(column("coverage_p99_us"), latency(percentile(coverage, 99)));
      set(column("coverage_max_us"), latency(percentile(coverage, 100)));
    }
    if (knows_records(outcome_.observed) && knows_deliveries(outcome_.observed)) {
      set(column("superseded_on_way"), count(superseded_on_way()));
    }
    if (knows_links(outcome_.observed)) set(column("bytes"), sum(outcome_.wire_bytes));
    if (!knows_messages(outcome_.observed)) return;
    set(column("messages"), count(messages));
    set(column("messages_per_update"), ratio(static_cast<double>(messages), updates));
    set(column("duplicates"), count(duplicates));
    set(column("duplicates_per_update"), ratio(static_cast<double>(duplicates), updates));
    set(column("echoes"), count(echoes));
    set(column("stale"), count(stale));
    set(column("lost"), count(lost));
    set(column("redundancy"), redundancy(of_covered));
    const std::size_t quarter = (of_covered.size() + 3) / 4;
    set(column("redundancy_last_quarter"), redundancy(std::span(of_covered).last(quarter)));
    if (outcome_.spec.servers.size() < 2) return;
    set(column("last_hop_p50"), hop_count(percentile(hops, 50)));
    set(column("last_hop_max"), hop_count(percentile(hops, 100)));
  }

  // Returns the messages per server that had to be reached, less 1. `messages` is by update.
  Cell redundancy(std::span<const std::uint32_t> messages) const {
    const std::size_t servers = outcome_.spec.servers.size();
    if (servers < 2 || messages.empty()) return {};
    const auto useful = static_cast<double>(messages.size() * (servers - 1));
    const auto all = std::accumulate(messages.begin(), messages.end(), std::uint64_t{0});
    return static_cast<double>(all) / useful - 1;
  }

  void add_latencies() {
    if (!knows_deliveries(outcome_.observed)) return;
    const auto propagation = recorder_.delivery_percentiles({50, 90, 99, 100});
    set(column("propagation_p50_us"), latency(propagation[0]));
    set(column("propagation_p90_us"), latency(propagation[1]));
    set(column("propagation_p99_us"), latency(propagation[2]));
    set(column("propagation_max_us"), latency(propagation[3]));
  }

  // Returns the rate of answered updates, from the planned time of the first one to the last
  // answer.
  Cell updates_per_s() const {
    std::uint64_t answered = 0;
    herd::Instant first, last;
    for (std::uint64_t i = 0; i < ledger_.sent; ++i) {
      const std::optional<herd::Instant>& at = outcome_.clients.answered[i];
      if (!at) continue;
      if (answered++ == 0) {
        first = outcome_.plan.updates[i].at;  // updates are by time
        last = *at;
      }
      last = std::max(last, *at);
    }
    if (answered < 2) return {};
    return ratio(static_cast<double>(answered),
                 std::chrono::duration<double>(last - first).count());
  }

  void add_queries(const std::vector<QueryRow>& queries) {
    const auto errors = std::count_if(queries.begin(), queries.end(), [](const QueryRow& query) {
      return !is_places_answer(query.status);
    });
    std::vector<Duration> latencies = all_known(queries, &QueryRow::latency);
    set(column("queries"), count(queries.size()));
    set(column("query_errors"), count(static_cast<std::uint64_t>(errors)));
    set(column("query_p50_us"), latency(percentile(latencies, 50)));
    set(column("query_p99_us"), latency(percentile(latencies, 99)));
  }

  void add_handovers(const std::vector<HandoverRow>& handovers) {
    const auto stale =
        std::count_if(handovers.begin(), handovers.end(),
                      [](const HandoverRow& handover) { return handover.known == false; });
    std::vector<Duration> latencies = all_known(handovers, &HandoverRow::latency);
    std::vector<Duration> staleness = all_known(handovers, &HandoverRow::stale);
    set(column("handovers"), count(handovers.size()));
    set(column("handover_p50_us"), latency(percentile(latencies, 50)));
    if (!knows_records(outcome_.observed) || !recorder_.all_dated()) return;
    set(column("handovers_stale"), count(static_cast<std::uint64_t>(stale)));
    set(column("staleness_p50_us"), latency(percentile(staleness, 50)));
    set(column("staleness_max_us"), latency(percentile(staleness, 100)));
  }

  void add_recovery() {
    const std::vector<ServerCounts> servers = recorder_.servers();
    if (knows_restarts(outcome_.observed)) {
      set(column("server_restarts"), sum(servers, &ServerCounts::restarts));
    }
    if (knows_restarts(outcome_.observed) && knows_deliveries(outcome_.observed)) {
      set(column("deliveries_again"), sum(servers, &ServerCounts::deliveries_again));
    }
    if (knows_links(outcome_.observed)) set(column("link_drops"), count(recorder_.link_drops()));
    if (!knows_sync(outcome_.observed)) return;
    const std::vector<DirectionCounts> directions = recorder_.directions();
    // Records that go out together are one line.
    const std::uint64_t lines = total(directions, &DirectionCounts::messages) +
                                total(directions, &DirectionCounts::batches) -
                                total(directions, &DirectionCounts::in_batches);
    set(column("lines"), count(lines));
    set(column("lines_per_update"),
        ratio(static_cast<double>(lines), static_cast<double>(recorder_.accepted().size())));
    set(column("replaced"), sum(directions, &DirectionCounts::replaced));
    set(column("suppressed"), sum(directions, &DirectionCounts::suppressed));
    set(column("dropped"), sum(directions, &DirectionCounts::dropped));
    set(column("control_lines"), sum(directions, &DirectionCounts::control_lines));
    set(column("control_bytes"), sum(directions, &DirectionCounts::control_bytes));
    set(column("repairs"), sum(directions, &DirectionCounts::repairs));
    set(column("sync_bytes"), sum(directions, &DirectionCounts::summary_bytes));
  }

  // Counts the pairs of an accepted update and a server up at the end that holds neither that
  // update nor a newer one.
  std::uint64_t undelivered() const {
    std::uint64_t pairs = 0;
    for (std::uint32_t subject = 0; subject < ledger_.history.size(); ++subject) {
      const std::uint64_t updates = ledger_.history[subject].size();
      const std::span<const std::uint32_t> places = ledger_.held.of(subject);
      for (std::size_t s = 0; s < places.size(); ++s) {
        if (outcome_.servers[s].up) pairs += updates - (places[s] == kNoIndex ? 0 : places[s] + 1);
      }
    }
    return pairs;
  }

  // Returns the number of the subject's first updates of which each server up at the end holds one,
  // or a newer one.
  std::size_t held_everywhere(std::uint32_t subject) const {
    const std::span<const std::uint32_t> places = ledger_.held.of(subject);
    std::size_t least = places.empty() ? 0 : ledger_.history[subject].size();
    for (std::size_t s = 0; s < places.size(); ++s) {
      if (!outcome_.servers[s].up) continue;
      least = std::min<std::size_t>(least, places[s] == kNoIndex ? 0 : places[s] + 1);
    }
    return least;
  }

  // Counts the updates that did not reach every server, but none that is up at the end needs them.
  std::uint64_t superseded_on_way() const {
    std::uint64_t out = 0;
    for (std::uint32_t subject = 0; subject < ledger_.history.size(); ++subject) {
      const std::size_t held = held_everywhere(subject);
      for (std::size_t place = 0; place < held; ++place) {
        const std::uint32_t update = ledger_.history[subject][place];
        if (!outcome_.covered(recorder_.accepted()[update])) ++out;
      }
    }
    return out;
  }

  // Returns whether all servers up at the end hold the same records.
  bool converged() const {
    const auto& servers = outcome_.servers;
    const auto first = static_cast<std::size_t>(
        std::find_if(servers.begin(), servers.end(), [](const auto& each) { return each.up; }) -
        servers.begin());
    for (std::uint32_t subject = 0; subject < ledger_.history.size(); ++subject) {
      const std::span<const std::uint32_t> places = ledger_.held.of(subject);
      for (std::size_t s = first; s < places.size(); ++s) {
        if (places[s] != places[first] && servers[s].up) return false;
      }
    }
    return ledger_.held.foreign().count == 0;
  }

  const Scenario& scenario_;
  const HerdOutcome& outcome_;
  const UpdateLedger& ledger_;
  const Recorder& recorder_;
  std::vector<Cell> cells_{kSummaryColumns.size()};  // each is unknown until it is set
};

}  // namespace

std::vector<Cell> summary_row(const Scenario& scenario, const HerdOutcome& outcome,
                              const UpdateLedger& ledger, const Violations& violations,
                              const HerdResults& rows, std::span<Duration> replies) {
  return SummaryRow(scenario, outcome, ledger).make(violations, rows, replies);
}

}  // namespace sim
