#include "sim/worlds/virtual/pipes.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "core/parse.h"
#include "sim/worlds/virtual/virtual_tasks.h"

namespace sim {
namespace {

using std::chrono::milliseconds;

// Writes down what comes out, with its moment in milliseconds.
class PipesTest : public testing::Test, private PipeReceiver {
 protected:
  explicit PipesTest(bool as_text = false) : pipes(loop, *this, as_text) {}

  std::string play() {
    while (!loop.idle()) loop.run_next();
    return std::exchange(came_, {});
  }
  void at(int ms, std::function<void()> act) {
    tasks.at(herd::Instant(milliseconds(ms)), 0, std::move(act));
  }

  VirtualLoop loop;
  VirtualTasks tasks{loop};
  Pipes pipes;
  bool take = true;  // else what comes out is kept, undone
  std::vector<std::pair<PipeId, Piece>> kept;

 private:
  void arrived(PipeId pipe, PipeEnd end, Piece piece) override {
    came_ += std::to_string(loop.now().time_since_epoch() / milliseconds(1)) + " " +
             std::to_string(end.connection) + " ";
    switch (piece.kind()) {
      case Piece::Kind::kReport:
        came_ += pipes.as_text() ? std::string(pipes.report(piece).kept->ended_line())
                                 : "[" + std::string(pipes.report(piece).line) + "]";
        break;
      case Piece::Kind::kText:
        came_ += std::string(pipes.text(piece));
        break;
      case Piece::Kind::kEnd:
        came_ += "END";
        break;
    }
    came_ += ";";
    if (take) return pipes.done(pipe, piece);
    kept.emplace_back(pipe, piece);
  }
  void prefetch_report(PipeEnd, const herd::KeptReport&) override {}

