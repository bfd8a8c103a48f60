#include "sim/metrics/update_ledger.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace sim {
namespace {

// What a report is known by in both logs.
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
      accepted_as(sent, kNoIndex) {
  const Plan& plan = outcome_of_herd.plan;
  const Recorder& recorder = outcome_of_herd.recorder;

  // Planned updates that read alike are taken in the order of the plan.
  std::unordered_map<Key, std::vector<std::uint32_t>, KeyHash> planned;
  planned.reserve(sent);
  for (std::uint32_t i = 0; i < sent; ++i) {
    const PlannedUpdate& update = plan.updates[i];
    planned[{update.subject, client_time(update, outcome_of_herd.base),
             hash_location(location_text(plan, update))}]
        .push_back(i);
  }
  const auto take = [&](const Key& key) {
    const auto found = planned.find(key);
    if (found == planned.end() || found->second.empty()) return kNoIndex;
    const std::uint32_t first = found->second.front();
    found->second.erase(found->second.begin());
    return first;
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
    outcome[number] = Outcome::kSuperseded;
    origin[number] = update.server;
  }

  const auto& servers = outcome_of_herd.spec.servers;
  const auto location_of = [&](std::uint32_t i) {
    return planned_as[i] == kNoIndex ? std::string()
                                     : location_text(plan, plan.updates[planned_as[i]]);
  };
  const auto older = [&](std::uint32_t a, std::uint32_t b) {
    if (accepted[a].time_ns != accepted[b].time_ns) {
      return accepted[a].time_ns < accepted[b].time_ns;
    }
    const auto by_location = location_of(a) <=> location_of(b);
    if (by_location != 0) return by_location < 0;
    const auto by_server = servers[accepted[a].server].name <=> servers[accepted[b].server].name;
    return by_server != 0 ? by_server < 0 : a < b;
  };
  for (auto& updates : history) std::sort(updates.begin(), updates.end(), older);

  std::unordered_map<std::string_view, std::uint32_t> subjects;
  for (std::uint32_t i = 0; i < recorder.subjects().size(); ++i) {
    subjects.emplace(recorder.subjects()[i], i);
  }
  held.resize(servers.size());
  std::unordered_map<std::uint32_t, std::string_view> lines;  // by accepted update
  for (std::uint32_t s = 0; s < servers.size(); ++s) {
    held[s].resize(subjects.size(), kNoIndex);
    for (const herd::RecordView& record : outcome_of_herd.servers[s].records) {
      const auto subject = subjects.find(record.client);
      // A client that repeats itself to a server which lost its memory is accepted twice: the
      // record is then the later one, and its words may be either's.
      std::uint32_t place = kNoIndex;
      int alike = 0;
      if (subject != subjects.end()) {
        const auto& updates = history[subject->second];
        const std::size_t location = hash_location(record.location);
        auto at = std::lower_bound(
            updates.begin(), updates.end(), record.time_ns,
            [&](std::uint32_t i, herd::PosixNs time) { return accepted[i].time_ns < time; });
        for (; at != updates.end() && accepted[*at].time_ns == record.time_ns; ++at) {
          if (accepted[*at].location_hash != location) continue;
          if (servers[accepted[*at].server].name != record.server) continue;
          place = static_cast<std::uint32_t>(at - updates.begin());
          ++alike;
        }
      }
      if (place != kNoIndex) {
        held[s][subject->second] = place;
        const auto [first, is_first] = lines.emplace(history[subject->second][place], record.line);
        if (alike == 1 && !is_first && first->second != record.line) {
          altered.push_back("server " + servers[s].name + " holds '" +
                            std::string(record.line.substr(0, 200)) + "', another server '" +
                            std::string(first->second.substr(0, 200)) + "'");
        }
      } else {
        foreign.push_back("server " + servers[s].name + " holds a record that no client sent: '" +
                          std::string(record.line.substr(0, 200)) + "'");
      }
    }
  }
}

}  // namespace sim
