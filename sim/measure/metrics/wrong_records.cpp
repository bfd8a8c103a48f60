#include "sim/measure/metrics/wrong_records.h"

#include <span>
#include <vector>

namespace sim {
namespace {

// Returns, by subject, the last update that any server decided (accepted or superseded); kNoIndex
// if no server decided one.
std::vector<std::uint32_t> last_decided(const HerdOutcome& outcome, const UpdateLedger& ledger) {
  std::vector<std::uint32_t> last(ledger.history.size(), kNoIndex);
  for (std::uint32_t i = 0; i < ledger.sent; ++i) {
    if (ledger.outcome[i] == Outcome::kUnanswered || ledger.outcome[i] == Outcome::kRefused) {
      continue;
    }
    last[outcome.plan.updates[i].subject] = i;
  }
  return last;
}

}  // namespace

std::uint64_t count_wrong_records(const HerdOutcome& outcome, const UpdateLedger& ledger) {
  const auto& accepted = outcome.recorder.accepted();
  const std::vector<std::uint32_t> last = last_decided(outcome, ledger);
  std::uint64_t wrong = 0;
  for (std::uint32_t subject = 0; subject < last.size(); ++subject) {
    if (last[subject] == kNoIndex) continue;
    const PlannedUpdate& update = outcome.plan.updates[last[subject]];
    const herd::PosixNs time = client_time(update, outcome.base);
    const std::size_t location = hash_location(location_text(outcome.plan, update));
    const auto& history = ledger.history[subject];
    const std::span<const std::uint32_t> places = ledger.held.of(subject);
    for (std::size_t s = 0; s < outcome.servers.size(); ++s) {
      if (!outcome.servers[s].up) continue;
      const std::uint32_t place = places.empty() ? kNoIndex : places[s];
      // Compares contents, because a client may send the same report twice.
      const bool right = place != kNoIndex && accepted[history[place]].time_ns == time &&
                         accepted[history[place]].location_hash == location;
      if (!right) ++wrong;
    }
  }
  return wrong;
}

}  // namespace sim
