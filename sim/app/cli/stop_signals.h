// Signals that ask the process to stop: SIGINT, SIGTERM and SIGHUP.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/loop_inbox.h"
#include "sim/base/io/uv_handle.h"

namespace sim {

// From now on each such signal ends the process at once, with the status of an interrupted command,
// until something else listens. For work that leaves nothing behind.
void let_signals_end_at_once();

// Calls `told` on the loop's thread for each such signal. From the constructor on, they no longer
// end the process. Must be destroyed before the loop. The constructor throws SetUpError if it
// cannot listen.
class StopSignals {
 public:
  StopSignals(IoLoop& loop, std::function<void()> told);

 private:
  std::function<void()> told_;
  UvHandle<uv_signal_t> interrupt_{this}, terminate_{this}, hang_up_{this};
};

// Sets a flag when such a signal arrives. While this object exists, the signals do not end the
// process. It listens on a thread of its own, so it can exist beside a loop that listens too; each
// of them sees every signal.
class SignalFlag {
 public:
  SignalFlag();  // may throw SetUpError
  ~SignalFlag();
  SignalFlag(const SignalFlag&) = delete;
  SignalFlag& operator=(const SignalFlag&) = delete;

  // May be read from any thread. Never goes back to false.
  const std::atomic<bool>& raised() const { return raised_; }

 private:
  std::atomic<bool> raised_ = false;
  IoLoop loop_;
  LoopInbox inbox_;
  StopSignals signals_{loop_, [this] { raised_ = true; }};
  std::thread thread_;
};

}  // namespace sim