  std::string came_;
};

TEST_F(PipesTest, ANumberIsUsedAgainByAPipeToTheSameServerOnly) {
  const PipeId a = pipes.open({0, 1});
  const PipeId b = pipes.open({1, 1});
  for (const PipeId each : {a, b}) {
    pipes.shut(each);
    pipes.leave(each);
  }
  EXPECT_EQ(pipes.open({1, 2}), b);
  EXPECT_GT(pipes.open({1, 3}), b);
  EXPECT_EQ(pipes.open({0, 2}), a);
}

// On each pipe, lines that went in at 0 and 10 ms over a latency of 4 ms.
TEST_F(PipesTest, OfLinesThatAreAccountedForLateOnlyTheOneInFlightComesOut) {
  for (const int ms : {13, 14, 15}) {
    const PipeId pipe = pipes.open({0, static_cast<std::uint32_t>(ms)});
    pipes.set_path(pipe, PipePath(milliseconds(4)));
    at(ms, [this, pipe] {
      pipes.send_late(pipe, "late", "", 2, herd::Instant(milliseconds(10)));
      pipes.send_text(pipe, "next", "");
      EXPECT_EQ(pipes.bytes_sent(pipe), 3U * 4U);
    });
  }
  // At 14 ms the tasks come before what comes out of pipes.
  EXPECT_EQ(play(), "14 13 late;14 14 late;17 13 next;18 14 next;19 15 next;");
}

TEST_F(PipesTest, WithoutLatencyALateLineComesOutInTheStepAfterItsOwn) {
  const PipeId pipe = pipes.open({0, 1});
  at(10, [this, pipe] {
    EXPECT_FALSE(pipes.has_come_out(pipe, loop.now()));
    pipes.send_late(pipe, "late", "", 1, loop.now());
    pipes.send_text(pipe, "next", "");
  });
  EXPECT_EQ(play(), "10 1 late;10 1 next;");
  EXPECT_TRUE(pipes.has_come_out(pipe, herd::Instant(milliseconds(9))));
}

TEST_F(PipesTest, OfWhatArrivesAtOneMomentThePipeThatWasOpenedFirstComesFirst) {
  const PipeId a = pipes.open({0, 1});
  const PipeId b = pipes.open({0, 2});
  pipes.set_path(a, PipePath(milliseconds(1)));
  pipes.set_path(b, PipePath(milliseconds(2)));
  at(1, [&] { pipes.send_text(b, "b", ""); });
  at(2, [&] { pipes.send_text(a, "a", ""); });
  EXPECT_EQ(play(), "3 1 a;3 2 b;");
}

TEST_F(PipesTest, TakeTheirTimeAndKeepOrder) {
  const PipeId a = pipes.open({0, 1});
  const PipeId b = pipes.open({0, 2});
  pipes.set_path(a, PipePath(milliseconds(10)));
  pipes.send_text(a, "one", "!");
  at(3, [&] {
    pipes.set_path(a, PipePath(milliseconds(1)));
    pipes.send_text(a, "two", "!");  // would be there at 4, before what was said before
    pipes.send_text(b, "three", "!");
    pipes.send_end(a);
  });
  EXPECT_EQ(play(), "3 2 three!;10 1 one!;10 1 two!;10 1 END;");
  EXPECT_EQ(pipes.bytes_sent(a), 8U);
  EXPECT_EQ(pipes.bytes_in_flight(a), 0U);
}

TEST_F(PipesTest, HoldWhatTheyCarry) {
  const PipeId pipe = pipes.open({0, 1});
  pipes.set_path(pipe, PipePath(milliseconds(2)));
  at(0, [&] {
    pipes.hold(pipe);
    pipes.send_text(pipe, "a", "");
    pipes.send_text(pipe, "b", "");
  });
  at(5, [&] { pipes.send_text(pipe, "c", ""); });
  at(6, [&] {
    EXPECT_EQ(pipes.bytes_in_flight(pipe), 3U);
    pipes.release(pipe);
  });
  EXPECT_EQ(play(), "6 1 a;6 1 b;7 1 c;");
}

TEST_F(PipesTest, ReleaseWhatIsLateBeforeWhatIsOnTime) {
  const PipeId pipe = pipes.open({0, 1});
  at(0, [&] {
    pipes.hold(pipe);
    pipes.send_text(pipe, "a", "");
  });
  pipes.set_path(pipe, PipePath(milliseconds(5)));
  at(1, [&] { pipes.send_text(pipe, "b", ""); });  // comes at 6, added before the release
  at(6, [&] { pipes.release(pipe); });
  EXPECT_EQ(play(), "6 1 a;6 1 b;");
}

// A byte takes a millisecond at 8 kbit/s.
LinkConditions of_bandwidth(double bits_per_second) {
  LinkConditions conditions;
  conditions.bandwidth_bps = bits_per_second;
  return conditions;
}

TEST_F(PipesTest, ALimitThatIsLiftedFreesWhatWaits) {
  LinkModel model(1, "narrow", of_bandwidth(8e3));
  const PipeId pipe = pipes.open({0, 1});
  pipes.send_text(pipe, "before", "");
  pipes.set_path(pipe, PipePath(model));
  at(0, [&] {
    pipes.send_text(pipe, "0123456789", "");
    pipes.send_text(pipe, "queued", "");
    pipes.send_text(pipe, "too", "");
  });
  at(5, [&] {
    pipes.move(pipe, model.set(of_bandwidth(16e3), loop.now()));  // twice as fast
    pipes.send_text(pipe, "new", "");
  });
  at(9, [&] {
    pipes.move(pipe, model.set({}, loop.now()));
    pipes.send_text(pipe, "free", "");
  });
  EXPECT_EQ(play(), "0 1 before;7 1 0123456789;9 1 queued;9 1 too;9 1 new;9 1 free;");
  EXPECT_EQ(pipes.bytes_in_flight(pipe), 0U);
  pipes.leave(pipe);
  pipes.shut(pipe);
  EXPECT_EQ(pipes.open({0, 2}), pipe) << "all of its events are over";
}

TEST_F(PipesTest, ALimitThatGetsLowerHoldsUpWhatWaits) {
  LinkModel model(1, "narrow", of_bandwidth(8e3));
  const PipeId pipe = pipes.open({0, 1});
  pipes.set_path(pipe, PipePath(model));
  at(0, [&] {
    pipes.send_text(pipe, "01", "");
    pipes.send_text(pipe, "2345", "");
  });
  at(4, [&] { pipes.move(pipe, model.set(of_bandwidth(4e3), loop.now())); });
  EXPECT_EQ(play(), "2 1 01;8 1 2345;");
}

TEST_F(PipesTest, AQueueOvertakesNothingFromBeforeIt) {
  LinkConditions slow;
  slow.latency = milliseconds(10);
  LinkModel model(1, "narrow", slow);
  const PipeId pipe = pipes.open({0, 1});
  pipes.set_path(pipe, PipePath(model));
  at(0, [&] { pipes.send_text(pipe, "slow", ""); });
  at(1, [&] {
    pipes.move(pipe, model.set(of_bandwidth(8e6), loop.now()));
    pipes.send_text(pipe, "queued", "");
  });
  at(2, [&] {
    pipes.move(pipe, model.set({}, loop.now()));
    pipes.send_text(pipe, "free", "");
  });
  EXPECT_EQ(play(), "10 1 slow;10 1 queued;10 1 free;");
}

// What was lost holds up nothing.
TEST_F(PipesTest, AQueueDoesNotWaitForWhatIsLost) {
  LinkConditions slow = of_bandwidth(8e6);
  slow.latency = milliseconds(10);
  LinkModel model(1, "narrow", slow);
  const PipeId pipe = pipes.open({0, 1});
  pipes.send_text(pipe, "before", "");
  pipes.set_path(pipe, PipePath(milliseconds(20)));
  at(1, [&] {
    pipes.send_text(pipe, "lost", "");
    pipes.set_path(pipe, PipePath(model));
    pipes.send_text(pipe, "lost", "");
    pipes.lose(pipe);
    pipes.set_path(pipe, PipePath(model));
    pipes.send_text(pipe, "next", "");
  });
  at(2, [&] { pipes.move(pipe, model.set(of_bandwidth(16e6), loop.now())); });
  EXPECT_EQ(play(), "0 1 before;11 1 next;");
}

TEST_F(PipesTest, AQueueIsLostAndHeldLikeAllElse) {
  LinkModel model(1, "narrow", of_bandwidth(8e3));
  const PipeId pipe = pipes.open({0, 1});
  pipes.set_path(pipe, PipePath(model));
  at(0, [&] {
    pipes.send_text(pipe, "lost", "");
    pipes.lose(pipe);
    EXPECT_EQ(pipes.bytes_in_flight(pipe), 0U);
    pipes.set_path(pipe, PipePath(model));
    model.drop_queue();
    pipes.send_text(pipe, "a", "");
    pipes.hold(pipe);
    pipes.send_text(pipe, "b", "");
  });
  at(1, [&] { pipes.move(pipe, model.set(of_bandwidth(1e6), loop.now())); });
  at(9, [&] { pipes.release(pipe); });
  EXPECT_EQ(play(), "9 1 a;9 1 b;");
}

TEST_F(PipesTest, LoseWhatIsOnTheWay) {
  const PipeId pipe = pipes.open({0, 1});
  pipes.set_path(pipe, PipePath(milliseconds(9)));
  pipes.send_text(pipe, "lost", "");
  at(1, [&] {
    pipes.lose(pipe);
    pipes.send_end(pipe);
  });
  EXPECT_EQ(play(), "1 1 END;");
  EXPECT_EQ(pipes.bytes_in_flight(pipe), 0U);
}

TEST_F(PipesTest, LoseWhatTheyHold) {
  const PipeId pipe = pipes.open({0, 1});
  pipes.hold(pipe);
  pipes.send_text(pipe, "lost", "");
  at(1, [&] { pipes.lose(pipe); });
  at(2, [&] { pipes.release(pipe); });
  at(3, [&] { pipes.send_text(pipe, "kept", ""); });
  EXPECT_EQ(play(), "3 1 kept;");
}

TEST_F(PipesTest, BringOnlyTheEndToWhoDoesNotListen) {
  const PipeId pipe = pipes.open({0, 1});
  pipes.send_text(pipe, "heard", "");
  at(1, [&] {
    pipes.stop_listening(pipe);
    pipes.send_text(pipe, "not heard", "");
    pipes.send_end(pipe);
  });
  EXPECT_EQ(play(), "0 1 heard;1 1 END;");
}

TEST_F(PipesTest, AreUsedAgainOnceBothSidesAreThroughAndNothingIsOnTheWay) {
  const PipeId first = pipes.open({0, 1});
  pipes.set_path(first, PipePath(milliseconds(5)));
  pipes.send_text(first, "late", "");
  pipes.shut(first);
  EXPECT_NE(pipes.open({0, 2}), first) << "its sender may still send";
  pipes.send_text(first, "too late", "");
  pipes.leave(first);
  EXPECT_NE(pipes.open({0, 3}), first) << "something is on the way";
  EXPECT_EQ(play(), "");
  EXPECT_EQ(pipes.open({0, 4}), first);
  pipes.send_text(first, "anew", "");
  EXPECT_EQ(play(), "5 4 anew;");
}

TEST_F(PipesTest, WaitForWhatCameOutAndIsNotDone) {
  take = false;
  const PipeId pipe = pipes.open({0, 1});
  pipes.send_text(pipe, "a", "");
  play();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(pipes.is_listened_to(pipe, kept[0].second));
  pipes.shut(pipe);
  pipes.leave(pipe);
  EXPECT_FALSE(pipes.is_listened_to(pipe, kept[0].second));
  EXPECT_NE(pipes.open({0, 2}), pipe);
  pipes.done(pipe, kept[0].second);
  EXPECT_EQ(pipes.open({0, 3}), pipe);
}

constexpr const char* kLine = "AT Alford +0.1 kiwi +34.0-118.0 1.5";

TEST_F(PipesTest, ShareAReportUnderWay) {
  const herd::Record record(std::get<herd::RecordView>(herd::parse_link_line(kLine)), 7);
  take = false;
  const PipeId pipe = pipes.open({0, 1});
  {
    const Pipes::Sending sending(pipes, record.view());
    for (int i = 0; i < 3; ++i) sending.put(pipe);
  }
  play();
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(pipes.bytes_sent(pipe), 3 * (std::string(kLine).size() + 1));
  for (const auto& [id, piece] : kept) {
    EXPECT_EQ(piece.place(), kept[0].second.place());
    EXPECT_EQ(pipes.report(piece).kept, record.kept());
    pipes.done(id, piece);
  }
}

class TextPipesTest : public PipesTest {
 protected:
  TextPipesTest() : PipesTest(true) {}
};

TEST_F(TextPipesTest, CarryReportsAsTheirLines) {
  const herd::Record record(std::get<herd::RecordView>(herd::parse_link_line(kLine)), 7);
  const PipeId pipe = pipes.open({0, 1});
  Pipes::Sending(pipes, record.view()).put(pipe);
  EXPECT_EQ(play(), "0 1 " + std::string(kLine) + "\n;");
  EXPECT_EQ(pipes.bytes_sent(pipe), std::string(kLine).size() + 1);
}

}  // namespace
}  // namespace sim
