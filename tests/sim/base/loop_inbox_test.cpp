#include "sim/base/io/loop_inbox.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace sim {
namespace {

TEST(LoopInbox, RunsOnTheLoopsThreadInTheOrderOfPosting) {
  IoLoop loop;
  LoopInbox inbox(loop);
  constexpr int kActions = 20'000;
  std::vector<int> done;
  const auto own = std::this_thread::get_id();
  bool elsewhere = false;
  std::thread poster([&] {
    for (int i = 0; i < kActions; ++i) {
      inbox.post([&, i] {
        elsewhere = elsewhere || std::this_thread::get_id() != own;
        done.push_back(i);
      });
    }
    inbox.post([&] { loop.stop(); });
  });
  loop.run();
  poster.join();
  EXPECT_FALSE(elsewhere);
  ASSERT_EQ(done.size(), static_cast<std::size_t>(kActions));
  for (int i = 0; i < kActions; ++i) ASSERT_EQ(done[static_cast<std::size_t>(i)], i);
}

TEST(LoopInbox, KeepsEachPostersOrder) {
  IoLoop loop;
  LoopInbox inbox(loop);
  constexpr std::size_t kPosters = 4, kActions = 2000;
  std::vector<std::vector<std::size_t>> done(kPosters);
  std::size_t ended = 0;
  std::vector<std::thread> posters;
  for (std::size_t p = 0; p < kPosters; ++p) {
    posters.emplace_back([&, p] {
      for (std::size_t i = 0; i < kActions; ++i) inbox.post([&, p, i] { done[p].push_back(i); });
      inbox.post([&] {
        if (++ended == kPosters) loop.stop();
      });
    });
  }
  loop.run();
  for (std::thread& poster : posters) poster.join();
  for (const auto& each : done) {
    ASSERT_EQ(each.size(), kActions);
    for (std::size_t i = 0; i < kActions; ++i) ASSERT_EQ(each[i], i);
  }
}

TEST(LoopInbox, TakesWhatIsPostedBeforeTheLoopRunsAndFromWithin) {
  IoLoop loop;
  LoopInbox inbox(loop);
  std::vector<int> done;
  inbox.post([&] {
    done.push_back(1);
    inbox.post([&] {
      done.push_back(3);
      loop.stop();
    });
    done.push_back(2);
  });
  EXPECT_TRUE(done.empty());
  loop.run();
  EXPECT_EQ(done, (std::vector<int>{1, 2, 3}));
}

TEST(LoopInbox, DropsWhatIsLeftWhenItGoes) {
  IoLoop loop;
  const auto held = std::make_shared<int>(0);
  {
    LoopInbox inbox(loop);
    inbox.post([held] { ++*held; });
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
  for (int i = 0; i < 5; ++i) uv_run(loop.uv(), UV_RUN_NOWAIT);
  EXPECT_EQ(*held, 0);
}

}  // namespace
}  // namespace sim
