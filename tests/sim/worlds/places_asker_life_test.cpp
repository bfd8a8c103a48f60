// A PlacesAsker that is asked or closed from within an answer, or destroyed.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/sim/worlds/places_asker_test_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

TEST(PlacesAsker, AskingAgainFromWithinAnAnswer) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = server->url()});
    asking.on_answer = [&](std::uint64_t id) {
      if (id < 20) asking.ask(id + 1);
    };
    asking.ask(1);
    asking.await(20);
    EXPECT_EQ(server->counts().requests, 20U);
  }
  loop.close(*server);
}

TEST(PlacesAsker, ARefusedAskRepeatedForEverLeavesTheLoopAlive) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 5ms}});
  {
    Asking asking(loop, {.base_url = server->url(), .max_transfers = 1, .max_queue = 0});
    asking.on_answer = [&](std::uint64_t id) {
      if (id != 1 && !asking.answers.contains(1)) asking.ask(id + 1);
    };
    asking.ask(1, location(1));
    asking.ask(2, location(2));
    loop.run_until([&] { return asking.answers.contains(1); });
    EXPECT_EQ(asking.answers[1].status, "OK");
    loop.run_until([&] { return asking.answers.rbegin()->first > 2; });
  }
  loop.close(*server);
}

TEST(PlacesAsker, ClosesWithQuestionsUnderWay) {
  const std::size_t before = count_descriptors();
  {
    TestLoop loop;
    const auto server = serve(loop, {.faults = {.latency = 1h}});
    {
      Asking asking(loop, {.base_url = server->url()});
      const std::size_t inheritable = count_inheritable();
      for (int i = 0; i < 100; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
      loop.run_until([&] { return server->counts().requests == 32; });
      EXPECT_GE(count_descriptors(), before + 64);
      EXPECT_EQ(count_inheritable(), inheritable);
      loop.close(*asking.asker);
      asking.ask(1000);  // too late, and no harm
      EXPECT_TRUE(asking.answers.empty());
      asking.asker.reset();
    }
    loop.close(*server);
  }
  EXPECT_EQ(count_descriptors(), before);
}

TEST(PlacesAsker, ClosesFromWithinAnAnswer) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = server->url()});
    bool closed = false;
    asking.on_answer = [&](std::uint64_t) {
      asking.asker->close([&] { closed = true; });
      asking.asker.reset();
    };
    for (int i = 0; i < 10; ++i) asking.ask(static_cast<std::uint64_t>(i));
    loop.run_until([&] { return closed; });
    EXPECT_EQ(asking.answers.size(), 1U);
  }
  loop.close(*server);
}

TEST(PlacesAsker, MayBeDestroyedAtAnyMoment) {
  const std::size_t before = count_descriptors();
  {
    TestLoop loop;
    const auto server = serve(loop);
    for (const std::string host : {"127.0.0.1", "localhost"}) {
      for (int turns = 0; turns < 8; ++turns) {
        Asking asking(loop, {.base_url = "http://" + host + ":" + std::to_string(server->port())});
        for (int i = 0; i < 3; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
        for (int i = 0; i < turns; ++i) uv_run(loop.get(), UV_RUN_NOWAIT);
        asking.asker.reset();
        for (int i = 0; i < 50; ++i) uv_run(loop.get(), UV_RUN_NOWAIT);
      }
    }
    loop.close(*server);
  }
  EXPECT_EQ(count_descriptors(), before);
}

}  // namespace
}  // namespace sim
