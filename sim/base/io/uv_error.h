// libuv's error codes as values with context.
#pragma once

#include <uv.h>

#include <string>

namespace sim {

// A message for a person that says what could not be done.
struct Error {
  std::string message;
};

// `code` is libuv's; uv_translate_sys_error(errno) makes one of a system call's error.
[[nodiscard]] inline Error uv_failure(const std::string& what, int code) {
  std::string message = what + ": " + uv_strerror(code);
  if (code == UV_EMFILE) message += "; raise the limit (ulimit -n)";
  return {message};
}

}  // namespace sim
