// What the servers of a tried herd have said to each other about the clients of the attempt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sim {

// Directions are those of LinkTap. The herd's loop adds lines while another thread asks.
class LinkLines {
 public:
  // Every client of an attempt has an id that begins so. Other lines are not kept.
  static constexpr std::string_view kMark = "try-";

  explicit LinkLines(std::size_t directions) : directions_(directions) {}

  void add(std::uint32_t direction, std::string_view line);
  // Returns how many lines that name the client went in each direction.
  std::vector<std::size_t> counts(const std::string& client) const;
  // Returns the last line that named the client in that direction; empty if none did.
  std::string last(const std::string& client, std::uint32_t direction) const;
  // Whether a line about any client has gone.
  bool any() const;
  // The same as counts() and last() for answers to bad lines, which begin with `?`. They do not
  // count as lines about a client.
  std::vector<std::size_t> refusals() const;
  std::string last_refusal(std::uint32_t direction) const;

 private:
  // By direction.
  struct Said {
    explicit Said(std::size_t directions) : counts(directions), last(directions) {}
    void add(std::uint32_t direction, std::string_view line);

    std::vector<std::size_t> counts;
    std::vector<std::string> last;
  };
  std::size_t directions_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Said> said_;  // by client
  Said refused_{directions_};
};

}  // namespace sim
