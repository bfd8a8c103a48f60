// An external program under a loop. It can be started, paused and stopped, and its output is
// collected. Every process of it is gone when it has ended, when its owner is destroyed, or when
// herdsim is killed.
//
// A keeper process (keeper.h) stands between herdsim and the program, and ends the program when
// herdsim is killed. If the keeper is killed, herdsim ends the program. If both are killed, the
// guard does (process_guard.h). Uses three descriptors while it runs. Only the loop's thread may
// use it.
#pragma once

#include <sys/types.h>
#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/owned_fd.h"
#include "sim/base/io/uv_error.h"
#include "sim/base/io/uv_handle.h"
#include "sim/base/process/fd_watch.h"
#include "sim/base/process/keeper_protocol.h"
#include "sim/base/process/line_cutter.h"
#include "sim/base/process/output_file.h"
#include "sim/base/process/process_end.h"

namespace sim {

class ManagedProcess {
 public:
  struct Setup {
    // The program (searched in PATH if it has no slash) and its arguments.
    std::vector<std::string> command;
    std::string cwd;  // empty: the current folder; a command with a slash is relative to it
    std::vector<std::pair<std::string, std::string>> env;  // added to our environment
    std::string keeper;  // the herdsim binary; empty: own_binary()
    // A folder of the run that the keeper removes if herdsim ends without removing it; empty: none.
    std::string scratch;
    std::string output_file;  // appended to, also after a restart; empty: none
    // Limit of the bytes kept in output_file.
    std::uint64_t max_output_bytes = std::uint64_t{64} << 20;
  };

  // The loop calls these, never from within a call to the process: on_started, then lines, then
  // on_ended once. on_ended may destroy the process; the others may not. Each may be empty.
  struct Callbacks {
    std::function<void(pid_t)> on_started;  // it is executed, in its own process group
    // A line of its standard output or standard error, without its ending; of a line longer than 64
    // KiB only the beginning. Lines beyond max_output_bytes are reported too.
    std::function<void(std::string_view)> on_output_line;
    // No process of it runs any more, and all its output was reported.
    std::function<void(const ProcessEnd&)> on_ended;
  };

  // The loop must outlive it.
  ManagedProcess(IoLoop& loop, Setup setup, Callbacks callbacks)
      : loop_(loop), setup_(std::move(setup)), callbacks_(std::move(callbacks)) {}
  // Kills all its processes and waits until they are gone, usually a few milliseconds. Does not
  // call on_ended; output that was not reported yet is lost.
  ~ManagedProcess();
  ManagedProcess(const ManagedProcess&) = delete;
  ManagedProcess& operator=(const ManagedProcess&) = delete;

  // Called once. Returns an error if the keeper cannot start. If only the command cannot be
  // executed, on_ended reports that.
  [[nodiscard]] std::optional<Error> start();
  // Sends a signal to the command's group, even if it is stopped. SIGKILL also ends daemons that
  // left the group. No effect if it does not run.
  void send_signal(int signal);
  // Sends the signal, continues the command if it is stopped, and kills all its processes if it has
  // not ended within `grace`. A keeper that does not even do that in time is killed too.
  void stop(int signal, herd::Duration grace);

  // Returns true from start() until on_ended is called.
  bool running() const { return process_.has_value() && !over_; }
  // Returns the command's pid; 0 before on_started and from on_ended on.
  pid_t pid() const { return running() ? pid_ : 0; }
  // Returns the pid for usage_under_keeper(); 0 if it does not run.
  pid_t keeper_pid() const { return running() ? keeper_pid_ : 0; }
  // Returns the first error in writing output_file, such as a full disk.
  const std::optional<Error>& output_error() const { return file_.error(); }

 private:
  std::optional<Error> open_pipes(OwnedFd& keeper_socket, OwnedFd& keeper_output);
  std::optional<Error> spawn(int keeper_socket, int keeper_output);
  void read_reports();
  void take_report(const KeeperReport& report);
  void read_output();
  void output_is_over();
  void keeper_ended();
  void end_when_over();
  void kill_and_wait();
  // Kills the keeper if it has not ended by a time that is enough for it.
  void kill_keeper_later();
  // Continues the keeper, if somebody has stopped it.
  void wake_keeper() const;
  void release();

  IoLoop& loop_;
  Setup setup_;
  Callbacks callbacks_;
  OwnedFd socket_, output_;
  FdWatch socket_watch_, output_watch_;  // closed before the descriptors that they watch
  std::optional<UvHandle<uv_process_t>> process_;
  std::optional<UvHandle<uv_timer_t>> grace_;
  OutputFile file_;
  LineCutter lines_{std::size_t{64} * 1024};
  std::string mark_;  // of its processes
  pid_t pid_ = 0, keeper_pid_ = 0;
  bool over_ = false;
  bool keeper_ended_ = false;
  std::optional<ProcessEnd> end_;
};

}  // namespace sim
