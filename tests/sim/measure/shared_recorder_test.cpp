#include "sim/measure/metrics/shared_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "core/format.h"
#include "tests/sim/measure/recorder_words.h"

namespace sim {
namespace {

using herd::Moment;
using herd::NeighborId;
using herd::ServerId;
using herd::Verdict;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

// Two servers and their link. Each server has a thread of its own.
class SharedRecorderTest : public testing::Test {
 protected:
  static constexpr NeighborId kOther{0};

  SharedRecorderTest()
      : spec_(pair_of_servers()),
        plan_(plan_of_two()),
        recorder_(spec_, plan_, RecordLevel::kDeliveries),
        shared_(recorder_, 2),
        tellers_(shared_.tellers()) {
    for (std::uint32_t s = 0; s < 2; ++s) tellers_[s]->link_up(ServerId{s}, kOther, at(0));
  }

  static HerdSpec pair_of_servers() {
    HerdSpec spec;
    spec.servers.resize(2);
    spec.servers[0].name = "A";
    spec.servers[1].name = "B";
    spec.links = {{0, 1}};
    return spec;
  }
  static Plan plan_of_two() {
    Plan plan;
    for (const char* client : {"kiwi", "lemon"}) {
      plan.subjects.emplace_back(client);
      plan.clients.push_back({client, 0});
    }
    return plan;
  }
  static Moment at(int ms) { return {herd::Instant(std::chrono::milliseconds(ms)), ms}; }
  static herd::RecordView report(const char* client, herd::PosixNs time) {
    herd::RecordView view;
    view.client = client;
    view.time_ns = time;
    return view;
  }

  HerdSpec spec_;
  Plan plan_;
  Recorder recorder_;
  SharedRecorder shared_;
  std::vector<herd::Observer*> tellers_;
};

TEST_F(SharedRecorderTest, GivesEachThreadsMessagesToTheUpdateThatItIsAt) {
  // Sequential calls, in an order that two threads may produce.
  tellers_[0]->update_heard(ServerId{0}, report("kiwi", 1), Verdict::kAccepted, at(1));
  tellers_[1]->update_heard(ServerId{1}, report("lemon", 2), Verdict::kAccepted, at(1));
  tellers_[0]->update_sent(ServerId{0}, kOther, report("kiwi", 1), at(1));
  tellers_[1]->update_sent(ServerId{1}, kOther, report("lemon", 2), at(1));
  tellers_[1]->update_received(ServerId{1}, kOther, report("kiwi", 1), Verdict::kAccepted, at(2));
  tellers_[0]->update_received(ServerId{0}, kOther, report("lemon", 2), Verdict::kAccepted, at(2));
  tellers_[1]->update_sent(ServerId{1}, kOther, report("kiwi", 1), at(2));
  tellers_[0]->update_sent(ServerId{0}, kOther, report("lemon", 2), at(2));
  tellers_[0]->update_received(ServerId{0}, kOther, report("kiwi", 1), Verdict::kDuplicate, at(3));
  tellers_[1]->update_received(ServerId{1}, kOther, report("lemon", 2), Verdict::kDuplicate, at(3));
  const std::string echoed = "2 messages, reached 2, 1 duplicates, 1 echoes, 0 stale, 0 lost";
  EXPECT_THAT(all(recorder_.accepted()), ElementsAre(echoed, echoed));
  EXPECT_THAT(recorder_.violations(), IsEmpty());
  EXPECT_EQ(recorder_.in_flight(), 0U);
}

TEST_F(SharedRecorderTest, HearsThreadsThatSpeakAtOnce) {
  constexpr int kEach = 20'000;
  const auto speak = [this](std::uint32_t server, const char* client) {
    for (int i = 1; i <= kEach; ++i) {
      tellers_[server]->update_heard(ServerId{server}, report(client, i), Verdict::kAccepted,
                                     at(i));
      tellers_[server]->update_sent(ServerId{server}, kOther, report(client, i), at(i));
    }
  };
  std::thread other(speak, 1, "lemon");
  speak(0, "kiwi");
  other.join();
  ASSERT_EQ(recorder_.accepted().size(), 2U * kEach);
  EXPECT_EQ(recorder_.messages(), 2U * kEach);
  EXPECT_THAT(all(recorder_.accepted()),
              Each("1 messages, reached 1, 0 duplicates, 0 echoes, 0 stale, 0 lost"));
  // The messages come out of each direction in the order in which they went in.
  for (int i = 1; i <= kEach; ++i) {
    tellers_[1]->update_received(ServerId{1}, kOther, report("kiwi", i), Verdict::kAccepted, at(i));
    tellers_[0]->update_received(ServerId{0}, kOther, report("lemon", i), Verdict::kAccepted,
                                 at(i));
  }
  EXPECT_THAT(recorder_.violations(), IsEmpty());
  EXPECT_EQ(recorder_.in_flight(), 0U);
}

}  // namespace
}  // namespace sim
