#include "sim/app/export/trace_events.h"

#include <fmt/format.h>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/text/numbers.h"

namespace sim {

std::string json_string_of(std::string_view text) { return dump_json(json_text(text).get(), 0); }

std::size_t TraceEvents::process(const std::string& name) {
  const auto [found, is_new] = processes_.emplace(name, processes_.size() + 1);
  if (is_new) this->name({found->second, 0}, "process_name", name);
  return found->second;
}

TraceEvents::Place TraceEvents::thread(std::size_t process, const std::string& name) {
  const auto [found, is_new] = threads_.emplace(std::pair(process, name), 0);
  if (is_new) {
    found->second = ++threads_of_[process];
    this->name({process, found->second}, "thread_name", name);
  }
  return {process, found->second};
}

void TraceEvents::slice(Place place, herd::Duration from, herd::Duration length,
                        std::string_view name, std::string_view arguments) {
  begin('X', place, from, name);
  text_ += R"(,"dur":)";
  append_micros(text_, length);
  text_ += fmt::format(R"(,"args":{}}})", arguments);
}

void TraceEvents::open_slice(Place place, herd::Duration from, std::string_view name) {
  begin('B', place, from, name);
  text_ += '}';
}

void TraceEvents::bar(std::size_t process, herd::Duration from, const herd::Duration* to,
                      std::string_view category, std::string_view name,
                      std::string_view arguments) {
  const std::string identity = fmt::format(R"(,"cat":"{}","id":"{}")", category, next_id_++);
  begin('b', {process, 0}, from, name);
  text_ += fmt::format(R"({},"args":{}}})", identity, arguments);
  if (to == nullptr) return;
  begin('e', {process, 0}, *to, name);
  text_ += identity + '}';
}

void TraceEvents::arrow(Place from, herd::Duration sent, Place to, herd::Duration received) {
  const std::string identity = fmt::format(R"(,"cat":"flow","id":"{}")", next_id_++);
  begin('s', from, sent, R"("message")");
  text_ += identity + '}';
  begin('f', to, received, R"("message")");
  text_ += identity + R"(,"bp":"e"})";
}

void TraceEvents::moment(std::size_t process, herd::Duration at, std::string_view name,
                         std::string_view arguments) {
  begin('i', {process, 0}, at, name);
  text_ += fmt::format(R"(,"s":"{}","args":{}}})", process == 0 ? 'g' : 'p', arguments);
}

std::string TraceEvents::take(std::string_view other_data) {
  return fmt::format("{{\"displayTimeUnit\":\"ns\",\"otherData\":{},\"traceEvents\":[{}\n]}}\n",
                     other_data, text_);
}

void TraceEvents::begin(char phase, Place place, herd::Duration at, std::string_view name) {
  text_ += size_++ == 0 ? "\n" : ",\n";
  text_ += fmt::format(R"({{"ph":"{}","pid":{},"tid":{},"name":{},"ts":)", phase, place.process,
                       place.thread, name);
  append_micros(text_, at);
}

void TraceEvents::name(Place place, std::string_view kind, const std::string& name) {
  begin('M', place, herd::Duration(0), json_string_of(kind));
  text_ += fmt::format(R"(,"args":{{"name":{}}}}})", json_string_of(name));
}

}  // namespace sim
