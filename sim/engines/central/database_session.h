// One connection to the database, on a loop: statements go out in batches without a wait for the
// answers to the last (libpq's pipeline mode), each batch is one transaction, and its answers come
// when it is committed.
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

// A statement about one client.
struct DatabaseRequest {
  std::string_view key;                   // record_key() of the client
  std::optional<herd::RecordView> store;  // to be stored where it is newer; and then
  bool find = false;                      // what is held is wanted
};

struct DatabaseAnswer {
  bool stored = false;               // it was newer
  std::optional<std::string> found;  // the report that is held, as its AT line
};

class DatabaseSession {
 public:
  // From the loop. on_lost may destroy the session, the others may not.
  struct Callbacks {
    std::function<void()> on_ready;
    // The batches come in the order in which they were sent. With an error none of the batch's
    // statements had any effect, and there are no answers.
    std::function<void(std::vector<DatabaseAnswer>& answers, const std::string& error)> on_batch;
    // The connection could not be made, or is gone; whether the batches under way were committed
    // is not known.
    std::function<void(const std::string& why)> on_lost;
  };

  // Begins to connect to the database whose socket is in `folder`.
  DatabaseSession(IoLoop& loop, const std::string& folder, Callbacks callbacks);
  ~DatabaseSession();
  DatabaseSession(const DatabaseSession&) = delete;
  DatabaseSession& operator=(const DatabaseSession&) = delete;

  bool ready() const { return state_ == State::kReady; }
  // Sends a batch, or tells from the loop that the connection is lost. Precondition: ready(); at
  // least one request. Two batches that are under way at once, on this connection or any other,
  // cannot wait for each other's ends, as long as each has its clients in the order of their keys.
  void send(std::span<const DatabaseRequest> batch);
  // Does nothing, whatever comes, until true.
  void set_active(bool active);

 private:
  enum class State { kConnecting, kPreparing, kReady, kLost };
  // The answer to a statement, or the end of a batch.
  struct Awaited {
    enum class Kind { kPrepared, kStored, kFound, kCommit };
    Kind kind = Kind::kPrepared;
    bool last = false;  // of its request
  };

  void on_event(int status);
  void go_on_connecting();
  void prepare();
  // False if libpq cannot send it.
  [[nodiscard]] bool send_store(const DatabaseRequest& request);
  [[nodiscard]] bool send_find(const DatabaseRequest& request);
  void read();
  void take(const PGresult* result);
  void batch_is_over();
  void await(Awaited::Kind kind, bool last) { awaited_.push_back({kind, last}); }
  void flush();
  void watch(int events);
  void lose(const std::string& why);
  // The same, from the loop: for those whose callers still use the session.
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
  // Of the batch that is being answered; and of its request that is.
  std::vector<DatabaseAnswer> answers_;
  DatabaseAnswer answer_;
  std::string error_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // while this lives
};

}  // namespace sim
