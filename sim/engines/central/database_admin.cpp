#include "sim/engines/central/database_admin.h"

#include <poll.h>

#include <chrono>
#include <variant>

#include "core/parse.h"
#include "sim/engines/central/postgres_connect.h"
#include "sim/engines/central/record_table.h"

namespace sim {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kAllWithin = std::chrono::seconds(30);

// Returns false if `until` has passed.
bool wait_for(PGconn* connection, short events, Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  pollfd wait{PQsocket(connection), events, 0};
  return left.count() > 0 && ::poll(&wait, 1, static_cast<int>(left.count())) > 0;
}

class Admin {
 public:
  explicit Admin(const std::string& folder) : connection_(begin_connecting(folder)) {}

  // Returns an error; empty if all went well.
  std::string connect() {
    if (!connection_) return "out of memory";
    auto state = PGRES_POLLING_WRITING;
    while (PQstatus(connection_.get()) != CONNECTION_BAD && state != PGRES_POLLING_OK) {
      if (!wait_for(connection_.get(), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until_)) {
        return "no answer";
      }
      state = PQconnectPoll(connection_.get());
    }
    return PQstatus(connection_.get()) == CONNECTION_OK ? "" : words_of(connection_.get());
  }

  // Passes the result to `take`, which may return an error. Returns an error; empty if all went
  // well.
  template <class Take>
  std::string ask(const char* sql, Take take) {
    if (PQsendQueryParams(connection_.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 1) == 0) {
      return words_of(connection_.get());
    }
    std::string error;
    for (;;) {
      while (PQisBusy(connection_.get()) != 0) {
        if (!wait_for(connection_.get(), POLLIN, until_)) return "no answer";
        if (PQconsumeInput(connection_.get()) == 0) return words_of(connection_.get());
      }
      const PgResult result(PQgetResult(connection_.get()));
      if (!result) return error;
      const ExecStatusType status = PQresultStatus(result.get());
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        error = words_of(connection_.get());
      } else if (error.empty()) {
        error = take(result.get());
      }
    }
  }

 private:
  PgConnection connection_;
  Clock::time_point until_ = Clock::now() + kAllWithin;
};

template <class Take>
std::optional<Error> ask_once(const std::string& folder, const char* sql, Take take) {
  Admin admin(folder);
  std::string error = admin.connect();
  if (error.empty()) error = admin.ask(sql, take);
  if (error.empty()) return std::nullopt;
  return Error{"the database: " + error};
}

}  // namespace

std::optional<Error> create_record_table(const std::string& folder) {
  return ask_once(folder, kCreateRecords, [](const PGresult*) { return std::string(); });
}

std::optional<Error> read_record_table(const std::string& folder, herd::RecordStore& records) {
  return ask_once(folder, kAllRecords, [&records](const PGresult* result) {
    for (int row = 0; row < PQntuples(result); ++row) {
      const std::string_view line(PQgetvalue(result, row, 0),
                                  static_cast<std::size_t>(PQgetlength(result, row, 0)));
      const herd::LinkCommand command = herd::parse_link_line(line);
      const auto* const report = std::get_if<herd::RecordView>(&command);
      if (report == nullptr) return "holds what is no report: " + std::string(line.substr(0, 200));
      records.offer(*report);
    }
    return std::string();
  });
}

}  // namespace sim
