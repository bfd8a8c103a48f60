#include "sim/measure/metrics/message_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// One client, an update each millisecond.
Plan updates_of_kiwi(int count) {
  HandPlan plan;
  plan.client("kiwi", 0);
  for (int i = 0; i < count; ++i) plan.update(0, at_ms(i));
  return plan;
}

// A herd of two servers, whose floods have two messages at most.
Scenario scenario_with(MessagesSpec messages) {
  Scenario scenario;
  scenario.herds = {small_herd(2, {{0, 1}})};
  scenario.messages = messages;
  return scenario;
}

TEST(MessageChoice, IsSpreadEvenly) {
  const Scenario scenario = scenario_with({false, {}, 10});
  EXPECT_THAT(choose_messages(scenario, 0, updates_of_kiwi(100)).updates,
              ElementsAre(10, 30, 50, 70, 90));
  EXPECT_THAT(choose_messages(scenario, 0, updates_of_kiwi(3)).updates, ElementsAre(0, 1, 2));
}

TEST(MessageChoice, HasTheFirstUpdateAfterEachEventOfTheHerd) {
  Scenario scenario = scenario_with({false, {}, 12});
  const auto after = [](int ms) { return Duration(std::chrono::microseconds(1000 * ms - 500)); };
  scenario.events = {{after(12), std::nullopt, HealEvent(), 0},
                     {after(40), 1, HealEvent(), 1},
                     {after(41), 0, HealEvent(), 2},
                     {after(500), 0, HealEvent(), 3}};
  EXPECT_THAT(choose_messages(scenario, 0, updates_of_kiwi(100)).updates,
              ElementsAre(12, 37, 41, 62, 87));
}

TEST(MessageChoice, LeavesRoomForOthersIfThereAreManyEvents) {
  Scenario scenario = scenario_with({false, {}, 8});
  for (std::uint32_t i = 0; i < 50; ++i) {
    scenario.events.push_back({std::chrono::milliseconds(i), 0, HealEvent(), i});
  }
  EXPECT_THAT(choose_messages(scenario, 0, updates_of_kiwi(100)).updates,
              ElementsAre(12, 25, 37, 75));
}

TEST(MessageChoice, HasOneUpdateAtLeastUnlessNoRowIsWanted) {
  const Plan plan = updates_of_kiwi(9);
  EXPECT_THAT(choose_messages(scenario_with({false, {}, 1}), 0, plan).updates, ElementsAre(4));
  EXPECT_TRUE(choose_messages(scenario_with({false, {}, 0}), 0, plan).empty());
  EXPECT_TRUE(choose_messages(scenario_with({}), 0, updates_of_kiwi(0)).empty());
}

TEST(MessageChoice, IsTheAuthorsOwn) {
  const Plan plan = updates_of_kiwi(9);
  EXPECT_TRUE(choose_messages(scenario_with({true, {}, 0}), 0, plan).all);
  EXPECT_THAT(choose_messages(scenario_with({false, {7, 2, 7}, 0}), 0, plan).updates,
              ElementsAre(2, 7));
}

}  // namespace
}  // namespace sim
