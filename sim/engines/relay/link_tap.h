// Receives what the servers of a foreign herd say on its links.
#pragma once

#include <cstdint>
#include <string_view>

namespace sim {

// Direction 2l of link l is from its first server to its second; 2l + 1 is the opposite one.
class LinkTap {
 public:
  static constexpr std::uint32_t kNoMessage = 0xffff'ffff;

  virtual ~LinkTap() = default;
  // A server has said a line to its neighbour; `line` has no line ending. Returns the number of the
  // message for later reports, or kNoMessage if the line does not belong to the herd's flood.
  virtual std::uint32_t line_said(std::uint32_t direction, std::string_view line) = 0;
  // The message has been handed to the neighbour's socket, or is lost. In each direction, messages
  // arrive in the order in which they were said.
  virtual void message_arrived(std::uint32_t direction, std::uint32_t message) = 0;
  virtual void message_lost(std::uint32_t direction, std::uint32_t message) = 0;
  // The link has got a connection that carries messages, or its last such connection has ended.
  virtual void link_stands(std::uint32_t link) = 0;
  virtual void link_ended(std::uint32_t link) = 0;
};

}  // namespace sim
