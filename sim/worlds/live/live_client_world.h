// The live world as one herd's clients see it: real TCP connections on the clients' own loop, and
// in front of each client the access link that it has.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/worlds/live/client_legs.h"
#include "sim/worlds/live/live_clients.h"

namespace sim {

class LiveClientWorld final : public LiveClients, private ClientLegsOwner {
 public:
  // `servers`: where each server of the herd listens. `links` by client: their access links; null
  // for one that has none to speak of.
  LiveClientWorld(IoLoop& loop, const RunClock& clock, std::vector<sockaddr_storage> servers,
                  std::vector<std::unique_ptr<AccessLink>> links)
      : LiveClients(loop, clock),
        legs_(loop, clock, std::move(servers), std::move(links), *this, {}) {}

  ClientConnection connect(std::uint32_t client, std::uint32_t server) override {
    return connection(legs_.dial(client, server));
  }
  void send(ClientConnection connection, std::string_view line) override {
    legs_.say(LegId{connection.value}, line, "\n");
  }
  bool at_rest(ClientConnection connection) const override {
    return legs_.at_rest(LegId{connection.value});
  }
  void finish(ClientConnection connection) override { legs_.finish(LegId{connection.value}); }

 private:
  // A connection is one leg.
  static ClientConnection connection(LegId leg) { return ClientConnection{leg.value}; }
  void leg_stands(LegId leg) override { handler().connected(connection(leg)); }
  void leg_heard(LegId leg, std::string_view line) override {
    handler().line_received(connection(leg), line);
  }
  void leg_over(LegId leg, bool orderly, const std::string& why) override {
    handler().disconnected(connection(leg), orderly, why);
  }
  void legs_exhausted(int error) override { exhausted(error); }

  ClientLegs legs_;
};

}  // namespace sim
