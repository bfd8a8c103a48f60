// Herds for the tests of schemes: graphs, and reports of clients.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/random.h"
#include "tests/core/fake_herd.h"

namespace herd {

inline FakeHerd::Choose any_delivery(std::uint64_t seed) {
  return [random = Random(seed, "deliveries")](std::uint64_t possible) mutable {
    return random.below(possible);
  };
}

// The paper's herd is a ring of five.
inline std::vector<Edge> ring(std::uint32_t servers) {
  std::vector<Edge> out;
  for (std::uint32_t i = 0; i < servers; ++i) out.emplace_back(i, (i + 1) % servers);
  return out;
}

inline std::vector<Edge> complete(std::uint32_t servers) {
  std::vector<Edge> out;
  for (std::uint32_t i = 0; i < servers; ++i) {
    for (std::uint32_t j = i + 1; j < servers; ++j) out.emplace_back(i, j);
  }
  return out;
}

inline std::string report(std::uint64_t client, std::uint64_t time) {
  return "IAMAT phone-" + std::to_string(client) + " +34.068930-118.445127 " +
         std::to_string(1'479'413'884 + time) + ".5";
}

// Sixty reports of thirteen clients all over the herd, whose lines overtake each other, and then
// time enough for all that follows from them. The herd has started.
inline void play_reports(FakeHerd& herd) {
  for (std::uint32_t i = 0; i < 60; ++i) {
    herd.say(i % herd.size(), report(i % 13, i));
    herd.deliver_one();
    if (i % 7 == 0) herd.advance(std::chrono::milliseconds(30));
  }
  herd.settle();
  herd.advance(std::chrono::minutes(1));
}

inline void expect_quiet(const FakeHerd& herd) {
  for (std::uint32_t i = 0; i < herd.size(); ++i) {
    EXPECT_TRUE(herd.server(i).is_quiet()) << "server " << i;
  }
}

}  // namespace herd
