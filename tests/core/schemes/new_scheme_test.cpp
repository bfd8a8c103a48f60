// A scheme as a contributor would add it: to every second neighbour. It needs a class and a row.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "core/propagation.h"
#include "core/schemes/propagator.h"
#include "tests/core/fake_herd.h"
#include "tests/core/schemes/graphs.h"

namespace herd {
namespace {

class EverySecond final : public Propagator {
 public:
  explicit EverySecond(PropagatorHost& host) : host_(host) {}

  void taken(const RecordView& record, std::optional<NeighborId> from, Moment now) override {
    for (std::uint32_t i = 0; i < host_.neighbors(); i += 2) {
      const NeighborId to{i};
      if (to != from && host_.link_is_up(to)) host_.send_news(to, record, now);
    }
  }
  bool line(NeighborId, std::string_view, Moment) override { return false; }

 private:
  PropagatorHost& host_;
};

constexpr SchemeInfo kEverySecondInfo{
    .name = "every-second",
    .meaning = "A server sends a record to every second neighbour.",
    .relay = SchemeInfo::Relay::kOwn,
    .words = {},
    .parameters = {},
    .make = [](const Scheme&, PropagatorHost& host) -> std::unique_ptr<Propagator> {
      return std::make_unique<EverySecond>(host);
    },
    .bounds =
        [](const Scheme&, const HerdPart& part) {
          return UpdateBounds{2 * part.links, false};
        },
};

TEST(NewScheme, IsAClassAndARow) {
  FakeHerd herd(5, complete(5), Scheme(kEverySecondInfo), any_delivery(1));
  herd.start();
  herd.say(0, report(1, 1));
  herd.settle();
  // The neighbours 0 and 2 of server 0 are the servers 1 and 3; those of 1 are 0 and 3, and so on.
  EXPECT_NE(herd.knowledge(1), "");
  EXPECT_NE(herd.knowledge(3), "");
  EXPECT_LE(herd.counts().messages,
            kEverySecondInfo.bounds(Scheme(kEverySecondInfo), {5, 10, 4}).most_messages);
}

}  // namespace
}  // namespace herd
