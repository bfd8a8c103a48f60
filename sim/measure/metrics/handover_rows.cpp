#include "sim/measure/metrics/handover_rows.h"

#include <algorithm>
#include <unordered_map>

namespace sim {
namespace {

// From `at` on, a server or the herd knows the `known` oldest of a client's accepted updates: it
// holds the newest of these, so none of them is news. 0: it knows none.
struct Step {
  herd::Instant at;
  std::uint32_t known = 0;
};
using Steps = std::vector<Step>;  // in order of time

// Returns the first step after a time.
Steps::const_iterator after(const Steps& steps, herd::Instant at) {
  return std::upper_bound(steps.begin(), steps.end(), at,
                          [](herd::Instant t, const Step& step) { return t < step.at; });
}

std::uint32_t known_at(const Steps& steps, herd::Instant at) {
  const auto next = after(steps, at);
  return next == steps.begin() ? 0 : std::prev(next)->known;
}

class Handovers {
 public:
  Handovers(const HerdOutcome& outcome, const UpdateLedger& ledger)
      : outcome_(outcome), ledger_(ledger), place_(outcome.recorder.accepted().size()) {
    for (const HandoverLog& log : outcome.clients.handovers) {
      if (!accepted_.contains(log.client)) accepted_[log.client] = accepted_steps(log.client);
      held_[key(log.client, log.to)];
    }
    fill_held();
  }

  HandoverRow row(const HandoverLog& log) const {
    HandoverRow out;
    out.client = outcome_.plan.clients[log.client].id;
    out.at = log.left;
    out.from = log.from;
    out.to = log.to;
    if (log.last_answer && log.first_answer) out.latency = *log.first_answer - *log.last_answer;
    if (!log.connected) return out;
    out.connected = *log.connected - log.left;
    if (knows_records(outcome_.observed) && outcome_.recorder.all_dated()) {
      judge(log, outcome_.recorder_time(*log.connected), out);
    }
    return out;
  }

 private:
  static std::uint64_t key(std::uint32_t client, std::uint32_t server) {
    return std::uint64_t{client} << 32 | server;
  }

  // Returns the steps in which the herd as a whole accepted the client's updates.
  Steps accepted_steps(std::uint32_t client) {
    Steps steps;
    const auto& history = ledger_.history[client];
    for (std::uint32_t place = 0; place < history.size(); ++place) {
      place_[history[place]] = place;
      steps.push_back({outcome_.recorder.accepted().accepted(history[place]), place + 1});
    }
    std::stable_sort(steps.begin(), steps.end(),
                     [](const Step& a, const Step& b) { return a.at < b.at; });
    for (std::size_t i = 1; i < steps.size(); ++i) {
      steps[i].known = std::max(steps[i].known, steps[i - 1].known);
    }
    return steps;
  }

  void fill_held() {
    std::vector<std::vector<Steps*>> of_server(outcome_.spec.servers.size());
    for (auto& [pair, steps] : held_) of_server[pair & 0xffff'ffff].push_back(&steps);
    for (const HoldingLog& log : outcome_.recorder.holdings()) {
      if (log.update == kNoIndex) {
        for (Steps* steps : of_server[log.server]) steps->push_back({log.at, 0});
        continue;
      }
      const auto steps =
          held_.find(key(outcome_.recorder.accepted().subject(log.update), log.server));
      if (steps != held_.end()) steps->second.push_back({log.at, place_[log.update] + 1});
    }
    // What was seen of a server from outside may be told late.
    for (auto& [pair, steps] : held_) {
      std::stable_sort(steps.begin(), steps.end(),
                       [](const Step& a, const Step& b) { return a.at < b.at; });
    }
  }

  void judge(const HandoverLog& log, herd::Instant connected, HandoverRow& out) const {
    const std::uint32_t wanted = known_at(accepted_.at(log.client), connected);
    if (wanted == 0) return;
    const Steps& held = held_.at(key(log.client, log.to));
    out.known = known_at(held, connected) >= wanted;
    if (*out.known) {
      out.stale = Duration(0);
      return;
    }
    const auto caught_up = std::find_if(after(held, connected), held.end(),
                                        [&](const Step& step) { return step.known >= wanted; });
    if (caught_up != held.end()) out.stale = caught_up->at - connected;
  }

  const HerdOutcome& outcome_;
  const UpdateLedger& ledger_;
  std::vector<std::uint32_t> place_;  // by accepted update: its index in its client's history
  std::unordered_map<std::uint32_t, Steps> accepted_;  // by client
  std::unordered_map<std::uint64_t, Steps> held_;      // by client and server
};

}  // namespace

std::vector<HandoverRow> handover_rows(const HerdOutcome& outcome, const UpdateLedger& ledger) {
  const Handovers handovers(outcome, ledger);
  std::vector<HandoverRow> rows;
  rows.reserve(outcome.clients.handovers.size());
  for (const HandoverLog& log : outcome.clients.handovers) rows.push_back(handovers.row(log));
  return rows;
}

}  // namespace sim
