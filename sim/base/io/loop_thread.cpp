#include "sim/base/io/loop_thread.h"

#include <pthread.h>

#include <ctime>

#include "sim/base/io/start_thread.h"

namespace sim {

void LoopThread::start() {
  thread_ = start_thread([this] { loop_.run(); });
}

void LoopThread::ask_to_stand() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  inbox_.post([this] { stand(); });
}

void LoopThread::wait_until_it_stands() {
  if (!thread_.joinable()) return;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stands_; });
}

void LoopThread::go_on() {
  {
    const std::lock_guard lock(mutex_);
    asked_ = false;
  }
  changed_.notify_all();
}

void LoopThread::stand() {
  std::unique_lock lock(mutex_);
  // If the owner asks again before the thread has woken, the thread still stands.
  if (!asked_) return;
  stands_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !asked_; });
  stands_ = false;
  if (ending_) loop_.stop();
}

void LoopThread::stop() {
  if (!thread_.joinable()) return;
  ask_to_stand();
  wait_until_it_stands();
  cpu_s_ = cpu_s();
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  go_on();
  thread_.join();
}

double LoopThread::cpu_s() const {
  if (!thread_.joinable()) return cpu_s_;
  clockid_t clock{};
  timespec spent{};
  // The thread's handle is valid until join().
  if (pthread_getcpuclockid(const_cast<std::thread&>(thread_).native_handle(), &clock) != 0 ||
      clock_gettime(clock, &spent) != 0) {
    return 0;
  }
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

}  // namespace sim
