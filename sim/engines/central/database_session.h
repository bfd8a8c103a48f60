// One connection to the database, on a loop. Batches of statements go out without a wait for the
// answers to the batch before (libpq's pipeline mode). Each batch is one transaction, and its
// answers come when it is committed.
//
// The loop's thread only.
#pragma once

#include <uv.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/uv_handle.h"
#include "sim/engines/central/postgres_connect.h"

namespace sim {

// A statement about one client: a store, a lookup, or a store and then a lookup.
struct DatabaseRequest {
  std::string_view key;                   // record_key() of the client
  std::optional<herd::RecordView> store;  // stored if it is newer
  bool find = false;                      // look up the record that is held
};

struct DatabaseAnswer {
  bool stored = false;               // the report was newer
  std::optional<std::string> found;  // the report that is held, as its AT line
};

class DatabaseSession {
 public:
  // Called from the loop. Only on_lost may destroy the session.
  struct Callbacks {
    std::function<void()> on_ready;
    // A batch is answered; batches come in the order in which they were sent. If `error` is not
    // empty, none of the batch's statements had any effect, and there are no answers.
    std::function<void(std::vector<DatabaseAnswer>& answers, const std::string& error)> on_batch;
    // The connection could not be made, or is lost. It is not known whether the batches in flight
    // were committed.
    std::function<void(const std::string& why)> on_lost;
  };

  // Begins to connect to the database whose socket is in `folder`.
  DatabaseSession(IoLoop& loop, const std::string& folder, Callbacks callbacks);
  ~DatabaseSession();
  DatabaseSession(const DatabaseSession&) = delete;
  DatabaseSession& operator=(const DatabaseSession&) = delete;

  bool ready() const { return state_ == State::kReady; }
  // Sends a batch. If that fails, on_lost is called later, from the loop. Precondition: ready(),
  // and `batch` is not empty.
  //
  // Each batch must have its clients in the order of their keys. Two batches in flight at once, on
  // this connection or any other, then cannot wait for each other's ends.
  void send(std::span<const DatabaseRequest> batch);
  // Pauses the session while `active` is false: it then does nothing, whatever arrives.
  void set_active(bool active);

 private:
  enum class State { kConnecting, kPreparing, kReady, kLost };
  // An expected answer to a statement, or the expected end of a batch.
  struct Awaited {
    enum class Kind { kPrepared, kStored, kFound, kCommit };
    Kind kind = Kind::kPrepared;
    bool last = false;  // the last of its request
  };

  void on_event(int status);
  void go_on_connecting();
  void prepare();
  // Return false if libpq cannot send the statement.
  [[nodiscard]] bool send_store(const DatabaseRequest& request);
  [[nodiscard]] bool send_find(const DatabaseRequest& request);
  void read();
  void take(const PGresult* result);
  void batch_is_over();
  void await(Awaited::Kind kind, bool last) { awaited_.push_back({kind, last}); }
  void flush();
  void watch(int events);
  void lose(const std::string& why);
  // Does the same later, from the loop, for functions whose callers still use the session.
  void lose_later(std::string why);

  IoLoop& loop_;
  Callbacks callbacks_;
  PgConnection connection_;
  State state_ = State::kConnecting;
  std::optional<UvHandle<uv_poll_t>> poll_;
  int polled_ = -1;  // the descriptor
  int events_ = 0;
  bool active_ = true;
  std::deque<Awaited> awaited_;
  // The answers of the current batch so far, and the answer to its current request.
  std::vector<DatabaseAnswer> answers_;
  DatabaseAnswer answer_;
  std::string error_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // as long as this lives
};

}  // namespace sim
