// The numbers that the protocol and its servers live by, in one place.
#pragma once

#include <chrono>
#include <cstddef>

#include "core/time.h"

namespace herd {

// A client's line, without its ending. Bounds what one connection can make a server hold.
inline constexpr std::size_t kMaxClientLine = 8192;
// A link's line: an AT line adds a server's name and a skew to what a client may say.
inline constexpr std::size_t kMaxLinkLine = kMaxClientLine + 1024;
// How much of an over-long line its answer repeats.
inline constexpr std::size_t kOverlongEcho = 64;

// A link that fails is dialled again after a back-off that doubles from the first to the last.
inline constexpr Duration kFirstBackoff = std::chrono::milliseconds(10);
inline constexpr Duration kLastBackoff = std::chrono::seconds(1);
// How long a dial may take until the neighbour has proven itself.
inline constexpr Duration kHandshakeTimeout = std::chrono::seconds(5);

// Of the records that a neighbour lacks, no more bytes than these go out before it says that it has
// taken them: what is news meanwhile does not have to wait behind all of them.
inline constexpr std::size_t kSyncWindow = std::size_t{256} << 10;

}  // namespace herd
