// What herdsim and a keeper say to each other, over one SOCK_SEQPACKET socket: herdsim sends bytes,
// each the number of a signal, a keeper sends reports. The end of herdsim's side means: end all.
#pragma once

#include <cstdint>

namespace sim {

// The keeper's end of the socket.
inline constexpr int kKeeperSocket = 3;

// The command's own environment travels as NAME=VALUE in variables with this name and a number from
// 0 on, so that it changes the command's world (LD_LIBRARY_PATH) and not the keeper's.
inline constexpr const char* kKeeperVariable = "HERDSIM_KEEP_";

struct KeeperReport {
  enum class Kind : std::uint32_t {
    kStarted,       // value: the command's pid
    kNoSuchFolder,  // it could not go to its folder; value: errno
    kNotExecuted,   // it could not be started; value: errno
    kExited,        // value: the exit status
    kKilled,        // value: the signal
  };
  Kind kind = Kind::kStarted;
  std::int32_t value = 0;
  // At the end: user and system time of all that ran, in microseconds.
  std::int64_t cpu_us = 0;
};

}  // namespace sim
