// The live world as one herd's clients see it: real TCP connections on the clients' own loop, and
// in front of each client the access link that it has. The link lies on the clients' side: the
// servers see the lines when they have crossed it, the client the answers.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/io/alarm_clock.h"
#include "sim/io/io_loop.h"
#include "sim/io/stream.h"
#include "sim/live/access_path.h"
#include "sim/live/live_clients.h"

namespace sim {

class LiveClientWorld final : public LiveClients, private StreamOwner {
 public:
  // `servers`: where each server of the herd listens. `links` by client: their access links; null
  // for one that has none to speak of. The loop, the clock and, once set, the handler must outlive
  // the world.
  LiveClientWorld(IoLoop& loop, const RunClock& clock, std::vector<sockaddr_storage> servers,
                  std::vector<std::unique_ptr<AccessLink>> links);
  ~LiveClientWorld() override;
  LiveClientWorld(const LiveClientWorld&) = delete;
  LiveClientWorld& operator=(const LiveClientWorld&) = delete;

  ClientConnection connect(std::uint32_t client, std::uint32_t server) override;
  void send(ClientConnection connection, std::string_view line) override;
  void finish(ClientConnection connection) override;

 private:
  struct Connection {
    Stream* stream = nullptr;          // null: not dialled yet, or gone
    std::unique_ptr<AccessPath> path;  // null: the client has no access link to speak of
    std::uint32_t server = 0;
  };

  void dial(ClientConnection id);
  // What has crossed the access link.
  void crossed_up(ClientConnection id, std::string_view text, bool is_end);
  void crossed_down(ClientConnection id, std::string_view line, bool is_end);
  void connected(Stream& stream) override;
  std::size_t max_line(const Stream& stream) const override;
  bool line_received(Stream& stream, const herd::Line& line) override;
  void overlong_line(Stream& stream, std::string_view first_bytes) override;
  void input_ended(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;
  void gone(ClientConnection connection, bool orderly, const std::string& why);

  std::vector<sockaddr_storage> servers_;
  std::vector<std::unique_ptr<AccessLink>> links_;
  AlarmClock alarms_;
  std::vector<Connection> connections_;  // by ClientConnection
  std::vector<ClientConnection> free_;
};

}  // namespace sim
