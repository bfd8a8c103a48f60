#include "sim/engines/central/postgres_server.h"

#include <sys/un.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>

namespace sim {
namespace {

constexpr std::size_t kLinesKept = 5;
constexpr auto kStopGrace = std::chrono::seconds(5);

}  // namespace

std::optional<Error> PostgresServer::prepare() {
  auto install = find_postgres();
  if (!install) return install.error();
  install_ = std::move(*install);
  if (auto error = folder_.make(install_.user, install_.group)) return error;
  // Leave room for a folder in it that holds a socket too.
  constexpr std::size_t kRoom = 24;
  if (socket().size() + kRoom > sizeof(sockaddr_un::sun_path)) {
    return Error{"the path of the folder for temporary files is too long for a socket: " +
                 folder_.path().string()};
  }
  if (!setup_.log_file.empty()) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(setup_.log_file).parent_path(),
                                        error);
    if (error) return Error{"cannot keep what PostgreSQL says: " + error.message()};
  }
  return std::nullopt;
}

std::optional<Error> PostgresServer::start() {
  // Only the user that runs it can reach its folder. The files made here need not reach the disk,
  // because they are thrown away even after a crash; for later commits `durable` decides.
  return run(
      {install_.initdb, "--pgdata=data", "--auth=trust", std::string("--username=") + kUser,
       "--no-locale", "--encoding=SQL_ASCII", "--no-sync"},
      [](std::string_view) {},
      [this](const ProcessEnd& end) {
        if (stopping_) return gone();
        if (end.kind != ProcessEnd::Kind::kExited || end.value != 0) {
          return ended("initdb", end);
        }
        last_lines_.clear();
        if (const auto error = serve()) callbacks_.on_failure(*error);
      });
}

std::optional<Error> PostgresServer::serve() {
  std::vector<std::string> command = {install_.postgres, "-D", "data"};
  const auto set = [&command](const std::string& setting) {
    command.insert(command.end(), {"-c", setting});
  };
  set("listen_addresses=");
  set("unix_socket_directories=" + folder_.path().string());
  set("unix_socket_permissions=0700");
  set(std::string("port=") + kPort);
  set("max_connections=" + std::to_string(setup_.connections));
  // Mapped files go with the folder; the system's shared memory could stay behind.
  set("dynamic_shared_memory_type=mmap");
  set("logging_collector=off");
  if (!setup_.durable) {
    for (const char* setting : {"fsync=off", "synchronous_commit=off", "full_page_writes=off"}) {
      set(setting);
    }
  }
  return run(
      std::move(command), [this](std::string_view line) { hear(line); },
      [this](const ProcessEnd& end) { stopping_ ? gone() : ended("PostgreSQL", end); });
}

std::optional<Error> PostgresServer::run(std::vector<std::string> command,
                                         std::function<void(std::string_view)> on_line,
                                         std::function<void(const ProcessEnd&)> on_ended) {
  ManagedProcess::Setup setup;
  setup.command = install_.as_user;
  setup.command.insert(setup.command.end(), command.begin(), command.end());
  setup.cwd = folder_.path().string();
  setup.scratch = setup.cwd;
  setup.env = {{"LC_ALL", "C"}};
  setup.keeper = setup_.keeper;
  setup.output_file = setup_.log_file;
  ManagedProcess::Callbacks callbacks;
  callbacks.on_output_line = [this, heard = std::move(on_line)](std::string_view line) {
    last_lines_.emplace_back(line);
    if (last_lines_.size() > kLinesKept) last_lines_.pop_front();
    heard(line);
  };
  callbacks.on_ended = std::move(on_ended);
  process_ = std::make_unique<ManagedProcess>(loop_, std::move(setup), std::move(callbacks));
  return process_->start();
}

void PostgresServer::hear(std::string_view line) {
  if (ready_ || stopping_) return;
  if (line.find("database system is ready to accept connections") == std::string_view::npos) return;
  ready_ = true;
  loop_.defer([this] {
    if (!stopping_) callbacks_.on_ready();
  });
}

void PostgresServer::ended(const std::string& program, const ProcessEnd& end) {
  std::string words = program + ": " + end.words();
  for (const std::string& line : last_lines_) words += "; " + line;
  callbacks_.on_failure(Error{words});
}

void PostgresServer::stop(std::function<void()> gone_callback) {
  stopping_ = true;
  gone_ = std::move(gone_callback);
  if (process_ == nullptr || !process_->running()) return gone();
  // Stop at once, without saving: its data will not be read again.
  process_->stop(SIGQUIT, kStopGrace);
}

void PostgresServer::gone() {
  folder_.remove();
  if (const auto callback = std::exchange(gone_, nullptr)) callback();
}

ProcessUsage PostgresServer::usage() const {
  if (process_ == nullptr || process_->keeper_pid() == 0) return {};
  return usage_under_keeper(ProcessTable::read(), process_->keeper_pid());
}

}  // namespace sim
