// Questions to Places and their answers: how many at once, and which.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

#include "tests/sim/worlds/places_asker_test_support.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(PlacesAsker, UclaAndItsNeighbours) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = server->url()});
    const PlacesAnswer all = asking.one();
    EXPECT_EQ(all.status, "OK");
    EXPECT_EQ(all.error, "");
    EXPECT_GE(all.places, 10);
    EXPECT_LE(all.places, 12);
    EXPECT_THAT(all.body.str(), HasSubstr("Westwood"));
    const PlacesAnswer five = asking.one(kUclaText, 10, 5);
    EXPECT_EQ(five.places, 5);
    EXPECT_EQ(count_of(five.body.str(), "\"place_id\""), 5U);
    EXPECT_EQ(asking.one("+00.0-140.0").status, "ZERO_RESULTS");
  }
  loop.close(*server);
}

TEST(PlacesAsker, OneConnectionServesManyQuestions) {
  TestLoop loop;
  const auto server = serve(loop);
  {
    Asking asking(loop, {.base_url = server->url()});
    for (int i = 0; i < 50; ++i) asking.one(location(i));
  }
  EXPECT_EQ(server->counts().connections, 1U);
  EXPECT_EQ(server->counts().requests, 50U);
  loop.close(*server);
}

TEST(PlacesAsker, AtMost32AtOnce) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 20ms}});
  {
    Asking asking(loop, {.base_url = server->url()});
    for (int i = 0; i < 200; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
    loop.run_until([&] { return server->counts().requests > 0; });
    EXPECT_LE(server->counts().requests, 32U);
    asking.await(200);
    for (const auto& [id, answer] : asking.answers) EXPECT_EQ(answer.error, "");
  }
  EXPECT_EQ(server->counts().connections, 32U);
  EXPECT_EQ(server->counts().requests, 200U);
  loop.close(*server);
}

TEST(PlacesAsker, IdenticalQuestionsAreAskedOnce) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 20ms}});
  {
    Asking asking(loop, {.base_url = server->url()});
    for (int i = 1; i <= 20; ++i) asking.ask(static_cast<std::uint64_t>(i), kUclaText, 10, i);
    asking.ask(100, kUclaText, 9, 20);  // another radius is another question
    asking.await(21);
    for (int i = 1; i <= 20; ++i) {
      const PlacesAnswer& answer = asking.answers[static_cast<std::uint64_t>(i)];
      EXPECT_EQ(answer.status, "OK");
      EXPECT_EQ(answer.places, std::min(i, asking.answers[20].places));
    }
    EXPECT_EQ(server->counts().requests, 2U);
    asking.one();  // asked again once it has been answered
    EXPECT_EQ(server->counts().requests, 3U);
  }
  loop.close(*server);
}

TEST(PlacesAsker, AsksWhatNearbySearchWants) {
  TestLoop loop;
  const RawServer server(loop, RawServer::response("200 OK", "{}"));
  Asking asking(loop, {.base_url = server.url() + "/proxy/", .key = "k"});
  asking.one(kUclaText, 0.5, 3);
  EXPECT_THAT(server.received(),
              testing::StartsWith("GET /proxy/maps/api/place/nearbysearch/json?location=34.068930,"
                                  "-118.445127&radius=500&key=k HTTP/1.1\r\n"));
  EXPECT_THAT(server.received(),
              HasSubstr("Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
}

TEST(PlacesAsker, TheQueueIsBounded) {
  TestLoop loop;
  const auto server = serve(loop, {.faults = {.latency = 20ms}});
  {
    Asking asking(loop, {.base_url = server->url(), .max_transfers = 2, .max_queue = 3});
    for (int i = 0; i < 8; ++i) asking.ask(static_cast<std::uint64_t>(i), location(i));
    asking.await(3);  // those beyond the queue, before any other
    for (const auto& [id, answer] : asking.answers) {
      EXPECT_GE(id, 5U);
      expect_failure(answer, "5 questions are waiting");
    }
    asking.await(8);
    for (std::uint64_t id = 0; id < 5; ++id) EXPECT_EQ(asking.answers[id].error, "");
  }
  loop.close(*server);
}

TEST(PlacesAsker, AWrongLocationOrRadiusIsAnError) {
  TestLoop loop;
  Asking asking(loop, {.base_url = "http://127.0.0.1:1"});
  expect_failure(asking.one("34.0-118.0"), "the location or the radius is wrong");
  expect_failure(asking.one(kUclaText, 51), "the location or the radius is wrong");
}

// The whole way under fire: every ask is answered, with just the failures that the seed has drawn.
TEST(PlacesAsker, TenThousandAsksWithFailuresAndCutBodies) {
  constexpr std::uint64_t kAsks = 10'000;
  constexpr std::uint64_t kInFlight = 500;
  const PlacesFaults faults{.fail = 0.1, .cut = 0.01};
  std::map<PlacesFault, int> drawn;
  PlacesFaultSource source(faults, 42);
  for (std::uint64_t i = 0; i < kAsks; ++i) ++drawn[source.next().fault];

  cities();
  const std::size_t before = count_descriptors();
  {
    TestLoop loop;
    const auto server = serve(loop, {.faults = faults, .seed = 42});
    {
      Asking asking(loop, {.base_url = server->url(), .connect_timeout = 60s, .timeout = 60s});
      std::uint64_t next = 0;
      const auto ask_next = [&] {
        asking.ask(next, location(static_cast<int>(next)), 10, 1 + static_cast<int>(next % 20));
        ++next;
      };
      asking.on_answer = [&](std::uint64_t) {
        if (next < kAsks) ask_next();
      };
      while (next < kInFlight) ask_next();
      asking.await(kAsks);
      int failed = 0;
      int cut = 0;
      for (const auto& [id, answer] : asking.answers) {
        EXPECT_EQ(answer.body.str().find("\n\n"), std::string::npos);
        EXPECT_LE(answer.places, static_cast<int>(1 + id % 20));
        failed += answer.error == "Places answered HTTP 500" ? 1 : 0;
        cut += answer.error.find("cut off after") != std::string::npos ? 1 : 0;
        if (answer.error.empty()) continue;
        EXPECT_EQ(answer.status, "UNKNOWN_ERROR");
      }
      EXPECT_EQ(asking.answers.size(), kAsks);
      EXPECT_EQ(failed, drawn[PlacesFault::kFail]);
      EXPECT_EQ(cut, drawn[PlacesFault::kCut]);
    }
    EXPECT_EQ(server->counts().requests, kAsks);
    loop.close(*server);
  }
  EXPECT_EQ(count_descriptors(), before);
}

}  // namespace
}  // namespace sim
