#include "sim/worlds/net/link_model.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <vector>

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::Instant;

LinkConditions with(Duration latency, Jitter jitter = {}, double bandwidth_bps = 0,
                    double loss = 0) {
  return {latency, jitter, bandwidth_bps, loss};
}

// A connection over one direction.
struct Path {
  explicit Path(const LinkConditions& conditions, std::uint64_t seed = 1,
                const std::string& stream = "link/A/B")
      : model(seed, stream, conditions) {}

  Duration arrival(Duration sent, std::size_t bytes = 80) {
    return model.arrival(Instant(sent), bytes, last).time_since_epoch();
  }
  // The delays of lines so far apart that none waits for another.
  std::vector<Duration> lone_delays(int count) {
    std::vector<Duration> out;
    for (int i = 0; i < count; ++i) {
      last = Instant::min();
      out.push_back(arrival(i * 1s) - i * 1s);
    }
    return out;
  }

  LinkModel model;
  Instant last = Instant::min();
};

double mean_ms(const std::vector<Duration>& values) {
  double sum = 0;
  for (const Duration value : values)
    sum += std::chrono::duration<double, std::milli>(value).count();
  return sum / static_cast<double>(values.size());
}

TEST(LinkModel, IdealPathDelaysNothing) {
  Path path({});
  EXPECT_TRUE(path.model.conditions().ideal());
  EXPECT_EQ(path.arrival(5ms), 5ms);
  EXPECT_EQ(path.arrival(5ms, 1'000'000), 5ms);
}

TEST(LinkModel, LatencyIsAddedToEachLine) {
  Path path(with(20ms));
  EXPECT_EQ(path.arrival(0ms), 20ms);
  EXPECT_EQ(path.arrival(1ms, 9000), 21ms);
  EXPECT_EQ(path.arrival(1ms), 21ms);
}

// 1,250 bytes take a millisecond at 10 Mbit/s.
TEST(LinkModel, BandwidthQueues) {
  Path path(with(20ms, {}, 10e6));
  EXPECT_EQ(path.arrival(0ms, 1250), 21ms);
  EXPECT_EQ(path.arrival(0ms, 2500), 23ms) << "behind the first";
  EXPECT_EQ(path.arrival(2ms, 1250), 24ms) << "the second leaves at 3 ms";
  EXPECT_EQ(path.arrival(10ms, 1250), 31ms) << "the queue has been empty since 4 ms";
  EXPECT_EQ(path.arrival(10ms, 0), 31ms);
}

TEST(LinkModel, DroppedQueueIsInNobodysWay) {
  Path path(with(0ms, {}, 8e6));
  EXPECT_EQ(path.arrival(0ms, 5000), 5ms);
  path.model.drop_queue();
  path.last = Instant::min();
  EXPECT_EQ(path.arrival(1ms, 1000), 2ms);
}

// What has left keeps its arrival; what waits leaves at the new rate.
TEST(LinkModel, AChangeOfBandwidthMovesWhatWaits) {
  LinkModel model(1, "link/A/B", with(20ms, {}, 8e3));  // a byte takes a millisecond
  const Passage first = model.pass(Instant(0ms), 10);
  const Passage second = model.pass(Instant(0ms), 10);
  EXPECT_EQ(first.sent, Instant(10ms));
  EXPECT_EQ(second.arrival(), Instant(40ms));
  const Stretch faster = model.set(with(1ms, {}, 80e3), Instant(15ms));
  EXPECT_EQ(faster.moved(first.sent), Instant(10ms)) << "it has left";
  EXPECT_EQ(faster.moved(second.sent), Instant(15500us)) << "half of it had left";
  EXPECT_EQ(model.pass(Instant(15ms), 10).sent, Instant(16500us)) << "behind the second";
  const Stretch slower = model.set(with(1ms, {}, 8e3), Instant(16ms));
  EXPECT_EQ(slower.moved(Instant(16500us)), Instant(21ms));
  const Stretch lifted = model.set(with(1ms), Instant(20ms));
  EXPECT_EQ(lifted.moved(Instant(21ms)), Instant(20ms));
  EXPECT_EQ(model.pass(Instant(20ms), 1000).sent, Instant(20ms));
  const Stretch latency_alone = model.set(with(9ms), Instant(20ms));
  EXPECT_EQ(latency_alone.moved(Instant(20ms)), Instant(20ms));
}

// Two connections of one client share the queue, not the order.
TEST(LinkModel, OrderIsKeptForEachConnectionByItself) {
  Path path(with(50ms));
  EXPECT_EQ(path.arrival(0ms), 50ms);
  static_cast<void>(path.model.set(with(10ms), Instant(1ms)));
  EXPECT_EQ(path.arrival(1ms), 50ms) << "not before the first";
  Instant other = Instant::min();
  EXPECT_EQ(path.model.arrival(Instant(1ms), 80, other), Instant(11ms));
}

