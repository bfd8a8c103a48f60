// Links that are slow, on real sockets. Only lower bounds are held: nothing comes too early.
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "tests/sim/worlds/live_herd_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using test::iamat;
using test::make_spec;
using test::Socket;

HerdSpec flooding_pair() {
  HerdSpec spec = make_spec({"Alford", "Welsh"}, {{0, 1}}, herd::Scheme::kFlood);
  spec.keep_alive.reset();
  return spec;
}

class LiveConditionsTest : public test::LiveHerdTest {
 protected:
  void link_to_welsh(HerdSpec spec) {
    spec.servers[1].port = listener_.port();
    make(std::move(spec), {}, {"Alford"});
    herd_->start();
    welsh_ = prove_to_dialler(listener_, "Alford", "Welsh");
    ASSERT_TRUE(run_until([&] { return herd_->ready(); }));
  }
  // Says so much at Alford; from when on until Welsh has all of it, which is checked.
  herd::Duration say_until_heard(int count) {
    Socket phone = client(0);
    std::string all;
    for (int i = 1; i <= count; ++i) all += iamat("kiwi", said_ += 1);
    const herd::Instant begun = clock_.now();
    phone.send(all);
    EXPECT_TRUE(run_until(
        [&] { return welsh_.take() || welsh_.lines() >= static_cast<std::size_t>(count); }));
    const herd::Duration took = clock_.now() - begun;
    EXPECT_TRUE(run_until_lines(phone, static_cast<std::size_t>(count)));
    EXPECT_EQ(welsh_.text(), phone.text()) << "all of it, in order";
    last_bytes_ = welsh_.text().size();
    welsh_.forget();
    return took;
  }

  Socket listener_ = Socket::listening();
  Socket welsh_;
  int said_ = 0;
  std::size_t last_bytes_ = 0;
};

TEST_F(LiveConditionsTest, LineIsUnderWayForItsLatency) {
  HerdSpec spec = flooding_pair();
  spec.link.forward.latency = 20ms;
  link_to_welsh(std::move(spec));
  EXPECT_GE(say_until_heard(10), 20ms);
  EXPECT_GE(say_until_heard(1), 20ms);
}

TEST_F(LiveConditionsTest, DialCostsARoundTrip) {
  HerdSpec spec = flooding_pair();
  spec.link.forward.latency = 20ms;
  spec.link.backward.latency = 30ms;
  spec.servers[1].port = listener_.port();
  make(std::move(spec), {}, {"Alford"});
  const herd::Instant begun = clock_.now();
  herd_->start();
  std::optional<Socket> caller;
  ASSERT_TRUE(run_until([&] { return (caller = listener_.take_caller()).has_value(); }));
  EXPECT_GE(clock_.now() - begun, 50ms);
  ASSERT_TRUE(run_until_lines(*caller, 1));
  EXPECT_GE(clock_.now() - begun, 70ms) << "its handshake crosses the link too";
}

TEST_F(LiveConditionsTest, OrderIsKeptUnderJitterAndLoss) {
  HerdSpec spec = flooding_pair();
  spec.link.forward.latency = 3ms;
  spec.link.forward.jitter = {JitterShape::kExponential, 3ms};
  spec.link.forward.loss = 0.05;
  link_to_welsh(std::move(spec));
  // With this many lines some are lost, whatever is drawn, and each of these is at least 200 ms
  // late.
  EXPECT_GE(say_until_heard(300), 203ms);
}

TEST_F(LiveConditionsTest, BandwidthMakesAQueue) {
  HerdSpec spec = flooding_pair();
  spec.link.forward.bandwidth_bps = 1e6;
  link_to_welsh(std::move(spec));
  const herd::Duration took = say_until_heard(100);
  EXPECT_GE(took, std::chrono::microseconds(last_bytes_ * 8));
}

TEST_F(LiveConditionsTest, LinkIsChangedInMidRun) {
  link_to_welsh(flooding_pair());
  say_until_heard(1);
  TwoWayConditions slow;
  slow.forward.latency = 25ms;
  herd_->apply(SetLink{0, slow});
  EXPECT_GE(say_until_heard(5), 25ms);
  // Lines on the fast link do not overtake earlier lines on the slow one.
  Socket phone = client(0);
  phone.send(iamat("kiwi", said_ += 1));
  ASSERT_TRUE(run_until_lines(phone, 1));
  EXPECT_EQ(server(0).way(kFirst).bytes_in_flight(), phone.text().size());
  herd_->apply(SetLink{0, {}});
  phone.send(iamat("kiwi", said_ += 1));
  ASSERT_TRUE(run_until_lines(phone, 2));
  EXPECT_TRUE(run_until_text(welsh_, phone.text()));
  welsh_.forget();
  say_until_heard(1);
  EXPECT_EQ(server(0).way(kFirst).bytes_in_flight(), 0U);
}

TEST_F(LiveConditionsTest, EachDirectionIsByItself) {
  start(flooding_pair());
  TwoWayConditions slow;
  slow.forward.latency = 1h;
  herd_->apply(SetLink{0, slow});
  Socket there = client(0), back = client(1);
  there.send(iamat("there", 1));
  ASSERT_TRUE(run_until_lines(there, 1));
  back.send(iamat("back", 1));
  ASSERT_TRUE(run_until([&] { return known(0) == 2; })) << "backward is as fast as ever";
  EXPECT_EQ(known(1), 1U);
  EXPECT_EQ(server(0).way(kFirst).bytes_in_flight(), there.text().size());
  EXPECT_EQ(server(1).way(kFirst).bytes_in_flight(), 0U);
}

}  // namespace
}  // namespace sim
