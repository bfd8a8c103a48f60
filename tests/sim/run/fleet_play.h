// Plays a fleet over a fake world, step by step.
#pragma once

#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/run/clients/fleet.h"
#include "tests/sim/measure/toy_herd.h"
#include "tests/sim/run/fake_client_world.h"

namespace sim {

// A fleet over a fake world, for a herd of servers A, B and C.
struct FleetPlay {
  explicit FleetPlay(Plan script, ReplyRules rules = ReplyRules::kStrict)
      : plan(std::move(script)), fleet(plan, {"A", "B", "C"}, world, rules) {}

  // Connects every client, client k on connection k, and begins at time zero.
  FleetPlay& start() {
    fleet.connect([this](const std::optional<std::string>& error) { ready.push_back(error); });
    for (std::uint32_t i = 0; i < plan.clients.size(); ++i) connected(i);
    fleet.begin(ToyHerd::kBase);
    world.take();
    return *this;
  }
  void connected(std::uint32_t connection) { fleet.connected(ClientConnection{connection}); }
  void say(std::uint32_t connection, std::string_view line) {
    fleet.line_received(ClientConnection{connection}, line);
  }
  // These report what a foreign world would.
  void reply(std::uint32_t connection, std::string_view text, bool cut = false) {
    fleet.reply_received(ClientConnection{connection},
                         {text, world.now(), cut ? ReplyCut::kByBreak : ReplyCut::kNo});
  }
  void missing(std::uint32_t connection, NoReply why, std::string_view so_far = {}) {
    fleet.reply_missing(ClientConnection{connection}, why, so_far);
  }
  void gone(std::uint32_t connection, bool orderly) {
    fleet.disconnected(ClientConnection{connection}, orderly, "broken");
  }
  // Lets time pass and returns what the fleet did.
  std::string until_ms(std::int64_t ms) {
    world.advance(at_ms(ms), fleet);
    return world.take();
  }
  bool idle() const { return fleet.progress().idle; }
  const FleetLog& log() const { return fleet.log(); }

  const Plan plan;
  FakeClientWorld world;
  Fleet fleet;
  std::vector<std::optional<std::string>> ready;
};

// Returns the number of connections that all clients lost.
inline std::uint32_t lost(const FleetLog& log) {
  return std::accumulate(log.connections_lost.begin(), log.connections_lost.end(), 0U);
}

// The first report of the client kiwi, if it is planned at 1 ms, and the answers of server A to the
// reports planned at 1 ms and 2 ms.
inline constexpr const char* kReport1 = "IAMAT kiwi +34.068930-118.445127 1000000000.001000000";
inline constexpr const char* kAnswer1 =
    "AT A +0.000000005 kiwi +34.068930-118.445127 1000000000.001000000";
inline constexpr const char* kAnswer2 =
    "AT A +0.000000005 kiwi +34.068930-118.445127 1000000000.002000000";

// Returns what the fake world notes for a line that was sent.
inline std::string sent(std::uint32_t connection, const std::string& line) {
  return "send " + std::to_string(connection) + " [" + line + "]\n";
}

// Returns a plan with the client kiwi at server A.
inline HandPlan kiwi() { return HandPlan().client("kiwi", 0); }

}  // namespace sim
