#include "sim/measure/metrics/update_ledger.h"

#include <algorithm>

#include "sim/measure/metrics/planned_updates.h"

namespace sim {
namespace {

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

  // Planned updates with equal fields are matched in the order of the plan.
  PlannedUpdates planned(plan, sent, outcome_of_herd.base);
  const auto& accepted = recorder.accepted();
  planned_as.resize(accepted.size(), kNoIndex);
  history.resize(recorder.subjects().size());
  for (std::uint32_t i = 0; i < accepted.size(); ++i) {
    const AcceptedUpdate& update = accepted[i];
    const std::uint32_t number = planned.take(update.subject, update.time_ns, update.location_hash);
    planned_as[i] = number;
    history[update.subject].push_back(i);
    if (number == kNoIndex) continue;
    outcome[number] = Outcome::kAccepted;
    origin[number] = update.server;
    accepted_as[number] = i;
  }
  for (const SupersededUpdate& update : recorder.superseded()) {
    const std::uint32_t number = planned.take(update.subject, update.time_ns, update.location_hash);
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
    if (accepted.time_ns(a) != accepted.time_ns(b)) {
      return accepted.time_ns(a) < accepted.time_ns(b);
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
