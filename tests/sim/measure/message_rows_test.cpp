#include "sim/measure/metrics/message_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/propagation.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using testing::ElementsAre;

std::vector<std::string> message_texts(const ToyHerd& toy) {
  std::vector<std::string> out;
  const auto ns = [](herd::Instant at) { return std::to_string(at.time_since_epoch().count()); };
  const UpdateLedger ledger = toy.ledger();
  for (const MessageRow& row : message_rows(toy.outcome(), ledger)) {
    out.push_back(std::to_string(row.update) + ": " + std::to_string(row.from) + '>' +
                  std::to_string(row.to) + ' ' + ns(row.sent) + '-' +
                  (row.received ? ns(*row.received) : "") + ' ' + std::to_string(row.hops) + ' ' +
                  std::string(to_string(row.kind)) + (row.echo ? " echo" : "") +
                  (row.repair ? " repair" : ""));
  }
  return out;
}

TEST(MessageRows, HaveAFloodWithItsEchoes) {
  ToyHerd toy(small_herd(3, {{0, 1}, {1, 2}}), updates_of_kiwi(1));
  toy.all_up().play();
  EXPECT_THAT(message_texts(toy),
              ElementsAre("0: 0>1 0-1000 1 delivery", "0: 1>0 1000-2000 2 duplicate echo",
                          "0: 1>2 1000-3000 2 delivery", "0: 2>1 3000-4000 3 duplicate echo"));
}

TEST(MessageRows, TellWhatIsLostRepairedStaleAndAppliedAgain) {
  ToyHerd toy(small_herd(2, {{0, 1}}, herd::Scheme::kFlood), updates_of_kiwi(2));
  toy.all_up();
  toy.hear(0, 0);
  toy.hear(1, 1);
  toy.deliver(0, 1);  // S2 holds the second update
  toy.link_down(0, 1);
  toy.link_up(0, 1);
  toy.repair(1, 0, "kiwi");
  toy.settle();
  toy.stop(1);
  toy.start(1);
  toy.repair(0, 1, "kiwi");
  toy.settle();
  EXPECT_THAT(message_texts(toy),
              ElementsAre("0: 0>1 0-1000 1 stale", "1: 1>0 0- 1 lost",
                          "1: 1>0 1000-2000 1 delivery repair", "1: 0>1 2000-3000 2 again repair"));
}

TEST(MessageRows, HaveWhatWasNotLostAfterAll) {
  ToyHerd toy(small_herd(2, {{0, 1}}, herd::Scheme::kFlood), updates_of_kiwi(1));
  toy.end_up(1, 0);  // S1, which dialled, is not up yet
  toy.hear(1, 0);
  toy.end_down(1, 0);
  EXPECT_THAT(message_texts(toy), ElementsAre("0: 1>0 0- 1 lost"));
  toy.end_up(0, 1);
  toy.deliver(1, 0);
  EXPECT_THAT(message_texts(toy), ElementsAre("0: 1>0 0-1000 1 delivery"));
}

TEST(MessageRows, HaveTheChosenUpdatesOnly) {
  ToyHerd toy(small_herd(2, {{0, 1}}, herd::Scheme::kFlood), updates_of_kiwi(3));
  toy.recorder.choose({false, {1}});
  toy.recorder.begin(toy.zero, std::chrono::seconds(1), toy.plan, ToyHerd::kBase);
  toy.all_up().play();
  EXPECT_THAT(message_texts(toy), ElementsAre("1: 0>1 1000-2000 1 delivery"));
}

}  // namespace
}  // namespace sim
