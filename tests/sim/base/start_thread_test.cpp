#include "sim/base/io/start_thread.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <latch>
#include <string>

#include "sim/base/io/set_up_error.h"
#include "tests/sim/base/child_process.h"

namespace sim {
namespace {

// From now on the process can start no thread: no address space has room for its stack.
void refuse_threads() {
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, std::size_t{1} << 46);
  ::pthread_setattr_default_np(&attributes);
  ::pthread_attr_destroy(&attributes);
}

TEST(StartThread, RunsTheWork) {
  bool done = false;
  start_thread([&] { done = true; }).join();
  EXPECT_TRUE(done);
}

TEST(StartThread, SaysThatTheMachineHasNoRoom) {
  EXPECT_EQ(in_child([] {
              refuse_threads();
              try {
                start_thread([] {}).join();
              } catch (const SetUpError& error) {
                return std::string(error.what()).find("cannot start a thread: ") == 0 ? 0 : 1;
              }
              return 2;
            }),
            0);
}

TEST(StartThread, WorkIsSharedByAsManyThreadsAsAskedFor) {
  std::latch all(4);
  run_on_threads(4, [&] { all.arrive_and_wait(); });  // else it hangs
  std::atomic<int> calls = 0;
  for (const std::size_t count : {0U, 1U, 2U}) run_on_threads(count, [&] { ++calls; });
  EXPECT_EQ(calls, 4);
}

TEST(StartThread, WorkIsDoneByOneThreadIfThereIsNoRoomForMore) {
  EXPECT_TRUE(can_start_threads(3));
  EXPECT_EQ(in_child([] {
              refuse_threads();
              if (can_start_threads(1)) return 1;
              std::atomic<int> calls = 0;
              run_on_threads(4, [&] { ++calls; });
              return calls == 1 ? 0 : 2;
            }),
            0);
}

}  // namespace
}  // namespace sim
