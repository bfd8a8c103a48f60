// Virtual time as one herd's clients see it: their connections are pipes of the herd's, which their
// access links lie on.
//
// One thread, the loop's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/base/free_places.h"
#include "sim/worlds/net/access_links.h"
#include "sim/worlds/virtual/virtual_herd.h"
#include "sim/worlds/virtual/virtual_loop.h"
#include "sim/worlds/virtual/virtual_tasks.h"
#include "sim/worlds/world/client_world.h"

namespace sim {

class VirtualClientWorld final : public ClientWorld,
                                 private VirtualClientEnds,
                                 private VirtualEventHandler {
 public:
  // `links` by client: their access links; null for one that has none to speak of. The loop, the
  // herd and, once set, the handler must outlive the world.
  VirtualClientWorld(VirtualLoop& loop, VirtualHerd& herd,
                     std::vector<std::unique_ptr<AccessLink>> links);

  void set_handler(ClientWorldHandler& handler) { handler_ = &handler; }
  void set_zero(herd::Instant zero) { zero_ = zero; }

  herd::Instant now() const override { return herd::Instant(loop_.now() - zero_); }
  void wake_at(herd::Instant when) override;
  ClientConnection connect(std::uint32_t client, std::uint32_t server) override;
  void send(ClientConnection connection, std::string_view line) override;
  bool at_rest(ClientConnection connection) const override;
  void finish(ClientConnection connection) override;

 private:
  struct Connection {
    std::uint32_t client = 0, server = 0;
    std::uint32_t serial = 0;  // tells it from others that had its id
    VirtualHerd::ClientPipes pipes = {};
    std::string said = {};  // before it stood
    bool stands = false, finished = false, broken = false;
  };

  void dial(ClientConnection id, std::uint32_t serial);
  void say_end(Connection& connection);
  void gone(ClientConnection id, bool orderly, std::string_view why);
  // VirtualClientEnds
  void arrived(std::uint32_t client_connection, PipeId pipe, Piece piece) override;
  void was_reset(std::uint32_t client_connection) override;
  // VirtualEventHandler
  void happen(std::uint32_t target, std::uint32_t payload) override;

  VirtualLoop& loop_;
  VirtualHerd& herd_;
  Pipes& pipes_;
  VirtualTasks tasks_;  // of the clients
  std::vector<std::unique_ptr<AccessLink>> links_;
  std::uint32_t handler_number_;
  ClientWorldHandler* handler_ = nullptr;
  herd::Instant zero_;
  std::uint32_t wake_ups_ = 0;           // the last of them is the one that counts
  std::vector<Connection> connections_;  // by ClientConnection
  FreePlaces<ClientConnection> free_;
  std::string line_;  // the one that is handed over
};

}  // namespace sim
