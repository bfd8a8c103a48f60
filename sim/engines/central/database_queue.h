// What a front end asks of the database, in batches: what comes in one turn of the loop, or while
// the window is full, goes out together. Keeps what is asked across the connection's deaths, for a
// while, and dials again.
//
// A report whose batch was under way when the connection died may be stored already. It is stored
// again on the next one, which changes nothing where it is held, and looked up: so it is known in
// the end whether it was taken.
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
  using Ticket = std::uint64_t;  // the asker's own number for what it asks

  // From the loop, or from within stop() where that says so. None may destroy the queue.
  struct Callbacks {
    std::function<void(Ticket, const herd::RecordView&, herd::Verdict)> on_stored;
    std::function<void(Ticket, const std::optional<std::string>& report)> on_found;
    // The database could not be asked in time, or refused. What is stored may still be told.
    std::function<void(Ticket, const std::string& why)> on_given_up;
    // The connection is good for statements, or is no more. With words for a log.
    std::function<void(bool up, const std::string& why)> on_connection;
  };

  // `folder`: that of the database's socket.
  DatabaseQueue(IoLoop& loop, std::string folder, Callbacks callbacks);

  // How long the database may say nothing to what it is asked before the connection is dropped, and
  // how long what is asked waits for another one.
  void set_timeout(herd::Duration timeout) { timeout_ns_ = timeout.count(); }

  // Dials, and goes on dialling.
  void start();
  // Dials at once where there is no connection.
  void redial();
  // The report and the client are copied.
  void store(Ticket ticket, const herd::RecordView& report);
  void find(Ticket ticket, std::string_view client);
  // Neither sends nor hears anything until true.
  void set_active(bool active);
  // Forgets all, and dials no more until start(). What may have been stored, and will not be told
  // of, is returned.
  std::vector<herd::Record> stop();

  bool connected() const { return session_ && session_->ready(); }
  bool idle() const { return waiting_.empty() && in_flight_.empty(); }

 private:
  struct Statement {
    Ticket ticket = 0;
    std::string key;
    std::optional<herd::Record> report;  // to be stored; none: to be found
    std::int64_t asked_ns = 0;
    bool doubtful = false;  // was under way on a connection that died
    bool alone = false;     // its batch was refused: it goes in one of its own
    bool given_up = false;  // and is only kept because it is doubtful
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
  std::int64_t heard_ns_ = 0;  // from the database, or when there began to be something to hear
  std::int64_t down_since_ns_ = 0;
  std::uint64_t back_off_ms_;
  bool started_ = false, active_ = true, pump_is_due_ = false, was_up_ = false;
  std::uint64_t life_ = 0;  // counts stop()
  UvHandle<uv_timer_t> redial_, timeout_timer_;
};

}  // namespace sim
