// One front end of a central herd: a server on a port of its own that keeps no records. It answers
// its clients from the database that all front ends share. To a client it looks like any server of
// a herd.
//
// An IAMAT is answered once its report is committed, or found not to be newer. A WHATSAT is
// answered with the record that the database holds. If the database cannot be asked in time, the
// clients that wait for it are dropped, because the protocol has no answer for this case. The
// loop's thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/held_texts.h"
#include "core/ids.h"
#include "core/observer.h"
#include "core/parse.h"
#include "core/record.h"
#include "core/record_store.h"
#include "core/shared_text.h"
#include "core/time.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/engines/central/database_queue.h"
#include "sim/worlds/live/server_shell.h"
#include "sim/worlds/places/places_answer.h"

namespace sim {

// Receives the decisions of front ends as they happen.
class FrontEndObserver {
 public:
  virtual ~FrontEndObserver() = default;

  // The database has committed the report, or has found it not to be newer. By then the front end's
  // client may have left, or the front end may have dropped it.
  virtual void report_stored(herd::ServerId server, const herd::RecordView& report,
                             herd::Verdict verdict, herd::Moment now) = 0;
  // The front end died before it knew whether the database has stored the report.
  virtual void report_in_doubt(herd::ServerId server, const herd::RecordView& report) = 0;
  virtual void line_refused(herd::ServerId server, std::string_view line,
                            const herd::ParseError& error) = 0;
  // A client sent a WHATSAT about a client that the database knows.
  virtual void query_heard(herd::ServerId server, const herd::Whatsat& query) = 0;
  // The front end's connection to the database is open, or is lost.
  virtual void database_up(herd::ServerId server, bool up, herd::Moment now) = 0;
};

class FrontEnd final : public ServerShell {
 public:
  struct Setup {
    ServerShell::Setup shell;
    std::string database;                              // the folder of the database's socket
    herd::Duration timeout = std::chrono::seconds(2);  // of its DatabaseQueue
  };

  // All arguments must outlive the front end.
  FrontEnd(IoLoop& loop, const RunClock& clock, FrontEndObserver& observer, Setup setup);

  // Begins to dial the database.
  void start() override { database_.start(); }
  DatabaseQueue& database() { return database_; }
  const DatabaseQueue& database() const { return database_; }
  // Stops asking the database. The front end's statistics stay readable.
  void retire();

 private:
  using Ticket = DatabaseQueue::Ticket;

  // An answer that is due. Answers go out in the order of the commands.
  struct Due {
    Ticket ticket = 0;
    bool answered = false;
    std::string ending;       // of the command
    std::string answer;       // with its ending; until a WHATSAT is answered, its line
    herd::SharedText places;  // of a WHATSAT: the JSON behind `answer`
    bool has_places = false;
  };
  // The answers that are due to one client.
  struct Dialogue {
    std::deque<Due> due;
    std::size_t bytes = 0;   // of what is due and answered, without `places`
    herd::HeldTexts places;  // the part of it that came from Places
    bool ending = false;     // close the connection once nothing is due
  };

  // ServerShell
  void client_connected(herd::ConnectionId connection) override;
  void connection_ended(herd::ConnectionId connection) override;
  std::size_t waiting_answers(herd::ConnectionId connection) const override;
  std::size_t waiting_bytes(herd::ConnectionId connection) const override;
  void client_drained(herd::ConnectionId connection) override { flush(connection); }
  void places_answered(Ticket ticket, const PlacesAnswer& answer) override;
  void set_active(bool active) override { database_.set_active(active); }
  void died() override;

  // StreamOwner
  std::size_t max_line(const Stream& stream) const override;
  bool line_received(Stream& stream, const herd::Line& line) override;
  void overlong_line(Stream& stream, std::string_view first_bytes) override;
  void input_ended(Stream& stream) override;

  void handle(herd::ConnectionId from, const herd::Line& line, const herd::Iamat& report);
  void handle(herd::ConnectionId from, const herd::Line& line, const herd::Whatsat& query);
  void refuse(herd::ConnectionId from, std::string_view text, std::string_view ending,
              const herd::ParseError& error);
  void stored(Ticket ticket, const herd::RecordView& report, herd::Verdict verdict);
  void found(Ticket ticket, const std::optional<std::string>& report);
  void given_up(Ticket ticket, const std::string& why);
  // Returns null if the client that asked has left.
  Due* find_due(Ticket ticket);
  Due& add_due(herd::ConnectionId to, std::string_view ending);
  void answered(Due& due);
  void flush(herd::ConnectionId connection);
  void end_when_answered(herd::ConnectionId connection);
  herd::Moment now() { return moment(loop().recent_ns()); }

  FrontEndObserver& observer_;
  std::vector<Dialogue> dialogues_;                          // by ConnectionId
  std::unordered_map<Ticket, herd::ConnectionId> asked_by_;  // of statements in progress
  Ticket next_ticket_ = 1;
  std::string scratch_;  // the line being written
  DatabaseQueue database_;
};

}  // namespace sim
