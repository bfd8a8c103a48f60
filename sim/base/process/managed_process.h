// An external program under a loop: started, told to pause or to end, its output taken in, and
// nothing of it left when it has ended, when its owner goes, or when herdsim itself is killed.
//
// A keeper (keeper.h) stands between the two. One that is killed with SIGKILL by somebody else
// takes the command with it and leaves the command's daemons alone; nothing else can part them.
// Costs three descriptors while it runs. The loop's thread only.
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
    // The program (looked up in PATH where it has no slash) and its arguments.
    std::vector<std::string> command;
    std::string cwd;  // empty: ours; a command with a slash is relative to it
    std::vector<std::pair<std::string, std::string>> env;  // added to ours
    std::string keeper;  // the herdsim binary; empty: own_binary()
    // A folder of the run's that is removed once herdsim has gone without having done so; empty:
    // none.
    std::string scratch;
    std::string output_file;  // added to, so that a program started again goes on; empty: none
    std::uint64_t max_output_bytes = std::uint64_t{64} << 20;  // that are kept of it
  };

  // Called from the loop, never from within a call to the process: on_started, then lines, then
  // on_ended, once. on_ended may destroy the process, the others may not. Each may be empty.
  struct Callbacks {
    std::function<void(pid_t)> on_started;  // it is executed, and in a group of its own
    // A line of its standard output or standard error, without its ending; of one longer than
    // 64 KiB the beginning. Lines are told beyond max_output_bytes too.
    std::function<void(std::string_view)> on_output_line;
    // Nothing of it runs any more, and all its output was handed in.
    std::function<void(const ProcessEnd&)> on_ended;
  };

  // The loop must outlive it.
  ManagedProcess(IoLoop& loop, Setup setup, Callbacks callbacks)
      : loop_(loop), setup_(std::move(setup)), callbacks_(std::move(callbacks)) {}
  // Kills all of it and waits until it is gone, a few milliseconds as a rule; on_ended is not
  // called, what it had still to say is lost.
  ~ManagedProcess();
  ManagedProcess(const ManagedProcess&) = delete;
  ManagedProcess& operator=(const ManagedProcess&) = delete;

  // Once. An error where not even a keeper runs; that the command cannot be executed is an end.
  [[nodiscard]] std::optional<Error> start();
  // To the command's group, also while it is stopped; SIGKILL ends daemons that left it, too.
  // Nothing where it does not run.
  void send_signal(int signal);
  // Sends the signal, wakes it where it is stopped, and kills all of it when it has not ended
  // within the grace.
  void stop(int signal, herd::Duration grace);

  // From start() until on_ended is called.
  bool running() const { return process_.has_value() && !over_; }
  // 0 before on_started and from on_ended on.
  pid_t pid() const { return running() ? pid_ : 0; }
  // What usage_under_keeper() asks for; 0 where it does not run.
  pid_t keeper_pid() const { return running() ? keeper_pid_ : 0; }
  // The first error that keeping the output met: a full disk, say.
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
  void release();

  IoLoop& loop_;
  Setup setup_;
  Callbacks callbacks_;
  OwnedFd socket_, output_;
  FdWatch socket_watch_, output_watch_;  // closed before what they watch
  std::optional<UvHandle<uv_process_t>> process_;
  std::optional<UvHandle<uv_timer_t>> grace_;
  OutputFile file_;
  LineCutter lines_{std::size_t{64} * 1024};
  pid_t pid_ = 0, keeper_pid_ = 0;
  bool over_ = false;
  bool keeper_ended_ = false;
  std::optional<ProcessEnd> end_;
};

}  // namespace sim
