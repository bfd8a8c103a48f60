// The limits and times of the protocol and its servers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/time.h"

namespace herd {

// The longest line of a client, in bytes without its ending. It bounds the memory that one
// connection can make a server use.
inline constexpr std::size_t kMaxClientLine = 8192;
// The longest line of a link, in bytes without its ending. An AT line adds a server's name and a
// skew to the text of a client.
inline constexpr std::size_t kMaxLinkLine = kMaxClientLine + 1024;
// The number of clients whose records a server keeps, and the bytes of their AT lines, unless it is
// configured. An update that needs more is refused.
inline constexpr std::uint64_t kMaxRecords = 1'000'000;
inline constexpr std::uint64_t kMaxRecordBytes = std::uint64_t{256} << 20;
// The bytes of answers from Places that a server keeps for one client, behind an answer that is not
// complete yet or that the client does not read.
inline constexpr std::size_t kMaxWaitingPlaces = std::size_t{256} << 10;
// The number of bytes of an over-long line that the answer repeats.
inline constexpr std::size_t kOverlongEcho = 64;

// The back-off before a failed link is dialled again. It doubles from the first value to the last.
inline constexpr Duration kFirstBackoff = std::chrono::milliseconds(10);
inline constexpr Duration kLastBackoff = std::chrono::seconds(1);
// The timeout from a dial to the end of the neighbour's handshake.
inline constexpr Duration kHandshakeTimeout = std::chrono::seconds(5);

// A report further ahead of its server's clock than this is worth telling: until that time comes,
// no report of its client with a right time is newer.
inline constexpr Duration kFarAhead = std::chrono::minutes(1);

// The bytes of records that a server sends to a neighbour before it waits for a confirmation. The
// window is bounded so that new reports do not wait behind all records that the neighbour lacks.
inline constexpr std::size_t kSyncWindow = std::size_t{256} << 10;

}  // namespace herd
