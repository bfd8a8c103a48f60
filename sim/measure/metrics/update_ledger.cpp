#include "sim/measure/metrics/update_ledger.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace sim {
namespace {

// The key that identifies a report in both logs.
using Key = std::tuple<std::uint32_t, herd::PosixNs, std::size_t>;  // subject, time, location

struct KeyHash {
  std::size_t operator()(const Key& key) const {
    const auto [subject, time, location] = key;
    return location ^ (static_cast<std::size_t>(time) * 0x9e3779b97f4a7c15ULL) ^
           (std::size_t{subject} << 32);
  }
};

std::uint64_t count_sent(const HerdOutcome& outcome, ActionKind kind) {
  std::uint64_t sent = 0;
  for (std::uint64_t i = 0; i < outcome.clients.actions_done; ++i) {
    if (outcome.plan.actions[i].kind == kind) ++sent;
  }
  return sent;
}

}  // namespace

UpdateLedger::UpdateLedger(const HerdOutcome& outcome_of_herd)
    : sent(count_sent(outcome_of_herd, ActionKind::kUpdate)),
      queries_sent(count_sent(outcome_of_herd, ActionKind::kQuery)),
      outcome(sent, Outcome::kUnanswered),
      origin(sent, kNoIndex),
      accepted_as(sent, kNoIndex),
      unsent_(outcome_of_herd.clients.unsent_updates.begin(),
              outcome_of_herd.clients.unsent_updates.end()),
      unsent_queries_(outcome_of_herd.clients.unsent_queries.begin(),
                      outcome_of_herd.clients.unsent_queries.end()) {
  const Plan& plan = outcome_of_herd.plan;
  const Recorder& recorder = outcome_of_herd.recorder;

  // Planned updates with equal keys are matched in the order of the plan.
  std::unordered_map<Key, std::uint32_t, KeyHash> planned;  // the first that is not matched yet
  std::vector<std::uint32_t> next_alike(sent, kNoIndex);
  planned.reserve(sent);
  for (std::uint32_t i = static_cast<std::uint32_t>(sent); i-- > 0;) {
    const PlannedUpdate& update = plan.updates[i];
    const auto [first, is_only] =
        planned.try_emplace({update.subject, client_time(update, outcome_of_herd.base),
                             hash_location(location_text(plan, update))},
                            i);
    if (!is_only) next_alike[i] = std::exchange(first->second, i);
  }
  const auto take = [&](const Key& key) {
    const auto first = planned.find(key);
    if (first == planned.end() || first->second == kNoIndex) return kNoIndex;
    return std::exchange(first->second, next_alike[first->second]);
  };

  const auto& accepted = recorder.accepted();
  planned_as.resize(accepted.size(), kNoIndex);
  history.resize(recorder.subjects().size());
  for (std::uint32_t i = 0; i < accepted.size(); ++i) {
    const AcceptedUpdate& update = accepted[i];
    const std::uint32_t number = take({update.subject, update.time_ns, update.location_hash});
    planned_as[i] = number;
    history[update.subject].push_back(i);
    if (number == kNoIndex) continue;
    outcome[number] = Outcome::kAccepted;
    origin[number] = update.server;
    accepted_as[number] = i;
  }
  for (const SupersededUpdate& update : recorder.superseded()) {
    const std::uint32_t number = take({update.subject, update.time_ns, update.location_hash});
    if (number == kNoIndex) continue;
    outcome[number] = update.refused ? Outcome::kRefused : Outcome::kSuperseded;
    origin[number] = update.server;
  }

  const auto& servers = outcome_of_herd.spec.servers;
  const auto location_of = [&](std::uint32_t i) {
    return planned_as[i] == kNoIndex ? std::string()
                                     : location_text(plan, plan.updates[planned_as[i]]);
  };
  const auto older = [&](std::uint32_t a, std::uint32_t b) {
    if (recorder.order_time(a) != recorder.order_time(b)) {
      return recorder.order_time(a) < recorder.order_time(b);
    }
    if (accepted[a].time_ns != accepted[b].time_ns) {
      return accepted[a].time_ns < accepted[b].time_ns;
    }
    const auto by_location = location_of(a) <=> location_of(b);
    if (by_location != 0) return by_location < 0;
    const auto by_server = servers[accepted[a].server].name <=> servers[accepted[b].server].name;
    return by_server != 0 ? by_server < 0 : a < b;
  };
  for (auto& updates : history) std::sort(updates.begin(), updates.end(), older);
  held = HeldRecords(outcome_of_herd, history);
}

}  // namespace sim
