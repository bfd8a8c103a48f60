#include "sim/worlds/live/delay_line.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/sim/base/nanoseconds.h"

namespace sim {
namespace {

struct DelayLineTest : testing::Test {
  void run_until(std::size_t count) {
    stop_at = count;
    loop.run();
  }

  IoLoop loop;
  AlarmClock clock{loop};
  std::string came;  // each piece in brackets, an end as a dot
  std::size_t pieces = 0, stop_at = 0;
  std::function<void()> on_piece;
  DelayLine line{clock, [this](std::string_view text, const PieceLabel& label) {
                   came +=
                       label.kind == PieceLabel::Kind::kEnd ? "." : "[" + std::string(text) + "]";
                   if (on_piece) on_piece();
                   if (++pieces == stop_at) loop.stop();
                 }};
};

TEST_F(DelayLineTest, DeliversEachPieceInOrderWhenItsTimeHasCome) {
  const std::uint64_t now = uv_hrtime();
  on_piece = [&] { EXPECT_GE(uv_hrtime(), now + (pieces < 2 ? 1 : 2) * kMs); };
  line.put(now + kMs, "one", "\n");
  line.put(now + kMs, "two", "");
  line.put(now + 2 * kMs, "", "", {PieceLabel::Kind::kEnd});
  EXPECT_EQ(line.bytes(), 7U);
  run_until(3);
  EXPECT_EQ(came, "[one\n][two].");
  EXPECT_TRUE(line.empty());
  EXPECT_EQ(line.bytes(), 0U);
}

TEST_F(DelayLineTest, HeldPiecesComeLateAndAllAtOnce) {
  const std::uint64_t now = uv_hrtime();
  Alarm release(clock, [this] { line.release(); });
  line.put(now + kMs, "a", "");
  line.hold();
  line.put(now + 2 * kMs, "b", "");
  release.set(now + 4 * kMs);
  run_until(2);
  EXPECT_EQ(came, "[a][b]");
  EXPECT_GE(uv_hrtime(), now + 4 * kMs);
}

TEST_F(DelayLineTest, ClearedPiecesAreLost) {
  const std::uint64_t now = uv_hrtime();
  line.put(now + kMs, "lost", "", {PieceLabel::Kind::kBytes, 3, 5});
  line.put(now + kMs, "too", "", {PieceLabel::Kind::kBreak, 4, 6});
  const std::vector<PieceLabel> lost = line.clear();
  line.put(now + 2 * kMs, "kept", "");
  run_until(1);
  EXPECT_EQ(came, "[kept]");
  ASSERT_EQ(lost.size(), 2U);
  EXPECT_EQ(lost[0].connection, 3U);
  EXPECT_EQ(lost[0].message, 5U);
  EXPECT_EQ(lost[1].kind, PieceLabel::Kind::kBreak);
}

TEST_F(DelayLineTest, DeliveringMayPutInMoreAndClear) {
  const std::uint64_t now = uv_hrtime();
  on_piece = [&] {
    if (pieces == 0) line.put(now, "more", "");
    if (pieces == 1) {
      line.clear();
      line.put(uv_hrtime(), "last", "");
    }
  };
  line.put(now, "first", "");
  line.put(now, "second", "");
  run_until(3);
  EXPECT_EQ(came, "[first][second][last]");
}

// As a queue that is never empty would be.
TEST_F(DelayLineTest, KeepsOrderAndBytesOverManyPieces) {
  std::string expected;
  const std::uint64_t now = uv_hrtime();
  for (std::uint64_t i = 0; i < 5000; ++i) {
    const std::string text = std::to_string(i);
    line.put(now + i * 1000, text, "\n");
    expected += "[" + text + "\n]";
  }
  run_until(5000);
  EXPECT_EQ(came, expected);
  EXPECT_EQ(line.bytes(), 0U);
}

}  // namespace
}  // namespace sim
