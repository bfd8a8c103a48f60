// Holds all servers of a herd to the same records.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>

#include "tests/core/fake_herd.h"

namespace herd {

inline void expect_same_everywhere(const FakeHerd& herd) {
  for (std::uint32_t i = 1; i < herd.size(); ++i) {
    EXPECT_EQ(herd.knowledge(i), herd.knowledge(0)) << "server " << i;
  }
}

}  // namespace herd
