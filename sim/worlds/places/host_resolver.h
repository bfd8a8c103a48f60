// Turns a host's name into addresses without blocking the loop. libcurl's own resolver would wait
// for a thread that hangs in the system's resolver when the transfer it serves ends.
#pragma once

#include <uv.h>

#include <functional>
#include <string>
#include <vector>

#include "core/result.h"

namespace sim {

// Runs on the loop that it was given and must be called there only. Must outlive its handles:
// destroy it only once close() has called back, or if resolve() was never called.
class HostResolver {
 public:
  // Numeric addresses, IPv6 ones in brackets, in the system's order of preference; or what failed.
  using Addresses = herd::Result<std::vector<std::string>, std::string>;
  using OnResolved = std::function<void(const Addresses&)>;

  explicit HostResolver(uv_loop_t* loop) : loop_(loop) { request_.data = this; }
  HostResolver(const HostResolver&) = delete;
  HostResolver& operator=(const HostResolver&) = delete;

  // Asks the system's resolver; one name at a time (precondition: !busy()). The answer comes from
  // the loop, never from within this call. Returns false, and gives no answer, if the question
  // cannot be asked at all.
  [[nodiscard]] bool resolve(const std::string& host, OnResolved on_resolved);
  bool busy() const { return busy_; }

  // Gives no answer for a name that is still being resolved. Calls `closed` when the loop no longer
  // refers to this object, at once if no lookup is in progress. Waits for a lookup that hangs.
  void close(std::function<void()> closed);

 private:
  void finish(int status, const addrinfo* addresses);

  uv_loop_t* loop_;
  uv_getaddrinfo_t request_{};
  bool busy_ = false;
  OnResolved on_resolved_;
  std::function<void()> closed_;
};

// Whether a URL's host is an address (IPv6 in brackets) rather than a name.
bool is_numeric_host(const std::string& host);

}  // namespace sim
