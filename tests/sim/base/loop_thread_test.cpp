#include "sim/base/io/loop_thread.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace sim {
namespace {

// Counts without end on its loop, in an unguarded variable.
class Counter {
 public:
  explicit Counter(IoLoop& loop) : inbox_(loop) { count(); }
  long value() const { return value_; }
  long value_while(LoopThread& stands) const {
    stands.ask_to_stand();
    stands.wait_until_it_stands();
    const long value = value_;
    stands.go_on();
    return value;
  }

 private:
  void count() {
    ++value_;
    inbox_.post([this] { count(); });
  }

  LoopInbox inbox_;
  long value_ = 0;
};

TEST(LoopThread, StandsStillForAsLongAsItIsAsked) {
  LoopThread thread;
  Counter counter(thread.loop());
  thread.start();
  long last = counter.value_while(thread);
  for (int i = 0; i < 1000; ++i) {
    thread.ask_to_stand();
    thread.wait_until_it_stands();
    const long value = counter.value();
    EXPECT_GE(value, last);
    if (i % 100 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_EQ(counter.value(), value);
    last = value;
    thread.go_on();
  }
  while (counter.value_while(thread) == last) std::this_thread::yield();  // the loop continues
  thread.stop();
  EXPECT_GT(counter.value(), last);
}

TEST(LoopThread, WhatIsDoneToItWhileItStandsHappensOnItAfterwards) {
  LoopThread thread;
  thread.start();
  std::promise<std::thread::id> ran;
  thread.ask_to_stand();
  thread.wait_until_it_stands();
  thread.loop().defer([&] { ran.set_value(std::this_thread::get_id()); });
  thread.go_on();
  EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
}

TEST(LoopThread, StopsWhileItStandsAndTwice) {
  LoopThread thread;
  thread.start();
  thread.ask_to_stand();
  thread.wait_until_it_stands();
  thread.stop();
  thread.stop();
  thread.ask_to_stand();
  thread.wait_until_it_stands();
  thread.go_on();
}

TEST(LoopThread, IsNotStartedAndStandsOfItself) {
  LoopThread thread;
  thread.ask_to_stand();
  thread.wait_until_it_stands();
  thread.go_on();
  thread.stop();
  EXPECT_EQ(thread.cpu_s(), 0);
}

TEST(LoopThread, KnowsItsProcessorTimeWhileItRunsAndAfterwards) {
  LoopThread thread;
  Counter counter(thread.loop());
  thread.start();
  while (thread.cpu_s() <= 0) std::this_thread::yield();
  const double then = thread.cpu_s();
  thread.stop();
  EXPECT_GE(thread.cpu_s(), then);
}

}  // namespace
}  // namespace sim
