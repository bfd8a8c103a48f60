#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "sim/app/cli/stop_signals.h"

namespace sim {
namespace {

TEST(SignalFlag, IsRaisedByEachSignalThatTellsToStop) {
  for (const int which : {SIGINT, SIGTERM, SIGHUP}) {
    const SignalFlag flag;
    EXPECT_FALSE(flag.raised());
    ::kill(::getpid(), which);
    while (!flag.raised()) std::this_thread::yield();  // if it is never raised, the test times out
  }
}

TEST(SignalFlag, EveryFlagIsRaised) {
  const SignalFlag one;
  const SignalFlag other;
  ::kill(::getpid(), SIGTERM);
  while (!one.raised() || !other.raised()) std::this_thread::yield();
}

TEST(SignalFlag, ASignalEndsTheProcessWhereNoFlagIs) {
  EXPECT_EXIT(
      {
        { const SignalFlag gone; }
        ::kill(::getpid(), SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace sim
