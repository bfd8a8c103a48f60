// How the checker judges herds whose scheme is no flood.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "core/herd_map.h"
#include "core/schemes/gossipsub.h"
#include "core/schemes/plumtree.h"
#include "core/schemes/source_tree.h"
#include "tests/sim/measure/judged.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {
namespace {

using herd::Scheme;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Plan one_at_alford() { return HandPlan().client("kiwi", kAlford).update(0, at_ms(1)); }

// All servers route by the map that lacks a link, although the link is up.
TEST(Checker, AsksForBoundsOnlyWhileTheMapIsThatOfTheLinks) {
  for (const bool map_fits : {true, false}) {
    ToyHerd toy(paper_herd(Scheme(herd::kSourceTreeInfo)), one_at_alford());
    toy.all_up();
    for (std::uint32_t s = 0; s < toy.spec.servers.size() && !map_fits; ++s) {
      toy.recorder.map_changed(ToyHerd::id(s), herd::map_number({2}), toy.moment());
    }
    toy.play();  // floods, which takes more than the one message for each server
    if (map_fits) {
      EXPECT_THAT(judged(toy), ElementsAre(HasSubstr("where the closed form is 4 messages")));
    } else {
      EXPECT_THAT(judged(toy), IsEmpty());
    }
  }
}

// No server sends the update to Ball. Some link is lost before or after that.
TEST(Checker, ExcusesWhatWasPerhapsAnnouncedOnALinkThatWasLost) {
  enum class Drop { kBefore, kAfter };
  struct Row {
    Scheme scheme;
    Drop drop;
    bool is_excused;
  };
  const Row rows[] = {{Scheme(herd::kPlumtreeInfo), Drop::kAfter, true},
                      {Scheme(herd::kPlumtreeInfo), Drop::kBefore, false},
                      {Scheme(herd::kGossipsubInfo), Drop::kAfter, true},
                      {Scheme(herd::kSourceTreeInfo), Drop::kAfter, false},
                      {Scheme::kFlood, Drop::kAfter, false}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.scheme.info().name);
    ToyHerd toy(paper_herd(row.scheme), one_at_alford());
    toy.copies = [](std::uint32_t, ToyHerd::From, std::uint32_t to) { return to == kBall ? 0 : 1; };
    toy.all_up();
    const auto lose_a_link = [&] {
      toy.now += std::chrono::milliseconds(1);
      toy.link_down(kAlford, kHamilton);
      toy.link_up(kAlford, kHamilton);
      toy.now += std::chrono::milliseconds(1);
    };
    if (row.drop == Drop::kBefore) lose_a_link();
    toy.play();
    if (row.drop == Drop::kAfter) lose_a_link();
    const auto lacks = Contains(HasSubstr("server Ball lacks update 0 of kiwi at Alford"));
    if (row.is_excused) {
      EXPECT_THAT(judged(toy), Not(lacks));
    } else {
      EXPECT_THAT(judged(toy), lacks);
    }
  }
}

}  // namespace
}  // namespace sim
