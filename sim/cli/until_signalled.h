// How commands hear that they are told to stop: by SIGINT, SIGTERM or SIGHUP.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "sim/io/io_loop.h"
#include "sim/io/loop_inbox.h"

namespace sim {

class StopSignals;

// Runs the loop until it is told to stop.
void run_until_signalled(IoLoop& loop);

// While it lives the signals do not end the process, but set a flag. It listens on a thread of its
// own, beside any loop that listens to the same signals: each of them is told.
class SignalFlag {
 public:
  SignalFlag();
  ~SignalFlag();
  SignalFlag(const SignalFlag&) = delete;
  SignalFlag& operator=(const SignalFlag&) = delete;

  // Any thread. Once true it stays so.
  const std::atomic<bool>& raised() const { return raised_; }

 private:
  std::atomic<bool> raised_ = false;
  IoLoop loop_;
  LoopInbox inbox_;
  std::unique_ptr<StopSignals> signals_;
  std::thread thread_;
};

}  // namespace sim
