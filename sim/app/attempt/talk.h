// A TCP connection to a server that is being tried. It blocks its thread, always with a time limit.
#pragma once

#include <uv.h>

#include <chrono>
#include <string>
#include <string_view>

namespace sim {

using Milliseconds = std::chrono::milliseconds;

class Talk {
 public:
  enum class Came { kBytes, kNothing, kEnd };

  // Connects. If it cannot, connected() is false, and every read tells the end.
  explicit Talk(const sockaddr_storage& server);
  ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  bool connected() const { return fd_ >= 0; }
  // Sends all bytes. What a server does not take because it has closed is dropped.
  void say(std::string_view bytes);
  // Sends no more: closes the sending direction.
  void end();
  // Appends the next bytes to `into`. Waits at most this long for them. kEnd: the server has closed
  // or reset the connection.
  Came read(std::string& into, Milliseconds wait);
  // Reads until the server closes, or nothing has come for this long.
  std::string rest(Milliseconds quiet);
  // Whether the server has been seen to close.
  bool ended() const { return ended_; }

 private:
  int fd_ = -1;
  bool ended_ = false;
};

}  // namespace sim
