// The live world as one herd's clients see it: real TCP connections on the clients' own loop.
#pragma once

#include <optional>
#include <vector>

#include "sim/io/io_loop.h"
#include "sim/io/precise_timer.h"
#include "sim/io/stream.h"
#include "sim/live/run_clock.h"
#include "sim/world/client_world.h"

namespace sim {

class LiveClientWorld final : public ClientWorld, private StreamOwner {
 public:
  // `servers`: where each server of the herd listens. The loop, the clock and, once set, the
  // handler must outlive the world.
  LiveClientWorld(IoLoop& loop, const RunClock& clock, std::vector<sockaddr_storage> servers);
  ~LiveClientWorld() override;
  LiveClientWorld(const LiveClientWorld&) = delete;
  LiveClientWorld& operator=(const LiveClientWorld&) = delete;

  void set_handler(ClientWorldHandler& handler) { handler_ = &handler; }
  void set_zero(herd::Instant zero) { zero_ = zero; }

  herd::Instant now() const override;
  void wake_at(herd::Instant when) override;
  ClientConnection connect(std::uint32_t server) override;
  void send(ClientConnection connection, std::string_view line) override;
  void finish(ClientConnection connection) override;

 private:
  void connected(Stream& stream) override;
  std::size_t max_line(const Stream& stream) const override;
  bool line_received(Stream& stream, const herd::Line& line) override;
  void overlong_line(Stream& stream, std::string_view first_bytes) override;
  void input_ended(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;
  void gone(ClientConnection connection, bool orderly);

  IoLoop& loop_;
  const RunClock& clock_;
  std::vector<sockaddr_storage> servers_;
  ClientWorldHandler* handler_ = nullptr;
  herd::Instant zero_;
  std::vector<Stream*> streams_;  // by ClientConnection; null where it is free or failed
  std::vector<ClientConnection> free_;
  PreciseTimer timer_;
};

}  // namespace sim
