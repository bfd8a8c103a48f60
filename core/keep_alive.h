// How a link's end finds out by itself that nothing comes through any more.
#pragma once

#include <chrono>

#include "core/time.h"

namespace herd {

struct KeepAlive {
  Duration every = std::chrono::seconds(1);    // an end that said nothing for so long says ALIVE
  Duration timeout = std::chrono::seconds(3);  // one that heard nothing for so long lets go
  friend bool operator==(const KeepAlive&, const KeepAlive&) = default;
};

}  // namespace herd
