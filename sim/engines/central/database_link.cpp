#include "sim/engines/central/database_link.h"

#include <system_error>
#include <utility>

#include "sim/base/io/address.h"
#include "sim/base/io/out_of_descriptors.h"
#include "sim/engines/central/postgres_server.h"

namespace sim {
namespace {

constexpr int kBacklog = 16;

}  // namespace

DatabaseLink::DatabaseLink(AlarmClock& alarms, const RunClock& clock, Setup setup)
    : ByteRelay(alarms, clock, {setup.to_front_end, setup.to_database}, Order::kOfConnection),
      loop_(alarms.loop()),
      folder_(std::move(setup.folder)),
      database_(std::move(setup.database)),
      on_failure_(std::move(setup.on_failure)) {}

std::optional<Error> DatabaseLink::listen() {
  const auto database = unix_address(database_);
  if (!database) return Error{"cannot connect to " + database_ + ": the path is too long"};
  set_server(kDatabase, *database);
  std::error_code failure;
  std::filesystem::create_directory(folder_, failure);
  if (failure) return Error{"cannot make " + folder_.string() + ": " + failure.message()};
  const std::string path = PostgresServer::socket_in(folder_);
  if (!unix_address(path)) return Error{"cannot listen at " + path + ": the path is too long"};
  listener_.emplace(this);
  int error = uv_pipe_init(loop_.uv(), listener_->get(), 0);
  if (error == 0) error = uv_pipe_bind(listener_->get(), path.c_str());
  if (error == 0) {
    error = uv_listen(reinterpret_cast<uv_stream_t*>(listener_->get()), kBacklog,
                      [](uv_stream_t* stream, int status) {
                        auto& self = *static_cast<DatabaseLink*>(stream->data);
                        if (status == 0) return self.accept(kFrontEnd, stream);
                        if (is_out_of_descriptors(status)) self.exhausted(status);
                      });
  }
  if (error != 0) return uv_failure("cannot listen at " + path, error);
  return std::nullopt;
}

void DatabaseLink::exhausted(int error) {
  // libuv would try to accept again and again, and never come back to the loop.
  listener_.reset();
  on_failure_(uv_failure("the link to the database cannot go on", error));
}

}  // namespace sim