TEST(LinkModel, UniformJitterIsEvenAroundTheLatency) {
  const auto delays = Path(with(20ms, {JitterShape::kUniform, 5ms})).lone_delays(20'000);
  int below = 0;
  for (const Duration delay : delays) {
    ASSERT_GE(delay, 15ms);
    ASSERT_LE(delay, 25ms);
    if (delay < 17500us) ++below;
  }
  EXPECT_NEAR(mean_ms(delays), 20, 0.1);
  EXPECT_NEAR(below / 20'000.0, 0.25, 0.02);
}

TEST(LinkModel, NormalJitterHasItsDeviation) {
  const auto delays = Path(with(100ms, {JitterShape::kNormal, 5ms})).lone_delays(20'000);
  double squares = 0;
  for (const Duration delay : delays) {
    const double off = std::chrono::duration<double, std::milli>(delay - 100ms).count();
    squares += off * off;
  }
  EXPECT_NEAR(mean_ms(delays), 100, 0.2);
  EXPECT_NEAR(std::sqrt(squares / 20'000), 5, 0.15);
}

TEST(LinkModel, ExponentialJitterOnlyAdds) {
  const auto delays = Path(with(20ms, {JitterShape::kExponential, 5ms})).lone_delays(20'000);
  for (const Duration delay : delays) ASSERT_GE(delay, 20ms);
  EXPECT_NEAR(mean_ms(delays), 25, 0.2);
}

TEST(LinkModel, NoDelayIsBelowZero) {
  for (const JitterShape shape : {JitterShape::kUniform, JitterShape::kNormal}) {
    for (const Duration delay : Path(with(1ms, {shape, 10ms})).lone_delays(1000)) {
      ASSERT_GE(delay, 0ms);
    }
  }
}

// Each time that a line is lost costs a time-out, twice as long as the one before.
TEST(LinkModel, LossIsALateLineNeverAMissingOne) {
  const auto delays = Path(with(10ms, {}, 0, 0.25)).lone_delays(20'000);
  int late[4] = {};
  for (const Duration delay : delays) {
    if (delay == 10ms) ++late[0];
    if (delay == 210ms) ++late[1];
    if (delay == 610ms) ++late[2];
    if (delay == 1410ms) ++late[3];
  }
  EXPECT_NEAR(late[0] / 20'000.0, 0.75, 0.01);
  EXPECT_NEAR(late[1] / 20'000.0, 0.75 * 0.25, 0.01);
  EXPECT_NEAR(late[2] / 20'000.0, 0.75 * 0.0625, 0.005);
  EXPECT_NEAR(late[3] / 20'000.0, 0.75 * 0.015625, 0.003);
}

TEST(LinkModel, TimeoutOfALongPathIsThreeRoundTrips) {
  for (const Duration delay : Path(with(100ms, {}, 0, 0.5)).lone_delays(100)) {
    EXPECT_TRUE(delay == 100ms || delay >= 700ms) << delay.count();
  }
}

// Lines behind a lost line wait for it, as in a TCP stream.
TEST(LinkModel, NothingOvertakes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Path path(with(5ms, {JitterShape::kExponential, 10ms}, 1e6, 0.1), seed);
    Duration before{0};
    for (int i = 0; i < 500; ++i) {
      const Duration arrival = path.arrival(i * 1ms, static_cast<std::size_t>(40 + i % 7 * 30));
      ASSERT_GE(arrival, before);
      ASSERT_GE(arrival, i * 1ms + 5ms);
      before = arrival;
    }
  }
}

TEST(LinkModel, DrawsAreTheDirectionsOwn) {
  const LinkConditions conditions = with(20ms, {JitterShape::kUniform, 5ms});
  EXPECT_EQ(Path(conditions).lone_delays(50), Path(conditions).lone_delays(50));
  EXPECT_NE(Path(conditions).lone_delays(50), Path(conditions, 2).lone_delays(50));
  EXPECT_NE(Path(conditions, 1, link_stream("A", "B")).lone_delays(50),
            Path(conditions, 1, link_stream("B", "A")).lone_delays(50));
}

TEST(LinkModel, ConnectingTakesARoundTrip) {
  LinkModel there(1, "link/A/B", with(20ms));
  EXPECT_EQ(connect_delay(there, with(7ms), Instant(1s)), 27ms);
  LinkModel ideal(1, "link/A/B", {});
  EXPECT_EQ(connect_delay(ideal, {}, Instant(1s)), 0ms);
}

}  // namespace
}  // namespace sim
