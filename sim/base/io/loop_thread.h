// A loop and the thread that runs it. Another thread, the owner, may have it stand still between
// two callbacks: for so long all that lives on the loop is the owner's, to look at and to change,
// as it would be in a callback.
//
// Everything but what lives on the loop is the owner's thread's only.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/loop_inbox.h"

namespace sim {

class LoopThread {
 public:
  LoopThread() : inbox_(loop_) {}
  ~LoopThread() { stop(); }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  IoLoop& loop() { return loop_; }

  // To be called once. Before it, and after stop(), the loop stands still of itself. Throws
  // SetUpError.
  void start();
  // Who has several stand still asks all of them first, and then waits for each.
  void ask_to_stand();
  void wait_until_it_stands();
  void go_on();
  // Ends the loop after the turn that it is in, and the thread.
  void stop();

  // The processor time, in seconds, that the thread has taken.
  double cpu_s() const;

 private:
  void stand();

  IoLoop loop_;
  LoopInbox inbox_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false, stands_ = false, ending_ = false;  // guarded by mutex_
  double cpu_s_ = 0;                                      // once it has ended
  std::thread thread_;
};

}  // namespace sim
