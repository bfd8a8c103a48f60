// A loop and the thread that runs it. Another thread, the owner, can pause the loop between two
// callbacks. While the loop is paused, the owner may read and change all objects on it, as in a
// callback.
//
// Only the owner's thread may call these functions.
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
  // ask_to_stand() requests a pause, wait_until_it_stands() waits for it, and go_on() ends it. To
  // pause several loops, ask all of them first, and then wait for each.
  void ask_to_stand();
  void wait_until_it_stands();
  void go_on();
  // Ends the loop after its current turn, and ends the thread.
  void stop();

  // Returns the processor time of the thread in seconds.
  double cpu_s() const;

 private:
  void stand();

  IoLoop loop_;
  LoopInbox inbox_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false, stands_ = false, ending_ = false;  // guarded by mutex_
  double cpu_s_ = 0;                                      // set when the thread has ended
  std::thread thread_;
};

}  // namespace sim
