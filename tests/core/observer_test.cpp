#include "core/observer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace herd {
namespace {

using testing::InSequence;
using testing::Ref;
using testing::StrictMock;

class MockObserver : public Observer {
 public:
  MOCK_METHOD(void, update_heard, (ServerId, const RecordView&, Verdict, Moment), (override));
  MOCK_METHOD(void, update_sent, (ServerId, NeighborId, const RecordView&, Moment), (override));
  MOCK_METHOD(void, repair_sent, (ServerId, NeighborId, const RecordView&, Moment), (override));
  MOCK_METHOD(void, summary_sent, (ServerId, NeighborId, std::size_t, Moment), (override));
  MOCK_METHOD(void, link_synchronized, (ServerId, NeighborId, Moment), (override));
  MOCK_METHOD(void, update_received, (ServerId, NeighborId, const RecordView&, Verdict, Moment),
              (override));
  MOCK_METHOD(void, link_up, (ServerId, NeighborId, Moment), (override));
  MOCK_METHOD(void, link_down, (ServerId, NeighborId, Moment), (override));
  MOCK_METHOD(void, line_refused, (ServerId, std::string_view, const ParseError&, bool),
              (override));
  MOCK_METHOD(void, query_heard, (ServerId, const Whatsat&), (override));
};

// Each call once, with arguments that differ.
struct Calls {
  ServerId server{7};
  NeighborId neighbor{3};
  RecordView report;
  ParseError error;
  Whatsat query;

  static Moment at(int ms) { return {Instant(std::chrono::milliseconds(ms)), 100 + ms}; }

  static testing::Matcher<Moment> is_at(int ms) {
    return testing::AllOf(testing::Field(&Moment::run, at(ms).run),
                          testing::Field(&Moment::wall_ns, at(ms).wall_ns));
  }

  void make(Observer& observer) const {
    observer.update_heard(server, report, Verdict::kStale, at(1));
    observer.update_sent(server, neighbor, report, at(2));
    observer.repair_sent(server, neighbor, report, at(3));
    observer.summary_sent(server, neighbor, 77, at(4));
    observer.link_synchronized(server, neighbor, at(5));
    observer.update_received(server, neighbor, report, Verdict::kDuplicate, at(6));
    observer.link_up(server, neighbor, at(7));
    observer.link_down(server, neighbor, at(8));
    observer.line_refused(server, "NONSENSE", error, true);
    observer.query_heard(server, query);
  }

  void expect_from(MockObserver& mock) const {
    EXPECT_CALL(mock, update_heard(server, Ref(report), Verdict::kStale, is_at(1)));
    EXPECT_CALL(mock, update_sent(server, neighbor, Ref(report), is_at(2)));
    EXPECT_CALL(mock, repair_sent(server, neighbor, Ref(report), is_at(3)));
    EXPECT_CALL(mock, summary_sent(server, neighbor, 77, is_at(4)));
    EXPECT_CALL(mock, link_synchronized(server, neighbor, is_at(5)));
    EXPECT_CALL(mock,
                update_received(server, neighbor, Ref(report), Verdict::kDuplicate, is_at(6)));
    EXPECT_CALL(mock, link_up(server, neighbor, is_at(7)));
    EXPECT_CALL(mock, link_down(server, neighbor, is_at(8)));
    EXPECT_CALL(mock, line_refused(server, std::string_view("NONSENSE"), Ref(error), true));
    EXPECT_CALL(mock, query_heard(server, Ref(query)));
  }
};

TEST(Observer, IgnoresWhatIsNotOverridden) {
  Observer nothing;
  Calls().make(nothing);
}

TEST(ForwardingObserver, PassesARelayedUpdateOnLineByLine) {
  const RecordView report;
  StrictMock<MockObserver> next;
  const InSequence in_sequence;
  for (const std::uint32_t to : {3U, 0U, 5U}) {
    EXPECT_CALL(next, update_sent(ServerId{7}, NeighborId{to}, Ref(report), Calls::is_at(2)));
  }
  ForwardingObserver observer(next);
  const std::array to{NeighborId{3}, NeighborId{0}, NeighborId{5}};
  observer.update_relayed(ServerId{7}, to, report, Calls::at(2));
}

TEST(ForwardingObserver, PassesEveryCallOn) {
  const Calls calls;
  StrictMock<MockObserver> next;
  const InSequence in_sequence;
  calls.expect_from(next);
  ForwardingObserver observer(next);
  calls.make(observer);
}

TEST(ForwardingObserver, SurroundsEveryCallThatItPassesOn) {
  class Surrounding : public ForwardingObserver {
   public:
    explicit Surrounding(Observer& next) : ForwardingObserver(next, true) {}
    bool inside = false;
    int calls = 0;

   private:
    void before_call() override {
      EXPECT_FALSE(inside);
      inside = true;
    }
    void after_call() override {
      EXPECT_TRUE(inside);
      inside = false;
      ++calls;
    }
  };

  // Sees that its caller is inside each time that it hears of anything.
  testing::NiceMock<MockObserver> next;
  Surrounding observer(next);
  ON_CALL(next, update_heard).WillByDefault([&] { EXPECT_TRUE(observer.inside); });
  ON_CALL(next, query_heard).WillByDefault([&] { EXPECT_TRUE(observer.inside); });
  Calls().make(observer);
  EXPECT_EQ(observer.calls, 10);
  EXPECT_FALSE(observer.inside);
}

}  // namespace
}  // namespace herd
