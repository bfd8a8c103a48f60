// libuv's error codes as values with context.
#pragma once

#include <uv.h>

#include <string>

namespace sim {

// A message for a person that says what could not be done.
struct Error {
  std::string message;
};

inline Error uv_failure(const std::string& what, int code) {
  return {what + ": " + uv_strerror(code)};
}

}  // namespace sim
