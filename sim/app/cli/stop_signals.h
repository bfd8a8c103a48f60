// How commands hear that they are told to stop: by SIGINT, SIGTERM or SIGHUP.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/loop_inbox.h"
#include "sim/base/io/uv_handle.h"

namespace sim {

// Calls back on the loop's thread for each signal that tells to stop. Signals are heard, and end
// the process no more, from the constructor on, which may throw SetUpError. Declare after the loop.
class StopSignals {
 public:
  StopSignals(IoLoop& loop, std::function<void()> told);

 private:
  std::function<void()> told_;
  UvHandle<uv_signal_t> interrupt_{this}, terminate_{this}, hang_up_{this};
};

// While it lives the signals do not end the process, but set a flag. It listens on a thread of its
// own, beside any loop that listens to the same signals: each of them is told.
class SignalFlag {
 public:
  SignalFlag();  // may throw SetUpError
  ~SignalFlag();
  SignalFlag(const SignalFlag&) = delete;
  SignalFlag& operator=(const SignalFlag&) = delete;

  // Any thread. Once true it stays so.
  const std::atomic<bool>& raised() const { return raised_; }

 private:
  std::atomic<bool> raised_ = false;
  IoLoop loop_;
  LoopInbox inbox_;
  StopSignals signals_{loop_, [this] { raised_ = true; }};
  std::thread thread_;
};

}  // namespace sim
