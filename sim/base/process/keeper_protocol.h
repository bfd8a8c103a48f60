// The protocol between herdsim and a keeper, over one SOCK_SEQPACKET socket. herdsim sends bytes,
// each the number of a signal. A keeper sends reports. When herdsim's endpoint closes, the keeper
// ends everything.
#pragma once

#include <cstdint>

namespace sim {

// The descriptor of the keeper's endpoint.
inline constexpr int kKeeperSocket = 3;

// The command's own environment travels as NAME=VALUE, in variables with this name and a number
// from 0. So it changes the command's environment (such as LD_LIBRARY_PATH), but not the keeper's.
inline constexpr const char* kKeeperVariable = "HERDSIM_KEEP_";

struct KeeperReport {
  enum class Kind : std::uint32_t {
    kStarted,       // value: the command's pid
    kNoSuchFolder,  // the command's folder cannot be entered; value: errno
    kNotExecuted,   // the command cannot be started; value: errno
    kExited,        // value: the exit status
    kKilled,        // value: the signal
  };
  Kind kind = Kind::kStarted;
  std::int32_t value = 0;
  // At the end: user and system time of all processes of the command, in microseconds.
  std::int64_t cpu_us = 0;
};

}  // namespace sim
