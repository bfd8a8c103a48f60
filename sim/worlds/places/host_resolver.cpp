#include "sim/worlds/places/host_resolver.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <utility>

#include "sim/base/io/start_thread.h"

namespace sim {
namespace {

constexpr std::size_t kThreads = 4;  // libuv's default

std::vector<std::string> to_texts(const addrinfo* addresses) {
  std::vector<std::string> texts;
  for (const addrinfo* each = addresses; each != nullptr; each = each->ai_next) {
    char text[INET6_ADDRSTRLEN] = "";
    if (each->ai_family == AF_INET) {
      uv_ip4_name(reinterpret_cast<const sockaddr_in*>(each->ai_addr), text, sizeof text);
      texts.emplace_back(text);
    } else if (each->ai_family == AF_INET6) {
      uv_ip6_name(reinterpret_cast<const sockaddr_in6*>(each->ai_addr), text, sizeof text);
      texts.push_back('[' + std::string(text) + ']');
    }
  }
  return texts;
}

}  // namespace

bool HostResolver::resolve(const std::string& host, OnResolved on_resolved) {
  // libuv looks names up on threads, which it starts once. It aborts if it cannot.
  static std::atomic<bool> has_threads = false;
  if (!has_threads && !can_start_threads(kThreads)) return false;
  has_threads = true;
  on_resolved_ = std::move(on_resolved);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  busy_ = 0 == uv_getaddrinfo(
                   loop_, &request_,
                   [](uv_getaddrinfo_t* request, int result, addrinfo* addresses) {
                     static_cast<HostResolver*>(request->data)->finish(result, addresses);
                     uv_freeaddrinfo(addresses);
                   },
                   host.c_str(), nullptr, &hints);
  return busy_;
}

void HostResolver::finish(int status, const addrinfo* addresses) {
  busy_ = false;
  if (closed_) {
    const auto closed = std::move(closed_);
    closed();
    return;
  }
  const auto on_resolved = std::move(on_resolved_);
  if (status != 0) {
    on_resolved(std::string(uv_strerror(status)));
    return;
  }
  auto texts = to_texts(addresses);
  if (texts.empty()) {
    on_resolved(std::string("no address"));
  } else {
    on_resolved(std::move(texts));
  }
}

void HostResolver::close(std::function<void()> closed) {
  if (!busy_) {
    closed();
    return;
  }
  closed_ = std::move(closed);
  uv_cancel(reinterpret_cast<uv_req_t*>(&request_));
}

bool is_numeric_host(const std::string& host) {
  if (!host.empty() && host.front() == '[') return true;
  in_addr address{};
  return uv_inet_pton(AF_INET, host.c_str(), &address) == 0;
}

}  // namespace sim
