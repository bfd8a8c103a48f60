// A libuv loop and what its connections share: the buffer that they read into, the list of those
// that have something to write, and what is to be done once the current callback has returned.
//
// A loop's turn: the callbacks of what is ready; then what they deferred; then one write for every
// connection that has anything to say. One thread at a time, the one that runs it.
#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_set>
#include <vector>

namespace sim {

class Stream;

class IoLoop {
 public:
  // Throws SetUpError.
  IoLoop();
  // Closes every stream and handle that is left, and runs the loop until they are gone.
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  uv_loop_t* uv() { return &loop_; }
  // Runs until stop(). Ends the program if a callback throws: no exception may cross libuv.
  void run() noexcept;
  // Ends run() after the current turn, however long that is: what still comes in it is set aside
  // for the next run(). On the loop's thread only.
  void stop() {
    stopping_ = true;
    uv_stop(&loop_);
  }

  // Grows from one turn to the next: what has the same number happened without a wait between.
  std::uint64_t turn() const { return turn_; }

  // The monotonic clock, on the scale of uv_hrtime(), and a reading of it that up to eight calls of
  // one turn share, for what one read of a socket has brought: reading it costs as much as half a
  // line's work. Neither ever goes back.
  std::uint64_t now_ns();
  std::uint64_t recent_ns();

  // Whether a timer may have the loop turn for so long without sleeping, so that it wakes in time:
  // all of them together may take a quarter of the thread's time, and 5 ms at once.
  bool may_poll(std::uint64_t ns);
  void note_polled(std::uint64_t ns) { poll_allowance_ -= static_cast<std::int64_t>(ns); }

  // Runs `action` later in this turn, outside of any callback that is under way.
  void defer(std::function<void()> action);

 private:
  friend class Stream;
  static constexpr std::size_t kReadSize = std::size_t{64} * 1024;
  static constexpr std::size_t kReadPerTurn = std::size_t{1} << 20;
  static constexpr std::uint64_t kSweepMs = 250;
  static constexpr std::int64_t kPollAtOnce = 5'000'000;

  // libuv may hand over the bytes of thousands of sockets before it comes to a turn's end: past a
  // bound the turn is ended there and then, so that what was read is sent on.
  void note_read(std::size_t bytes);
  // What comes next may be younger than the last reading of the clock.
  void forget_recent() { recent_turn_ = 0; }
  void add_dirty(Stream* stream) { dirty_.push_back(stream); }
  char* read_buffer(std::size_t size);
  void end_turn();
  void sweep();

  uv_loop_t loop_{};
  uv_prepare_t prepare_{};
  uv_check_t check_{};
  uv_timer_t sweep_{};
  std::uint64_t turn_ = 1;  // grows before every wait
  std::uint64_t recent_ns_ = 0, recent_turn_ = 0;
  int shared_ = 0;
  std::int64_t poll_allowance_ = kPollAtOnce;
  std::uint64_t poll_granted_ns_ = 0;  // the allowance has grown until then
  std::size_t read_in_turn_ = 0;
  bool ending_turn_ = false;
  bool stopping_ = false;
  std::vector<char> read_buffer_;
  std::vector<Stream*> dirty_, flushing_;
  std::vector<std::function<void()>> deferred_, running_;
  std::unordered_set<Stream*> streams_;
};

}  // namespace sim
