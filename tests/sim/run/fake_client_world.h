// Fakes for tests of clients: no sockets, no waiting. FakeClientWorld records what a Fleet asks of
// it; HandPlan is a plan written by hand.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "sim/script/plan/plan.h"
#include "sim/worlds/world/client_world.h"

namespace sim {

inline herd::Instant at_us(std::int64_t us) { return herd::Instant(std::chrono::microseconds(us)); }
inline herd::Instant at_ms(std::int64_t ms) { return at_us(1000 * ms); }

class FakeClientWorld final : public ClientWorld {
 public:
  herd::Instant now() const override { return now_; }
  void wake_at(herd::Instant when) override { wake_ = when; }
  ClientConnection connect(std::uint32_t, std::uint32_t server) override {
    const ClientConnection id{next_++};
    text_ += "connect " + std::to_string(id.value) + " to " + std::to_string(server) + "\n";
    return id;
  }
  void send(ClientConnection connection, std::string_view line) override {
    text_ += "send " + std::to_string(connection.value) + " [" + std::string(line) + "]\n";
  }
  bool at_rest(ClientConnection connection) const override {
    return !busy.contains(connection.value);
  }
  void finish(ClientConnection connection) override {
    text_ += "finish " + std::to_string(connection.value) + "\n";
  }

  std::size_t unsent(ClientConnection) const override { return unsent_lines; }
  std::string_view unfinished(ClientConnection) const override { return unfinished_text; }
  std::size_t unsent_lines = 0;
  std::string unfinished_text;

  // Returns what was asked since the last call, one line per request.
  std::string take() { return std::exchange(text_, {}); }
  // Lets time pass; wakes the handler at each time that it asked for.
  void advance(herd::Instant to, ClientWorldHandler& handler) {
    while (wake_ && *wake_ <= to) {
      now_ = std::max(now_, *std::exchange(wake_, std::nullopt));
      handler.time_reached();
    }
    now_ = to;
  }
  // Lets time pass; wakes the handler once, too late.
  void oversleep(herd::Instant to, ClientWorldHandler& handler) {
    now_ = to;
    wake_.reset();
    handler.time_reached();
  }
  std::optional<herd::Instant> wake() const { return wake_; }

  std::set<std::uint32_t> busy;  // the connections that are not at rest

 private:
  herd::Instant now_;
  std::optional<herd::Instant> wake_;
  std::uint32_t next_ = 0;
  std::string text_;
};

// A plan written by hand.
struct HandPlan : Plan {
  HandPlan& client(const std::string& id, std::uint32_t server = 0) {
    clients.push_back({id, server});
    subjects.push_back(id);
    return *this;
  }
  // Adds an update of the client about itself. Its stamp equals its time.
  HandPlan& update(std::uint32_t who, herd::Instant at, GeoPoint location = kDefaultLocation) {
    return stamped(who, at, at.time_since_epoch().count(), location);
  }
  HandPlan& stamped(std::uint32_t who, herd::Instant at, herd::PosixNs stamp,
                    GeoPoint location = kDefaultLocation) {
    actions.push_back({at, who, ActionKind::kUpdate, static_cast<std::uint32_t>(updates.size())});
    updates.push_back({at, who, who, stamp, location, -1});
    return *this;
  }
  HandPlan& query(std::uint32_t who, herd::Instant at, const std::string& words) {
    actions.push_back({at, who, ActionKind::kQuery, static_cast<std::uint32_t>(queries.size())});
    queries.push_back({at, who, static_cast<std::uint32_t>(lines.size())});
    lines.push_back(words);
    return *this;
  }
  HandPlan& line(std::uint32_t who, herd::Instant at, const std::string& words) {
    actions.push_back({at, who, ActionKind::kLine, static_cast<std::uint32_t>(lines.size())});
    lines.push_back(words);
    return *this;
  }
  HandPlan& move(std::uint32_t who, herd::Instant at, std::uint32_t server) {
    actions.push_back({at, who, ActionKind::kMove, server});
    return *this;
  }
};

}  // namespace sim
