// One front end of a central herd: a server on a port of its own that answers its clients from the
// database that all of them share, and keeps nothing itself. To a client it looks like any server
// of a herd.
//
// An IAMAT is answered once its report is committed, or found not to be newer; a WHATSAT with what
// the database holds. Where the database cannot be asked in time, the clients that wait for it are
// dropped: the protocol has no answer that says so.
//
// It can be stopped, started again, and paused, as LiveServer can. The loop's thread only.
#pragma once

#include <spdlog/logger.h>
#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/ids.h"
#include "core/observer.h"
#include "core/parse.h"
#include "core/record.h"
#include "core/record_store.h"
#include "core/time.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/listening_port.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/base/io/uv_error.h"
#include "sim/engines/central/database_queue.h"
#include "sim/script/spec/herd_spec.h"
#include "sim/worlds/live/live_limits.h"
#include "sim/worlds/live/live_server.h"
#include "sim/worlds/places/places_asker.h"

namespace sim {

// What front ends decide, told as it happens.
class FrontEndObserver {
 public:
  virtual ~FrontEndObserver() = default;

  // The database has committed the report, or has found it not to be newer. It may come after the
  // front end's client has left, or after the front end has dropped it.
  virtual void report_stored(herd::ServerId server, const herd::RecordView& report,
                             herd::Verdict verdict, herd::Moment now) = 0;
  // The front end died while it was not known whether the database has stored the report.
  virtual void report_in_doubt(herd::ServerId server, const herd::RecordView& report) = 0;
  virtual void line_refused(herd::ServerId server, std::string_view line,
                            const herd::ParseError& error) = 0;
  // A WHATSAT about a client that the database knows.
  virtual void query_heard(herd::ServerId server, const herd::Whatsat& query) = 0;
  // The front end's connection to the database stands, or is gone.
  virtual void database_up(herd::ServerId server, bool up, herd::Moment now) = 0;
};

class FrontEnd final : private StreamOwner {
 public:
  struct Setup {
    herd::ServerId id;
    std::string herd;
    ServerSpec spec;
    std::string database;  // the folder of the socket by which it is reached
    herd::Duration timeout = std::chrono::seconds(2);  // DatabaseQueue's
    std::shared_ptr<spdlog::logger> log;
    std::optional<PlacesAskerConfig> places;  // none: nobody is asked
    LiveLimits limits;
  };

  // All must outlive the front end.
  FrontEnd(IoLoop& loop, const RunClock& clock, FrontEndObserver& observer, Setup setup);
  ~FrontEnd() override;
  FrontEnd(const FrontEnd&) = delete;
  FrontEnd& operator=(const FrontEnd&) = delete;

  // Binds the port and lets clients in.
  std::optional<Error> listen();
  // Dials the database.
  void start() { database_.start(); }
  // From when on its clock drifts.
  void set_zero(herd::Instant zero) { zero_ = zero; }
  DatabaseQueue& database() { return database_; }
  const DatabaseQueue& database() const { return database_; }

  // As the process's death; only where it is up.
  void stop();
  std::optional<Error> start_again();
  void pause();
  void resume();
  // Its life is over, but what it was stays to be looked at.
  void retire();

  bool is_up() const { return up_; }
  bool is_paused() const { return paused_; }
  std::uint16_t port() const { return listener_.port(); }
  const std::string& name() const { return setup_.spec.name; }
  const LiveServerStats& stats() const { return stats_; }

 private:
  using Ticket = DatabaseQueue::Ticket;

  // An answer that is due, in the order of the commands.
  struct Due {
    Ticket ticket = 0;
    bool answered = false;
    std::string ending;  // of the command
    std::string answer;  // with its ending; of a WHATSAT that is not answered yet, its line
  };
  struct Connection {
    Stream* stream = nullptr;  // null: free
    std::deque<Due> due;
    bool ending = false;  // closed once nothing is due
    std::string peer;     // for the log
  };

  // StreamOwner; a stream's tag is its ConnectionId.
  std::size_t max_line(const Stream& stream) const override;
  bool line_received(Stream& stream, const herd::Line& line) override;
  void overlong_line(Stream& stream, std::string_view first_bytes) override;
  void input_ended(Stream& stream) override;
  void output_drained(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;

  Connection& connection_of(const Stream& stream) { return connections_[stream.tag()]; }
  void handle(Stream& stream, const herd::Line& line, const herd::Iamat& report);
  void handle(Stream& stream, const herd::Line& line, const herd::Whatsat& query);
  void refuse(Stream& stream, std::string_view text, std::string_view ending,
              const herd::ParseError& error);
  void stored(Ticket ticket, const herd::RecordView& report, herd::Verdict verdict);
  void found(Ticket ticket, const std::optional<std::string>& report);
  void ask_places(Ticket ticket, const std::string& location, const herd::Whatsat& query);
  void places_answered(Ticket ticket, const PlacesAnswer& answer);
  void given_up(Ticket ticket, const std::string& why);
  // Null: who asked has left.
  Due* find_due(Ticket ticket);
  Due& add_due(Stream& stream, std::string_view ending);
  void answered(Due& due);
  void flush(Connection& connection);
  void end_when_answered(Stream& stream);
  bool may_read(const Stream& stream) const;
  void accept_connection(uv_stream_t* listener);
  void release(std::uint32_t connection);
  herd::Moment now() const;

  IoLoop& loop_;
  const RunClock& clock_;
  FrontEndObserver& observer_;
  Setup setup_;
  bool log_lines_;
  bool up_ = true, paused_ = false;
  std::uint64_t life_ = 0;  // counts its deaths
  herd::Instant zero_;
  ListeningPort listener_;
  uv_stream_t* to_accept_ = nullptr;  // connections wait, since it is paused
  std::vector<Connection> connections_;
  std::vector<std::uint32_t> free_connections_;
  std::uint64_t open_connections_ = 0;
  std::unordered_map<Ticket, std::uint32_t> asked_by_;  // the connection of what is not answered
  Ticket next_ticket_ = 1;
  std::vector<std::function<void()>> kept_inputs_;  // for when it is resumed
  LiveServerStats stats_;
  std::unique_ptr<PlacesAsker> asker_;  // made for the first question
  std::string scratch_;                 // the line being written
  DatabaseQueue database_;
};

}  // namespace sim
