#include "sim/engines/central/database_session.h"

#include <endian.h>

#include <array>
#include <cstring>
#include <utility>

#include "sim/base/io/uv_error.h"
#include "sim/engines/central/record_table.h"

namespace sim {
namespace {

// PostgreSQL's type numbers of bytea and bigint.
constexpr Oid kBytes = 17, kInt8 = 20;
constexpr const char* kStore = "store";
constexpr const char* kFind = "find";

}  // namespace

DatabaseSession::DatabaseSession(IoLoop& loop, const std::string& folder, Callbacks callbacks)
    : loop_(loop), callbacks_(std::move(callbacks)), connection_(begin_connecting(folder)) {
  if (!connection_) {
    lose_later("out of memory");
  } else if (PQstatus(connection_.get()) == CONNECTION_BAD ||
             PQsetnonblocking(connection_.get(), 1) != 0) {
    lose_later(words_of(connection_.get()));
  } else {
    watch(UV_WRITABLE);
  }
}

DatabaseSession::~DatabaseSession() {
  // Stop polling before the descriptor is closed.
  poll_.reset();
}

void DatabaseSession::lose_later(std::string why) {
  if (state_ == State::kLost) return;
  state_ = State::kLost;
  poll_.reset();
  loop_.defer([this, why = std::move(why), alive = std::weak_ptr<int>(alive_)] {
    if (!alive.expired()) lose(why);
  });
}

void DatabaseSession::watch(int events) {
  if (state_ == State::kLost) return;
  const auto failed = [this](int error) {
    lose_later(uv_failure("cannot watch the connection", error).message);
  };
  const int fd = PQsocket(connection_.get());
  if (fd != polled_) {
    poll_.reset();
    polled_ = fd;
    events_ = 0;
    if (fd < 0) return lose_later(words_of(connection_.get()));
    poll_.emplace(this);
    const int error = uv_poll_init(loop_.uv(), poll_->get(), fd);
    if (error != 0) return failed(error);
  }
  events_ = events;
  if (!active_ || !poll_) return;
  const int error = uv_poll_start(poll_->get(), events, [](uv_poll_t* poll, int status, int) {
    static_cast<DatabaseSession*>(poll->data)->on_event(status);
  });
  if (error != 0) failed(error);
}

void DatabaseSession::set_active(bool active) {
  active_ = active;
  if (!poll_) return;
  if (!active) {
    uv_poll_stop(poll_->get());
  } else if (events_ != 0) {
    watch(events_);
  }
}

void DatabaseSession::on_event(int status) {
  if (state_ == State::kConnecting) return go_on_connecting();
  if (status != 0) return lose(uv_strerror(status));
  read();
}

void DatabaseSession::go_on_connecting() {
  switch (PQconnectPoll(connection_.get())) {
    case PGRES_POLLING_READING:
      return watch(UV_READABLE);
    case PGRES_POLLING_WRITING:
      return watch(UV_WRITABLE);
    case PGRES_POLLING_OK:
      return prepare();
    default:
      return lose(words_of(connection_.get()));
  }
}

void DatabaseSession::prepare() {
  static constexpr std::array<Oid, 5> kStoreTypes = {kBytes, kInt8, kBytes, kBytes, kBytes};
  PGconn* const connection = connection_.get();
  if (PQenterPipelineMode(connection) == 0 ||
      PQsendPrepare(connection, kStore, kStoreRecord, kStoreTypes.size(), kStoreTypes.data()) ==
          0 ||
      PQsendPrepare(connection, kFind, kFindRecord, 1, kStoreTypes.data()) == 0 ||
      PQpipelineSync(connection) == 0) {
    return lose(words_of(connection));
  }
  state_ = State::kPreparing;
  await(Awaited::Kind::kPrepared, false);
  await(Awaited::Kind::kPrepared, false);
  await(Awaited::Kind::kCommit, false);
  flush();
}

void DatabaseSession::send(std::span<const DatabaseRequest> batch) {
  bool sent = true;
  for (const DatabaseRequest& request : batch) {
    if (request.store) sent = sent && send_store(request);
    if (request.find) sent = sent && send_find(request);
  }
  await(Awaited::Kind::kCommit, false);
  sent = sent && PQpipelineSync(connection_.get()) != 0;
  // If a statement was left out, answers cannot be matched with statements any more.
  if (!sent) return lose_later(words_of(connection_.get()));
  flush();
}

bool DatabaseSession::send_store(const DatabaseRequest& request) {
  const herd::RecordView& report = *request.store;
  const std::uint64_t time = htobe64(static_cast<std::uint64_t>(report.time_ns));
  std::array<char, sizeof time> time_bytes{};
  std::memcpy(time_bytes.data(), &time, sizeof time);
  const std::array<std::string_view, 5> values = {request.key,
                                                  {time_bytes.data(), time_bytes.size()},
                                                  report.location,
                                                  report.server,
                                                  report.line};
  std::array<const char*, values.size()> texts{};
  std::array<int, values.size()> sizes{}, formats{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    texts.at(i) = values.at(i).data();
    sizes.at(i) = static_cast<int>(values.at(i).size());
    formats.at(i) = 1;
  }
  await(Awaited::Kind::kStored, !request.find);
  return PQsendQueryPrepared(connection_.get(), kStore, values.size(), texts.data(), sizes.data(),
                             formats.data(), 1) != 0;
}

bool DatabaseSession::send_find(const DatabaseRequest& request) {
  const char* const text = request.key.data();
  const int size = static_cast<int>(request.key.size());
  const int format = 1;
  await(Awaited::Kind::kFound, true);
  return PQsendQueryPrepared(connection_.get(), kFind, 1, &text, &size, &format, 1) != 0;
}

void DatabaseSession::flush() {
  // If flushing fails, reading will fail too and report the error.
  const bool unsent = PQflush(connection_.get()) == 1;
  const int events = unsent ? UV_READABLE | UV_WRITABLE : UV_READABLE;
  if (events != events_ || !poll_) watch(events);
}

void DatabaseSession::read() {
  if (PQconsumeInput(connection_.get()) == 0) return lose(words_of(connection_.get()));
  flush();
  while (state_ != State::kLost && !awaited_.empty() && PQisBusy(connection_.get()) == 0) {
    const PgResult result(PQgetResult(connection_.get()));
    if (PQstatus(connection_.get()) == CONNECTION_BAD) return lose(words_of(connection_.get()));
    // Null separates one statement's results from the next one's.
    if (result) take(result.get());
  }
}

void DatabaseSession::take(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_FATAL_ERROR && error_.empty()) {
    error_ = PQresultErrorMessage(result);
    while (!error_.empty() && error_.back() == '\n') error_.pop_back();
  }
  const Awaited awaited = awaited_.front();
  if (awaited.kind == Awaited::Kind::kCommit) {
    if (status != PGRES_PIPELINE_SYNC) return;  // an error, reported before the batch ends
    awaited_.pop_front();
    return batch_is_over();
  }
  awaited_.pop_front();
  if (awaited.kind == Awaited::Kind::kStored) {
    answer_.stored = status == PGRES_COMMAND_OK &&
                     std::string_view(PQcmdTuples(const_cast<PGresult*>(result))) == "1";
  } else if (awaited.kind == Awaited::Kind::kFound && status == PGRES_TUPLES_OK &&
             PQntuples(result) == 1) {
    answer_.found.emplace(PQgetvalue(result, 0, 0),
                          static_cast<std::size_t>(PQgetlength(result, 0, 0)));
  }
  if (awaited.last) answers_.push_back(std::exchange(answer_, {}));
}

void DatabaseSession::batch_is_over() {
  std::string error = std::exchange(error_, {});
  std::vector<DatabaseAnswer> answers = std::exchange(answers_, {});
  answer_ = {};
  if (state_ == State::kPreparing) {
    if (!error.empty()) {
      return lose_later(error);
    }
    state_ = State::kReady;
    return callbacks_.on_ready();
  }
  if (!error.empty()) answers.clear();
  callbacks_.on_batch(answers, error);
}

void DatabaseSession::lose(const std::string& why) {
  state_ = State::kLost;
  poll_.reset();
  awaited_.clear();
  const auto on_lost = std::move(callbacks_.on_lost);
  on_lost(why);
}

}  // namespace sim
