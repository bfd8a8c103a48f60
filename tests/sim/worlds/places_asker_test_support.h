// A PlacesAsker in tests, and the answers that it gave.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sim/worlds/places/places_asker.h"
#include "sim/worlds/places/places_server.h"
#include "tests/sim/worlds/places_serving.h"
#include "tests/sim/worlds/places_test_support.h"

namespace sim {

inline constexpr std::string_view kUclaText = "+34.068930-118.445127";

// A location that no other number has.
inline std::string location(int number) {
  const int row = number / 100;
  return herd::format_location({34 + number % 100 * 0.001, -118 - row * 0.001});
}

// A loop, an asker on it, and the answers it gave.
class Asking {
 public:
  Asking(TestLoop& loop, const PlacesAskerConfig& config) : loop_(loop) {
    auto created =
        PlacesAsker::create(loop.get(), config, [this](std::uint64_t id, PlacesAnswer answer) {
          EXPECT_FALSE(asking_) << "answered from within ask()";
          EXPECT_TRUE(answers.emplace(id, std::move(answer)).second) << "answered twice";
          if (on_answer) on_answer(id);
        });
    EXPECT_TRUE(created.ok()) << (created ? "" : created.error());
    if (created) asker = std::move(created).value();
  }
  ~Asking() {
    if (asker) loop_.close(*asker);
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  void ask(std::uint64_t id, std::string_view where = kUclaText, double radius_km = 10,
           int bound = 20) {
    asking_ = true;
    asker->ask(id, where, radius_km, bound);
    asking_ = false;
  }
  void await(std::size_t count) {
    loop_.run_until([&] { return answers.size() >= count; });
  }
  // Asks one question and waits for it.
  PlacesAnswer one(std::string_view where = kUclaText, double radius_km = 10, int bound = 20) {
    const std::uint64_t id = 1'000'000 + answers.size();
    ask(id, where, radius_km, bound);
    loop_.run_until([&] { return answers.contains(id); });
    return answers[id];
  }

  std::unique_ptr<PlacesAsker> asker;
  std::map<std::uint64_t, PlacesAnswer> answers;
  std::function<void(std::uint64_t)> on_answer;

 private:
  TestLoop& loop_;
  bool asking_ = false;
};

// Returns the outcome of a question to a raw server.
inline PlacesAnswer answer_to(std::string bytes, bool hang_up = false,
                              PlacesAskerConfig config = {}) {
  TestLoop loop;
  const RawServer server(loop, std::move(bytes), hang_up);
  config.base_url = server.url();
  Asking asking(loop, config);
  return asking.one();
}

inline void expect_failure(const PlacesAnswer& answer, const std::string& error) {
  EXPECT_EQ(answer.status, "UNKNOWN_ERROR");
  EXPECT_EQ(answer.places, 0);
  EXPECT_THAT(answer.error, testing::HasSubstr(error));
  EXPECT_THAT(answer.body.str(), testing::HasSubstr("\"error_message\""));
}

}  // namespace sim
