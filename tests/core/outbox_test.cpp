// Queues of records: when lines go out, and which records are in them.
#include "core/outbox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/batch_lines.h"
#include "core/random.h"
#include "core/schemes/source_tree.h"
#include "tests/core/fake_herd.h"
#include "tests/core/same_everywhere.h"
#include "tests/core/schemes/graphs.h"

namespace herd {
namespace {

using namespace std::chrono_literals;
using Mode = OutboxSpec::Mode;

constexpr NeighborId kTo{0};

// An outbox, and the lines that it sent: "10: 1 2" is a line with the places 1 and 2 at 10 ms.
class Posted {
 public:
  explicit Posted(const OutboxSpec& spec, std::size_t fit = 1'000)
      : fit_(fit),
        outbox(
            spec, 2,
            [this](NeighborId to, std::span<const std::uint32_t> places, Moment now) {
              const std::size_t sent = std::min(fit_, places.size());
              std::string line = std::to_string(now.run.time_since_epoch() / 1ms) + ":";
              for (const std::uint32_t each : places.first(sent))
                line += " " + std::to_string(each);
              if (to != kTo) line += " to the other";
              lines.push_back(line);
              if (on_line) on_line(now);
              return sent;
            },
            [this](NeighborId, std::size_t) { return room_at; }) {}

  static Moment at(int ms) { return {Instant{} + ms * 1ms, 0}; }
  // Lets the time pass up to this moment; the outbox wakes at each deadline.
  void pass(int ms) {
    for (auto due = outbox.deadline(); due && *due <= at(ms).run; due = outbox.deadline()) {
      outbox.time_reached({*due, 0});
    }
  }

 private:
  std::size_t fit_;

 public:
  Outbox outbox;
  std::vector<std::string> lines;
  Instant room_at = Instant::min();  // of both links
  std::function<void(Moment)> on_line;
};

using Lines = std::vector<std::string>;

TEST(Outbox, PaceSendsAFirstRecordAtOnceAndCollectsWhatFollows) {
  Posted posted({Mode::kPace, 100ms, 100, std::nullopt});
  posted.outbox.put(kTo, 1, Posted::at(10));
  posted.outbox.put(kTo, 2, Posted::at(30));
  posted.outbox.put(kTo, 3, Posted::at(109));
  EXPECT_EQ(posted.outbox.deadline(), Posted::at(110).run);
  posted.pass(1'000);
  posted.outbox.put(kTo, 4, Posted::at(1'000));
  EXPECT_EQ(posted.lines, (Lines{"10: 1", "110: 2 3", "1000: 4"}));
  EXPECT_TRUE(posted.outbox.is_empty());
  EXPECT_EQ(posted.outbox.deadline(), std::nullopt);
}

TEST(Outbox, DelayLetsEachLineWaitFromItsFirstRecordOn) {
  Posted posted({Mode::kDelay, 100ms, 100, std::nullopt});
  posted.outbox.put(kTo, 1, Posted::at(10));
  posted.outbox.put(kTo, 2, Posted::at(90));
  posted.pass(150);
  posted.outbox.put(kTo, 3, Posted::at(150));
  posted.pass(1'000);
  EXPECT_EQ(posted.lines, (Lines{"110: 1 2", "250: 3"}));
}

TEST(Outbox, ANewerRecordTakesThePlaceOfTheOlder) {
  Posted posted({Mode::kDelay, 100ms, 100, std::nullopt});
  EXPECT_TRUE(posted.outbox.put(kTo, 7, Posted::at(0)));
  EXPECT_TRUE(posted.outbox.put(kTo, 8, Posted::at(10)));
  EXPECT_FALSE(posted.outbox.put(kTo, 7, Posted::at(20)));
  posted.pass(1'000);
  EXPECT_EQ(posted.lines, (Lines{"100: 7 8"})) << "at the place that it had, and in its time";
}

TEST(Outbox, ALineHasAtMostMaxRecordsAndAsManyAsFit) {
  Posted three({Mode::kDelay, 100ms, 3, std::nullopt});
  Posted two({Mode::kPace, 100ms, 3, std::nullopt}, 2);
  for (std::uint32_t place = 0; place < 7; ++place) {
    three.outbox.put(kTo, place, Posted::at(0));
    two.outbox.put(kTo, place, Posted::at(0));
  }
  three.pass(1'000);
  two.pass(1'000);
  EXPECT_EQ(three.lines, (Lines{"100: 0 1 2", "100: 3 4 5", "100: 6"}));
  EXPECT_EQ(two.lines, (Lines{"0: 0", "100: 1 2", "200: 3 4", "300: 5 6"}));
}

// A link that takes 50 ms for a line, and lets no two wait.
TEST(Outbox, AWindowKeepsTheRestUntilTheLinkHasRoom) {
  Posted posted({Mode::kPace, 0ms, 1, 100});
  posted.on_line = [&](Moment now) { posted.room_at = now.run + 50ms; };
  for (std::uint32_t place = 0; place < 3; ++place) posted.outbox.put(kTo, place, Posted::at(0));
  EXPECT_EQ(posted.outbox.deadline(), Posted::at(50).run);
  EXPECT_FALSE(posted.outbox.put(kTo, 2, Posted::at(20))) << "it waits still";
  posted.pass(1'000);
  EXPECT_EQ(posted.lines, (Lines{"0: 0", "50: 1", "100: 2"}));
}

TEST(Outbox, AWindowOfALinkThatSaysNoTimeOpensWhenItIsAsked) {
  Posted posted({Mode::kPace, 0ms, 10, 100});
  posted.room_at = Instant::max();
  posted.outbox.put(kTo, 1, Posted::at(0));
  posted.outbox.put(kTo, 2, Posted::at(10));
  EXPECT_EQ(posted.outbox.deadline(), std::nullopt);
  posted.outbox.look_again(kTo, Posted::at(20));
  EXPECT_TRUE(posted.lines.empty());
  posted.room_at = Instant::min();
  posted.outbox.look_again(kTo, Posted::at(30));
  EXPECT_EQ(posted.lines, (Lines{"30: 1 2"}));
}

// The link became faster: the time that was planned is too late.
TEST(Outbox, AWindowMayOpenSoonerThanPlanned) {
  Posted posted({Mode::kPace, 0ms, 10, 100});
  posted.room_at = Posted::at(500).run;
  posted.outbox.put(kTo, 1, Posted::at(0));
  EXPECT_EQ(posted.outbox.deadline(), Posted::at(500).run);
  posted.room_at = Posted::at(200).run;
  posted.outbox.look_again(kTo, Posted::at(100));
  EXPECT_EQ(posted.outbox.deadline(), Posted::at(200).run);
  posted.pass(1'000);
  EXPECT_EQ(posted.lines, (Lines{"200: 1"}));
}

TEST(Outbox, WhatTheNeighbourHoldsIsTakenOut) {
  Posted posted({Mode::kDelay, 100ms, 100, std::nullopt});
  for (std::uint32_t place = 0; place < 5; ++place) posted.outbox.put(kTo, place, Posted::at(0));
  posted.outbox.put(NeighborId{1}, 3, Posted::at(0));
  for (const std::uint32_t place : {0U, 3U, 4U}) {
    EXPECT_TRUE(posted.outbox.take_out(kTo, place));
    EXPECT_FALSE(posted.outbox.take_out(kTo, place));
  }
  // It may get in again, at the end.
  posted.outbox.put(kTo, 0, Posted::at(50));
  posted.pass(1'000);
  EXPECT_EQ(posted.lines, (Lines{"100: 1 2 0", "100: 3 to the other"}));
}

TEST(Outbox, AQueueOfALinkThatIsDownIsDropped) {
  Posted posted({Mode::kDelay, 100ms, 100, std::nullopt});
  for (std::uint32_t place = 0; place < 4; ++place) posted.outbox.put(kTo, place, Posted::at(0));
  posted.outbox.take_out(kTo, 1);
  EXPECT_EQ(posted.outbox.drop(kTo), (std::vector<std::uint32_t>{0, 2, 3}));
  EXPECT_TRUE(posted.outbox.is_empty());
  posted.pass(1'000);
  EXPECT_EQ(posted.lines, Lines{});
}

// Against a list that is searched from the front.
TEST(Outbox, IsAQueueWithoutWhatWasTakenOut) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed, "steps");
    Posted posted({Mode::kDelay, 10ms, 4, std::nullopt});
    std::vector<std::uint32_t> model;
    Lines want;
    int now = 0;
    for (int step = 0; step < 200; ++step) {
      const auto place = static_cast<std::uint32_t>(random.below(8));
      const auto at = std::find(model.begin(), model.end(), place);
      switch (random.below(4)) {
        case 0:
          EXPECT_EQ(posted.outbox.take_out(kTo, place), at != model.end());
          if (at != model.end()) model.erase(at);
          break;
        case 1:
          // All that waits goes out.
          now += 100;
          posted.pass(now);
          model.clear();
          EXPECT_TRUE(posted.outbox.is_empty());
          break;
        default:
          EXPECT_EQ(posted.outbox.put(kTo, place, Posted::at(now)), at == model.end());
          if (at == model.end()) model.push_back(place);
          break;
      }
      EXPECT_EQ(posted.outbox.is_empty(), model.empty());
    }
    const std::vector<std::uint32_t> left = posted.outbox.drop(kTo);
    EXPECT_EQ(left, model) << "seed " << seed;
  }
}

TEST(BatchLines, AreReadAsTheAtLinesThatTheyMean) {
  const std::string at[] = {"AT Alford +0.5 kiwi +34.068930-118.445127 1479413884.5",
                            "AT Ball -0.25 phone +34-118 0"};
  std::string line;
  for (const std::string& each : at) {
    append_to_batch(line, std::get<RecordView>(parse_link_line(each)));
  }
  EXPECT_EQ(line,
            "ATS Alford +0.5 kiwi +34.068930-118.445127 1479413884.5 Ball -0.25 phone +34-118 0");
  ASSERT_TRUE(is_batch_line(line));
  std::vector<std::string> read{"something", "else", "here"};
  EXPECT_EQ(parse_batch(line, read), std::nullopt);
  EXPECT_EQ(read, std::vector<std::string>(std::begin(at), std::end(at)));
}

TEST(BatchLines, WithAnythingWrongHaveNoRecord) {
  const std::string good = " Ball -0.25 phone +34-118 0";
  for (const std::string& line :
       {std::string("ATS"), "ATS" + good + " Ball", "ATS" + good + " Ball -0.25 phone +34-118",
        "ATS" + good + " B@ll -0.25 phone +34-118 0", "ATS" + good + " Ball 0.25 phone +34-118 0",
        "ATS" + good + " Ball -0.25 phone +34 0", "ATS" + good + " Ball -0.25 phone +34-118 x"}) {
    std::vector<std::string> read;
    EXPECT_NE(parse_batch(line, read), std::nullopt) << line;
    EXPECT_EQ(read.size(), 0U);
  }
}

// Whatever the wait, every server ends with the same records; and no more goes out than without.
TEST(ServersWithAnOutbox, TellAllTheyTake) {
  for (const Scheme& scheme : {Scheme::kFloodEcho, Scheme::kFlood, Scheme(kSourceTreeInfo)}) {
    for (const Mode mode : {Mode::kPace, Mode::kDelay}) {
      FakeHerd herd(6, complete(6), scheme, any_delivery(3));
      herd.collect({mode, 50ms, 4, std::nullopt});
      herd.start();
      for (std::uint32_t i = 0; i < 200; ++i) {
        herd.say(i % 6, report(i % 15, i));
        if (i % 3 == 0) herd.deliver_one();
        if (i % 20 == 0) herd.advance(10ms);
      }
      herd.settle();
      herd.advance(5s);
      expect_same_everywhere(herd);
      EXPECT_EQ(herd.knowledge(0), newest_of(herd.heard()));
      for (std::uint32_t i = 0; i < 6; ++i) EXPECT_TRUE(herd.server(i).is_quiet());
      const auto& [batches, in_batches, replaced] = herd.collected();
      EXPECT_GT(batches, 0U);
      EXPECT_GE(in_batches, 2 * batches);
      EXPECT_GT(replaced, 0U);
    }
  }
}

TEST(ServersWithAnOutbox, RefuseALineWithABadRecordWhole) {
  FakeHerd herd(3, complete(3), Scheme::kFlood, any_delivery(1));
  herd.collect({Mode::kPace, 50ms, 4, std::nullopt});
  herd.start();
  herd.expect_refused(1, 2, "ATS S2 +0.5 kiwi +34-118 1 S2 +0.5 phone +34-118 x");
  EXPECT_EQ(herd.server(2).records().size(), 0U);
  herd.say_on_link(1, 2, "ATS S2 +0.5 kiwi +34-118 1 S2 +0.5 phone +34-118 2");
  EXPECT_EQ(herd.server(2).records().size(), 2U);
}

TEST(ServersWithoutAnOutbox, DoNotKnowTheLine) {
  FakeHerd herd(3, complete(3), Scheme::kFlood, any_delivery(1));
  herd.start();
  herd.expect_refused(1, 2, "ATS S2 +0.5 kiwi +34-118 1");
}

}  // namespace
}  // namespace herd
