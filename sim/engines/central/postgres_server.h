// A PostgreSQL of the run's own. It is created in a private folder, listens on a socket there and
// on no port, and goes with its folder when its owner is destroyed or the run is killed.
//
// It runs with its default settings, except for its sockets, its logs and, if it need not be
// durable, everything that durability costs. The loop's thread only.
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
  // The user and database that clients log in with, and the port number in the socket's name.
  static constexpr const char* kUser = "herdsim";
  static constexpr const char* kDatabase = "postgres";
  static constexpr const char* kPort = "5432";

  struct Setup {
    bool durable = true;
    std::uint32_t connections = 10;  // at once
    std::string log_file;            // for its output; empty: not kept. Its folder is made
    std::string keeper;              // as in ManagedProcess
  };
  // Called from the loop: on_ready once the server accepts clients, on_failure if it could not be
  // started or ended without being stopped. on_failure may call stop().
  struct Callbacks {
    std::function<void()> on_ready;
    std::function<void(const Error&)> on_failure;
  };

  PostgresServer(IoLoop& loop, Setup setup, Callbacks callbacks)
      : loop_(loop), setup_(std::move(setup)), callbacks_(std::move(callbacks)) {}
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Makes the folder. Call this once, before start().
  std::optional<Error> prepare();
  // Makes the database and starts its server. Call this once.
  std::optional<Error> start();
  // Stops the server and removes the folder. Calls `gone` when nothing is left, perhaps from within
  // this call. Call this once.
  void stop(std::function<void()> gone);

  // Returns the folder of the socket. Callers may put other sockets there.
  const std::filesystem::path& folder() const { return folder_.path(); }
  // Returns the path of the socket.
  std::string socket() const { return socket_in(folder_.path()); }
  // Returns the path of the socket that a client looks for in `folder`.
  static std::string socket_in(const std::filesystem::path& folder) {
    return (folder / (std::string(".s.PGSQL.") + kPort)).string();
  }
  // Returns what all its processes use now; zero if it does not run.
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
  PrivateFolder folder_;                     // removed after its processes have ended
  std::unique_ptr<ManagedProcess> process_;  // first initdb, then postgres
  std::deque<std::string> last_lines_;       // of its output
  std::function<void()> gone_;
  bool ready_ = false, stopping_ = false;
};

}  // namespace sim
