#include "sim/base/process/last_words.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/precise_timer.h"
#include "sim/base/io/start_thread.h"

namespace sim {
namespace {

using LastWordsDeathTest = testing::Test;

TEST(LastWords, AreThoseOfTheError) {
  EXPECT_STREQ(words_of(std::runtime_error("no room")), "no room");
  EXPECT_STREQ(words_of(std::bad_alloc()), "out of memory");
}

TEST_F(LastWordsDeathTest, OfAnExceptionThatLeavesAThread) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        end_with_last_words("prog", 7);
        start_thread([] { throw std::bad_alloc(); }).join();
      },
      testing::ExitedWithCode(7), "^prog: cannot go on: out of memory\n$");
}

TEST_F(LastWordsDeathTest, OfAnExceptionThatLeavesACallback) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        end_with_last_words("prog", 7);
        try {
          IoLoop loop;
          loop.defer([] { throw std::runtime_error("no room"); });
          loop.run();
        } catch (const std::exception&) {
          // Too far: libuv's own functions were left in between.
        }
      },
      testing::ExitedWithCode(7), "^prog: cannot go on: no room\n$");
}

TEST_F(LastWordsDeathTest, OfALoopThatTheKernelRefusesAWatch) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        end_with_last_words("prog", 7);
        IoLoop loop;
        const PreciseTimer timer(
            loop, [] {}, PreciseTimer::Wake::kEasy);
        ::close(uv_backend_fd(loop.uv()));
        loop.run();
      },
      testing::ExitedWithCode(7), "^prog: cannot go on: the event loop gave up: bad file desc");
}

TEST_F(LastWordsDeathTest, AMistakeOfTheProgramStaysASignal) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        end_with_last_words("prog", 7);
        IoLoop loop;
        loop.defer([] { std::abort(); });
        loop.run();
      },
      testing::KilledBySignal(SIGABRT), "^$");
}

}  // namespace
}  // namespace sim
