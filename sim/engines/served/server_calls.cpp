#include "sim/engines/served/server_calls.h"

#include <utility>

#include "sim/base/io/set_up_error.h"

namespace sim {
namespace {

constexpr std::uint64_t kAgainMs = 100;

}  // namespace

ServerCalls::ServerCalls(IoLoop& loop, std::vector<sockaddr_storage> servers,
                         std::function<void()> on_accepted)
    : loop_(loop),
      servers_(std::move(servers)),
      on_accepted_(std::move(on_accepted)),
      calls_(servers_.size()),
      left_(servers_.size()),
      again_(this) {
  require(uv_timer_init(loop_.uv(), again_.get()), "a timer");
}

ServerCalls::~ServerCalls() { stop(); }

void ServerCalls::begin() {
  uv_timer_start(
      again_.get(), [](uv_timer_t* timer) { static_cast<ServerCalls*>(timer->data)->call_all(); },
      0, kAgainMs);
}

void ServerCalls::stop() {
  uv_timer_stop(again_.get());
  for (Call& call : calls_) {
    if (call.stream != nullptr) std::exchange(call.stream, nullptr)->abandon();
  }
}

void ServerCalls::call_all() {
  for (std::uint32_t s = 0; s < calls_.size(); ++s) {
    if (!calls_[s].accepted && calls_[s].stream == nullptr) call(s);
  }
}

void ServerCalls::call(std::uint32_t server) {
  Call& call = calls_[server];
  Stream* const stream = Stream::create(loop_, *this, server);
  const int error = stream->connect(reinterpret_cast<const sockaddr*>(&servers_[server]));
  if (error == 0) {
    call.stream = stream;
  } else {
    call.error = error;
    stream->abandon();
  }
}

void ServerCalls::connected(Stream& stream) {
  Call& call = calls_[stream.tag()];
  call.accepted = true;
  std::exchange(call.stream, nullptr)->abandon();
  if (--left_ == 0) uv_timer_stop(again_.get());
  on_accepted_();
}

void ServerCalls::closed(Stream& stream, StreamEnd, int error) {
  Call& call = calls_[stream.tag()];
  call.stream = nullptr;
  call.error = error;
}

std::string ServerCalls::why_not(std::uint32_t server) const {
  const Call& call = calls_[server];
  if (call.error != 0) return uv_strerror(call.error);
  return call.stream == nullptr ? "not called yet" : "no answer";
}

}  // namespace sim
