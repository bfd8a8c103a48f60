// A PlacesServer in tests, which serves the cities.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "sim/worlds/places/places_server.h"
#include "tests/sim/worlds/places_test_support.h"

namespace sim {

inline std::unique_ptr<PlacesServer> serve(TestLoop& loop, const PlacesServerConfig& config = {}) {
  auto server = PlacesServer::start(loop.get(), cities(), config);
  EXPECT_TRUE(server.ok()) << (server ? "" : server.error());
  return server ? std::move(server).value() : nullptr;
}

}  // namespace sim
