// The live world as the clients of somebody else's herd see it: they talk its dialect. A connection
// here is a client's with a server; it may take a new socket for every command.
//
// Commands that may not be pipelined wait for their turn. A command that gets no reply in time is
// given up with its socket, so that a late reply is not taken for the next one's.
//
// Over an access link commands and replies cross as pieces of their size; a new socket for a
// command costs it a round trip first. The clients' thread only.
#pragma once

#include <uv.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/foreign/reply_reader.h"
#include "sim/io/alarm_clock.h"
#include "sim/io/io_loop.h"
#include "sim/io/stream.h"
#include "sim/live/access_path.h"
#include "sim/live/live_clients.h"

namespace sim {

class ForeignClientWorld final : public LiveClients, private StreamOwner {
 public:
  // `servers`: where each server listens. `links` by client: their access links; null for one that
  // has none to speak of, and where the list is too short. The loop, the clock, the dialect and the
  // handler must outlive the world.
  ForeignClientWorld(IoLoop& loop, const RunClock& clock, std::vector<sockaddr_storage> servers,
                     std::vector<std::unique_ptr<AccessLink>> links, const Dialect& dialect);
  ~ForeignClientWorld() override;
  ForeignClientWorld(const ForeignClientWorld&) = delete;
  ForeignClientWorld& operator=(const ForeignClientWorld&) = delete;

  // ClientWorld
  ClientConnection connect(std::uint32_t client, std::uint32_t server) override;
  void send(ClientConnection connection, std::string_view line) override;
  void finish(ClientConnection connection) override;

 private:
  struct Command {
    std::string line;
    std::uint64_t given_up_ns = 0;  // when it is met with silence; 0: not sent yet
  };
  struct Connection {
    bool open = false;  // the handler knows of it
    std::uint32_t client = 0, server = 0;
    Stream* stream = nullptr;
    bool stands = false;            // the stream
    bool finishing = false;         // by the handler
    bool stood = false;             // the handler was told that it is connected
    std::deque<Command> waiting;    // to be sent
    std::deque<Command> under_way;  // for their replies
    std::string heard;              // of the next reply
    std::unique_ptr<AccessPath> path;
    std::unique_ptr<Alarm> idle, silence, dial;
  };

  bool one_command() const { return dialect_.connection == ConnectionUse::kOneCommand; }
  Connection& at(std::uint32_t id) { return *connections_[id]; }
  void dial(std::uint32_t id);
  void pump(std::uint32_t id);
  void write_next(std::uint32_t id);
  void take_replies(std::uint32_t id);
  void take_heard(std::uint32_t id);
  void no_reply_in_time(std::uint32_t id);
  void watch_for_silence(std::uint32_t id);
  // The stream is gone: what it owed does not come any more.
  void stream_ended(std::uint32_t id, bool orderly, const std::string& why);
  void drop_stream(Connection& connection);

  // Each crosses the access link, if there is one.
  enum class Tiding : char { kReply, kSilence, kClosed };
  void tell(std::uint32_t id, Tiding tiding, std::string_view text);
  void tell_end(std::uint32_t id, bool orderly, const std::string& why);
  void told(std::uint32_t id, Tiding tiding, std::string_view text);
  void gone(std::uint32_t id, bool orderly, const std::string& why);

  // StreamOwner
  void connected(Stream& stream) override;
  std::size_t max_line(const Stream&) const override { return 0; }
  bool line_received(Stream&, const herd::Line&) override { return true; }
  void bytes_received(Stream& stream, std::string_view bytes) override;
  void overlong_line(Stream&, std::string_view) override {}
  void input_ended(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;

  std::vector<sockaddr_storage> servers_;
  std::vector<std::unique_ptr<AccessLink>> links_;
  const Dialect& dialect_;
  const ReplyReader reader_;
  AlarmClock alarms_;
  // By ClientConnection. One that is over stays until its place is taken again.
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::uint32_t> free_;
};

}  // namespace sim
