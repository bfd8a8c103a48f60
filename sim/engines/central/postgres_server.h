// A PostgreSQL of the run's own: made anew in a private folder, reached through a socket there and
// by no port, and gone with its folder when its owner goes or the run is killed.
//
// It runs with the settings that it comes with, but for its sockets, its logs and, where it need
// not be durable, all that durability costs. The loop's thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/uv_error.h"
#include "sim/base/process/managed_process.h"
#include "sim/base/process/process_usage.h"
#include "sim/engines/central/postgres_install.h"
#include "sim/engines/central/private_folder.h"

namespace sim {

class PostgresServer {
 public:
  // What clients log in as and to, at the socket of that port number.
  static constexpr const char* kUser = "herdsim";
  static constexpr const char* kDatabase = "postgres";
  static constexpr const char* kPort = "5432";

  struct Setup {
    bool durable = true;
    std::uint32_t connections = 10;  // at once
    std::string log_file;            // what it says; empty: nowhere. Its folder is made
    std::string keeper;              // as ManagedProcess has it
  };
  // From the loop: once it lets clients in; where it ended, or could not be had, without being
  // stopped. The latter may call stop().
  struct Callbacks {
    std::function<void()> on_ready;
    std::function<void(const Error&)> on_failure;
  };

  PostgresServer(IoLoop& loop, Setup setup, Callbacks callbacks)
      : loop_(loop), setup_(std::move(setup)), callbacks_(std::move(callbacks)) {}
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Makes the folder. Once, before start().
  std::optional<Error> prepare();
  // Makes the database and starts its server. Once.
  std::optional<Error> start();
  // Ends it, and the folder; `gone` is called, perhaps from within this call, when nothing is left.
  // Once.
  void stop(std::function<void()> gone);

  // Where the socket is, and where others may be put.
  const std::filesystem::path& folder() const { return folder_.path(); }
  // The path of its socket.
  std::string socket() const { return socket_in(folder_.path()); }
  // The socket that a client looks for in a folder.
  static std::string socket_in(const std::filesystem::path& folder) {
    return (folder / (std::string(".s.PGSQL.") + kPort)).string();
  }
  // What all its processes use now; zero where it does not run.
  ProcessUsage usage() const;

 private:
  std::optional<Error> run(std::vector<std::string> command,
                           std::function<void(std::string_view)> on_line,
                           std::function<void(const ProcessEnd&)> on_ended);
  std::optional<Error> serve();
  void hear(std::string_view line);
  void ended(const std::string& program, const ProcessEnd& end);
  void gone();

  IoLoop& loop_;
  Setup setup_;
  Callbacks callbacks_;
  PostgresInstall install_;
  PrivateFolder folder_;                     // goes after what runs in it
  std::unique_ptr<ManagedProcess> process_;  // first initdb, then postgres
  std::deque<std::string> last_lines_;       // of what it said
  std::function<void()> gone_;
  bool ready_ = false, stopping_ = false;
};

}  // namespace sim
