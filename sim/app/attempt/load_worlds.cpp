#include "sim/app/attempt/load_worlds.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "sim/measure/figures/run_results.h"
#include "sim/run/run_scenario.h"

namespace sim {
namespace {

struct LoadWorld {
  const char* name;
  std::string_view scenario;
};
constexpr std::array kLoadWorlds = {
    LoadWorld{"burst", R"("duration": "2s", "drain": "40s",
      "clients": [{"id": "phone-{n}", "count": 10, "server": "spread",
                   "start": "+34.068930-118.445127", "updates": "1/s"}],
      "events": [{"at": "500ms", "do": "burst", "server": "Alford", "updates": 300, "clients": 30,
                  "over": "300ms"}])"},
    LoadWorld{"500 clients", R"("duration": "3s", "drain": "40s",
      "clients": [{"id": "phone-{n}", "count": 500, "server": "spread",
                   "start": "+34.068930-118.445127", "updates": {"every": "1500ms"}}])"},
};

class LoadJudge {
 public:
  LoadJudge(const LoadWorld& world, const RunResults& run, Findings& findings)
      : world_(world), run_(run), findings_(findings) {}

  void judge() {
    const std::size_t before = findings_.failures().size();
    for (const HerdResults& herd : run_.herds) judge_herd(herd);
    for (const EventRow& event : run_.events) {
      if (event.event == "server_ended") {
        fail("server-ended", "a server has ended by itself: " + event.detail);
      } else if (event.event == "flood_goes_on") {
        fail("floods-for-ever", "servers still tell each other of updates after the drain");
      }
    }
    if (findings_.failures().size() == before) findings_.hold();
  }

 private:
  void fail(const char* rule, std::string sentence) {
    findings_.fail({rule, world_.name, std::move(sentence), {}, {}, {}});
  }

  void judge_herd(const HerdResults& herd) {
    for (const std::string& sentence : herd.violations) fail("violation", sentence);
    for (const UpdateRow& update : herd.updates) {
      if (update.outcome != Outcome::kUnanswered) continue;
      fail("unanswered", fmt::format("an update of {} was never answered", update.client));
    }
    for (const UndeliveredRow& row : herd.undelivered) {
      if (!row.undelivered) continue;
      fail("flood", fmt::format("{} never heard of an update of {} at {}: {}",
                                herd.servers[row.server].server, row.client,
                                herd.servers[row.origin].server, row.reason));
    }
  }

  const LoadWorld& world_;
  const RunResults& run_;
  Findings& findings_;
};

// Plays a world once.
std::optional<AttemptError> play_once(const LoadWorld& world, const TriedCommand& command,
                                      const Habits& habits, Findings& findings) {
  auto scenario = tried_scenario(command, habits, world.scenario);
  if (!scenario) return AttemptError{AttemptError::Kind::kUsage, scenario.error().message};
  // A busy machine must not count as a fault of the herd.
  scenario->herds.front().external->dialect.reply_within = std::chrono::seconds(20);
  const auto run = run_scenario(*scenario, {});
  if (!run) {
    return AttemptError{AttemptError::Kind::kNotCarriedOut,
                        fmt::format("the world '{}': {}", world.name, run.error().message)};
  }
  if (!run->complete) return AttemptError{AttemptError::Kind::kInterrupted, "interrupted"};
  LoadJudge(world, *run, findings).judge();
  return std::nullopt;
}

}  // namespace

std::optional<AttemptError> play_load_worlds(const TriedCommand& command, const Habits& habits,
                                             Findings& findings) {
  for (const LoadWorld& world : kLoadWorlds) {
    Findings found;
    if (auto error = play_once(world, command, habits, found)) return error;
    if (!found.failures().empty()) {
      // A machine that stands still for a moment looks like a herd that does. A bug shows again.
      found = {};
      if (auto error = play_once(world, command, habits, found)) return error;
    }
    for (const BrokenRule& each : found.failures()) findings.fail(each);
    if (found.failures().empty()) findings.hold();
  }
  return std::nullopt;
}

}  // namespace sim
