#include "sim/measure/metrics/undelivered_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/propagation.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A chain: S1 - S2 - S3.
HerdSpec chain() { return small_herd(3, {{0, 1}, {1, 2}}); }

std::vector<std::string> undelivered_texts(const ToyHerd& toy) {
  std::vector<std::string> out;
  const UpdateLedger ledger = toy.ledger();
  for (const UndeliveredRow& row : undelivered_rows(toy.outcome(), ledger)) {
    out.push_back((row.update ? std::to_string(*row.update) : "-") + " of " + row.client + " to S" +
                  std::to_string(row.server + 1) + ": " + std::string(row.reason) +
                  (row.undelivered ? ", undelivered" : ""));
  }
  return out;
}

TEST(UndeliveredRows, AreNoneIfEveryServerHadEverything) {
  ToyHerd toy(chain(), updates_of_kiwi(3));
  toy.all_up().play();
  EXPECT_THAT(undelivered_texts(toy), IsEmpty());
}

TEST(UndeliveredRows, NameTheCutAndTheNewerRecord) {
  ToyHerd toy(chain(), updates_of_kiwi(2));
  toy.all_up();
  toy.link_down(1, 2);
  toy.hear(0, 0);
  toy.settle();
  EXPECT_THAT(undelivered_texts(toy), ElementsAre("0 of kiwi to S3: cut_off, undelivered"));
  toy.link_up(1, 2);
  toy.hear(0, 1);
  toy.settle();
  EXPECT_THAT(undelivered_texts(toy), ElementsAre("0 of kiwi to S3: cut_off"));
}

TEST(UndeliveredRows, TellWhoseMessageWasLostAndWhoComesBehind) {
  ToyHerd toy(chain(), updates_of_kiwi(1));
  toy.all_up();
  toy.hear(0, 0);
  toy.link_down(0, 1);
  EXPECT_THAT(undelivered_texts(toy), ElementsAre("0 of kiwi to S2: lost, undelivered",
                                                  "0 of kiwi to S3: lost_on_way, undelivered"));
}

TEST(UndeliveredRows, TellWhatTheEndOfTheRunCaughtInFlight) {
  ToyHerd toy(chain(), updates_of_kiwi(1));
  toy.all_up();
  toy.hear(0, 0);
  toy.recorder.finish(toy.now);
  EXPECT_THAT(undelivered_texts(toy), ElementsAre("0 of kiwi to S2: in_flight, undelivered",
                                                  "0 of kiwi to S3: lost_on_way, undelivered"));
}

TEST(UndeliveredRows, NameTheServerThatWasDownAndTheOneThatForgot) {
  ToyHerd toy(chain(), updates_of_kiwi(2));
  toy.all_up();
  toy.hear(0, 0);
  toy.settle();
  toy.stop(2);
  toy.hear(0, 1);
  toy.settle();
  EXPECT_THAT(undelivered_texts(toy), ElementsAre("1 of kiwi to S3: server_down"));
  toy.start(2);
  EXPECT_THAT(undelivered_texts(toy), ElementsAre("0 of kiwi to S3: forgotten, undelivered",
                                                  "1 of kiwi to S3: server_down, undelivered"));
}

TEST(UndeliveredRows, NameTheSchemeThatLeftAServerOut) {
  ToyHerd toy(chain(), updates_of_kiwi(2));
  toy.all_up();
  toy.copies = [](std::uint32_t server, ToyHerd::From, std::uint32_t) { return server == 0; };
  toy.hear(0, 0);
  toy.settle();
  EXPECT_THAT(undelivered_texts(toy), ElementsAre("0 of kiwi to S3: not_sent, undelivered"));
  toy.copies = {};
  toy.hear(0, 1);
  toy.settle();
  EXPECT_THAT(undelivered_texts(toy), ElementsAre("0 of kiwi to S3: superseded"));
}

TEST(UndeliveredRows, NameTheFullQueue) {
  ToyHerd toy(chain(), updates_of_kiwi(1));
  toy.all_up();
  toy.copies = [](std::uint32_t, ToyHerd::From, std::uint32_t) { return 0; };
  toy.hear(0, 0);
  const std::string line =
      "AT S1 +0.000000000 kiwi " + location_text(toy.plan, toy.plan.updates[0]);
  std::string report = line + ' ';
  herd::append_time(report, client_time(toy.plan.updates[0], ToyHerd::kBase));
  toy.recorder.update_dropped(ToyHerd::id(0), toy.neighbor(0, 1), ToyHerd::view(report),
                              toy.moment());
  EXPECT_THAT(undelivered_texts(toy), ElementsAre("0 of kiwi to S2: dropped, undelivered",
                                                  "0 of kiwi to S3: fault, undelivered"));
}

TEST(UndeliveredRows, FindAMessageAgainThatWasNotLost) {
  ToyHerd toy(chain(), updates_of_kiwi(1));
  toy.end_up(2, 1);  // S2, which dialled, is not up yet, as a paused server is
  toy.hear(2, 0);
  toy.end_down(2, 1);
  EXPECT_FALSE(toy.recorder.missed().empty());
  toy.end_up(1, 2);
  EXPECT_TRUE(toy.recorder.missed().empty());
}

}  // namespace
}  // namespace sim
