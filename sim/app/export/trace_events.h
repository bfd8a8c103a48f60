// Writes events in Chrome's Trace Event Format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/time.h"

namespace sim {

// Returns the text as a JSON string, with its quotes.
std::string json_string_of(std::string_view text);

// Names and arguments are JSON: json_string_of() and objects. Processes and threads are numbered
// from 1 in the order in which they are first named.
class TraceEvents {
 public:
  // What an event belongs to.
  struct Place {
    std::size_t process = 0, thread = 0;
  };

  std::size_t process(const std::string& name);
  Place thread(std::size_t process, const std::string& name);

  // A bar of the thread, which may lie in another one. Without an end it lasts until the trace
  // ends.
  void slice(Place place, herd::Duration from, herd::Duration length, std::string_view name,
             std::string_view arguments);
  void open_slice(Place place, herd::Duration from, std::string_view name);
  // A bar of the process, beside others at the same time. Bars with one name are in one row.
  void bar(std::size_t process, herd::Duration from, const herd::Duration* to,
           std::string_view category, std::string_view name, std::string_view arguments);
  // An arrow from the slice that is at one place and time to the one at another.
  void arrow(Place from, herd::Duration sent, Place to, herd::Duration received);
  // A moment of the process; of the whole trace if `process` is 0.
  void moment(std::size_t process, herd::Duration at, std::string_view name,
              std::string_view arguments);

  std::size_t size() const { return size_; }
  // Returns the trace, with this object as its other data.
  std::string take(std::string_view other_data);

 private:
  void begin(char phase, Place place, herd::Duration at, std::string_view name);
  void name(Place place, std::string_view kind, const std::string& name);

  std::map<std::string, std::size_t> processes_;
  std::map<std::pair<std::size_t, std::string>, std::size_t> threads_;
  std::map<std::size_t, std::size_t> threads_of_;  // by process: their number
  std::uint64_t next_id_ = 1;
  std::size_t size_ = 0;
  std::string text_;
};

}  // namespace sim
