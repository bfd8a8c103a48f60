// Sends a front end's statements to the database in batches. Statements that come in one turn of
// the loop, or while the window is full, go out together. If the connection dies, the queue dials
// again and keeps the statements for a while.
//
// A report whose batch was in flight when the connection died may already be stored. The queue
// stores it again on the next connection and looks it up. Storing it twice changes nothing, and the
// lookup tells whether the report was accepted.
//
// The loop's thread only.
#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/record.h"
#include "core/record_store.h"
#include "core/time.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/uv_handle.h"
#include "sim/engines/central/commit_window.h"
#include "sim/engines/central/database_session.h"

namespace sim {

class DatabaseQueue {
 public:
  using Ticket = std::uint64_t;  // the caller's own number for a statement

  // Called from the loop, and from within stop() if its comment says so. No callback may destroy
  // the queue.
  struct Callbacks {
    std::function<void(Ticket, const herd::RecordView&, herd::Verdict)> on_stored;
    std::function<void(Ticket, const std::optional<std::string>& report)> on_found;
    // The database could not be asked in time, or it refused the statement. If the statement is a
    // report that was stored all the same, on_stored may still be called for it.
    std::function<void(Ticket, const std::string& why)> on_given_up;
    // The connection can take statements, or is lost. `why` is text for a log.
    std::function<void(bool up, const std::string& why)> on_connection;
  };

  // `folder` is the folder of the database's socket.
  DatabaseQueue(IoLoop& loop, std::string folder, Callbacks callbacks);

  // Sets two timeouts: the time that the database may stay silent while answers are due, before the
  // connection is dropped, and the time that statements wait for another connection.
  void set_timeout(herd::Duration timeout) { timeout_ns_ = timeout.count(); }

  // Dials, and dials again after a failed dial or a lost connection.
  void start();
  // Dials at once unless it is connected.
  void redial();
  // Queue a statement. The report and the client are copied.
  void store(Ticket ticket, const herd::RecordView& report);
  void find(Ticket ticket, std::string_view client);
  // Pauses the queue while `active` is false: it then neither sends nor reads anything.
  void set_active(bool active);
  // Drops all statements, and does not dial again until start(). Returns the reports that may have
  // been stored and for which no callback will come.
  std::vector<herd::Record> stop();

  bool connected() const { return session_ && session_->ready(); }
  bool idle() const { return waiting_.empty() && in_flight_.empty(); }

 private:
  struct Statement {
    Ticket ticket = 0;
    std::string key;
    std::optional<herd::Record> report;  // to be stored; none: a lookup
    std::int64_t asked_ns = 0;
    bool doubtful = false;  // was in flight on a connection that died
    bool alone = false;     // its batch was refused: send it in its own
    bool given_up = false;  // only kept because it is doubtful
  };
  struct Batch {
    std::vector<Statement> statements;
    std::uint64_t sent_ns = 0;
  };

  void add(Statement statement);
  void pump_later();
  void pump();
  void send_batch();
  void batch_answered(std::vector<DatabaseAnswer>& answers, const std::string& error);
  void tell(const Statement& statement, const DatabaseAnswer& answer);
  void refused(Batch batch, const std::string& error);
  void dial();
  void drop_session(const std::string& why);
  void take_back_in_flight();
  void check_timeout();
  void abandon(std::int64_t now);
  void arm();

  IoLoop& loop_;
  const std::string folder_;
  Callbacks callbacks_;
  std::unique_ptr<DatabaseSession> session_;
  CommitWindow window_;
  std::deque<Statement> waiting_;
  std::deque<Batch> in_flight_;
  std::vector<DatabaseRequest> requests_;
  std::int64_t timeout_ns_ = 2'000'000'000;
  std::int64_t heard_ns_ = 0;  // when the database last answered, or when an answer became due
  std::int64_t down_since_ns_ = 0;
  std::uint64_t back_off_ms_;
  bool started_ = false, active_ = true, pump_is_due_ = false, was_up_ = false;
  std::uint64_t life_ = 0;  // counts calls of stop()
  UvHandle<uv_timer_t> redial_, timeout_timer_;
};

}  // namespace sim
