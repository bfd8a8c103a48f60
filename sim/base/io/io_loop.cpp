#include "sim/base/io/io_loop.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/io/owned_fd.h"
#include "sim/base/io/set_up_error.h"
#include "sim/base/io/stream.h"

namespace sim {
namespace {

constexpr const char* kLoop = "an event loop";

// Looks for the descriptors that a loop takes, in advance: if they run out halfway, libuv aborts
// (for want of a pipe that the first loop opens for all) or forgets to close some.
void require_descriptors_of_loop() {
  std::array<OwnedFd, 6> needed;
  for (OwnedFd& each : needed) each.reset(require_descriptor(::eventfd(0, EFD_CLOEXEC), kLoop));
}

}  // namespace

IoLoop::IoLoop() {
  require_descriptors_of_loop();
  require(uv_loop_init(&loop_), kLoop);
  loop_.data = this;
  require(uv_prepare_init(&loop_, &prepare_), kLoop);
  require(uv_check_init(&loop_, &check_), kLoop);
  require(uv_timer_init(&loop_, &sweep_), kLoop);
  prepare_.data = check_.data = sweep_.data = this;
  // Ends a turn before the loop waits (for timers' effects) and after it (for sockets').
  uv_prepare_start(&prepare_, [](uv_prepare_t* h) { static_cast<IoLoop*>(h->data)->end_turn(); });
  uv_check_start(&check_, [](uv_check_t* h) { static_cast<IoLoop*>(h->data)->end_turn(); });
  uv_timer_start(
      &sweep_, [](uv_timer_t* h) { static_cast<IoLoop*>(h->data)->sweep(); }, kSweepMs, kSweepMs);
}

IoLoop::~IoLoop() {
  deferred_.clear();
  dirty_.clear();
  for (Stream* stream : std::vector<Stream*>(streams_.begin(), streams_.end())) stream->abandon();
  uv_walk(
      &loop_,
      [](uv_handle_t* handle, void*) {
        if (!uv_is_closing(handle)) uv_close(handle, nullptr);
      },
      nullptr);
  // If stop() was called after the last run(), the first of these runs ends early.
  while (uv_run(&loop_, UV_RUN_DEFAULT) != 0) {
  }
  uv_loop_close(&loop_);
}

// NOLINTNEXTLINE(bugprone-exception-escape): that is what ends the program.
void IoLoop::run() noexcept {
  stopping_ = false;
  for (Stream* stream : std::vector<Stream*>(streams_.begin(), streams_.end())) stream->take_up();
  uv_run(&loop_, UV_RUN_DEFAULT);
}

std::uint64_t IoLoop::now_ns() {
  recent_ns_ = uv_hrtime();
  recent_turn_ = turn_;
  shared_ = 0;
  return recent_ns_;
}

std::uint64_t IoLoop::recent_ns() {
  if (recent_turn_ == turn_ && ++shared_ < kLinesAReading) return recent_ns_;
  return now_ns();
}

bool IoLoop::may_poll(std::uint64_t ns) {
  const std::uint64_t now = uv_hrtime();
  const auto grown = static_cast<std::int64_t>((now - poll_granted_ns_) / 4);
  poll_allowance_ = std::min(kPollAtOnce, poll_allowance_ + grown);
  poll_granted_ns_ = now;
  return poll_allowance_ >= static_cast<std::int64_t>(ns);
}

void IoLoop::defer(std::function<void()> action) { deferred_.push_back(std::move(action)); }

char* IoLoop::read_buffer(std::size_t size) {
  if (read_buffer_.size() < size) read_buffer_.resize(size);
  return read_buffer_.data();
}

void IoLoop::note_read(std::size_t bytes) {
  read_in_turn_ += bytes;
  if (read_in_turn_ >= kReadPerTurn && !ending_turn_) end_turn();
}

void IoLoop::end_turn() {
  ++turn_;
  read_in_turn_ = 0;
  ending_turn_ = true;
  // Deferred actions may defer and write; flushed streams may defer.
  while (!deferred_.empty() || !dirty_.empty()) {
    std::swap(deferred_, running_);
    for (auto& action : running_) action();
    running_.clear();
    std::swap(dirty_, flushing_);
    for (Stream* stream : flushing_) {
      if (stream->first_) stream->flush();
    }
    for (Stream* stream : flushing_) {
      if (stream->dirty_) stream->flush();
    }
    flushing_.clear();
  }
  ending_turn_ = false;
  ++turn_;  // the actions above do not belong to the turn before the next wait
}

void IoLoop::sweep() {
  const std::uint64_t now = uv_hrtime();
  for (Stream* stream : std::vector<Stream*>(streams_.begin(), streams_.end())) {
    stream->check_timeout(now);
  }
}

}  // namespace sim
