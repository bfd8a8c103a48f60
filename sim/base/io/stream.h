// One TCP connection on an IoLoop. It cuts input into lines without copying them, or passes it on
// as it comes. It collects output and writes it once per turn. It can close without losing output.
//
// A stream owns itself. It lives until it calls its owner's closed(), and must not be used after
// that. The loop calls owners, never from within a call to the stream. Only the loop's thread may
// use a stream.
#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/framing.h"
#include "sim/base/io/io_loop.h"

namespace sim {

class Stream;

enum class StreamEnd {
  kOrderly,   // both endpoints had sent everything
  kFailed,    // the connection broke, or was never made
  kStalled,   // the other endpoint took nothing for too long
  kOverflow,  // more than the allowed bytes were unsent
};

class StreamOwner {
 public:
  virtual ~StreamOwner() = default;
  // The connection of a stream that called connect() is made.
  virtual void connected(Stream&) {}
  // Returns the limit of the line's length in bytes.
  virtual std::size_t max_line(const Stream& stream) const = 0;
  // A line has come. If it returns false, no further line comes before resume_reading().
  virtual bool line_received(Stream& stream, const herd::Line& line) = 0;
  // Input of a raw stream has come. The view is valid during the call.
  virtual void bytes_received(Stream&, std::string_view) {}
  // A line was too long. The stream drops the rest of the input.
  virtual void overlong_line(Stream& stream, std::string_view first_bytes) = 0;
  // The other endpoint will send no more.
  virtual void input_ended(Stream& stream) = 0;
  // Enough output has gone out that a stream whose owner refused lines may resume reading.
  virtual void output_drained(Stream&) {}
  // The connection is gone. `error` is libuv's error code, or 0 if there was none.
  virtual void closed(Stream& stream, StreamEnd end, int error) = 0;
};

class Stream {
 public:
  struct Limits {
    std::uint64_t stall_ns = 0;  // close if unsent bytes make no progress for this time; 0: never
    std::size_t max_unsent = 0;  // close if more is unsent at the end of a turn; 0: never
    // The time that the other endpoint has to end after this one.
    std::uint64_t farewell_ns = 5'000'000'000;
  };

  // `tag` is a number of the owner's choice.
  static Stream* create(IoLoop& loop, StreamOwner& owner, std::uint32_t tag);

  // Accepts a waiting connection of the listener, or dials. Returns libuv's error code, or 0.
  int accept(uv_stream_t* listener);
  int connect(const sockaddr* address);

  // Adds text to the output of this turn.
  void write(std::string_view text, std::string_view ending);
  // Sends the remaining output and then ends it (a half-close). Until the other endpoint ends too,
  // drops its input (`discard`) or still passes on its lines. Then closes, or closes when the other
  // endpoint does not end in time. A second call may still set `discard`.
  void finish(bool discard);
  // Closes at once. Unsent and unread bytes are lost. Does not call closed().
  void abandon();
  // Like abandon(), but with a reset (RST): for the other endpoint the connection broke.
  void reset();
  // Detaches the owner. The stream then does nothing until abandon(), and the other endpoint sees
  // no end.
  void disown();

  void resume_reading();
  // If `on` is false, reads nothing until it is set to true.
  void set_reading(bool on);
  void set_limits(Limits limits) { limits_ = limits; }
  void set_tag(std::uint32_t tag) { tag_ = tag; }
  // From now on, passes on bytes as they come instead of lines.
  void set_raw() { raw_ = true; }

  std::uint32_t tag() const { return tag_; }
  std::size_t unsent() const { return out_.size() + writing_.size() - written_; }
  std::uint64_t bytes_sent() const { return bytes_sent_; }
  // Returns the other endpoint's address, such as 127.0.0.1:40000.
  std::string peer() const;

 private:
  friend class IoLoop;
  Stream(IoLoop& loop, StreamOwner& owner, std::uint32_t tag);
  ~Stream() = default;

  static Stream& of(uv_handle_t* handle) { return *static_cast<Stream*>(handle->data); }
  void start_reading();
  void on_read(ssize_t size);
  void consume(std::string_view bytes);
  // Passes on the input that came while the loop was stopping, and resumes reading.
  void take_up();
  void end_of_input();
  void mark_dirty();
  void flush();
  void on_written(int status);
  void after_progress(std::size_t bytes);
  void shut_down();
  void close_when_over();
  void check_timeout(std::uint64_t now);
  void end(StreamEnd end, int error);
  void close_handle(bool with_reset = false);

  IoLoop& loop_;
  StreamOwner* owner_;
  std::uint32_t tag_;
  Limits limits_;
  uv_tcp_t tcp_{};
  uv_connect_t connect_{};
  uv_write_t write_{};
  uv_shutdown_t shutdown_{};
  std::string carry_;    // read but not passed on: the beginning of a line, or held lines
  std::string out_;      // to be written
  std::string writing_;  // being written by libuv, from written_ on
  std::size_t written_ = 0;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t progress_at_ = 0;  // of the output, or of the farewell
  bool connecting_ = false, dirty_ = false, held_ = false, discarding_ = false;
  bool set_aside_ = false, raw_ = false;
  bool reading_off_ = false;
  bool input_ended_ = false, finishing_ = false, shut_down_ = false, closing_ = false;
};

}  // namespace sim
