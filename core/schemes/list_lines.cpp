#include "core/schemes/list_lines.h"

#include <string>
#include <variant>

#include "core/limits.h"

namespace herd {
namespace {

template <class Item, class Append>
void say_list(PropagatorHost& host, NeighborId to, std::string_view head,
              std::span<const Item> items, Moment now, Append append) {
  std::string line(head), next;
  for (const Item& item : items) {
    next.assign(" ");
    append(next, item);
    if (line.size() + next.size() > kMaxLinkLine) {
      host.say_control(to, line, now);
      line = head;
    }
    line += next;
  }
  host.say_control(to, line, now);
}

template <class Item, class Scan>
std::optional<std::vector<Item>> read_list(LineFields& fields, Scan scan) {
  std::vector<Item> items;
  for (auto field = fields.next(); !field.empty(); field = fields.next()) {
    const std::optional<Item> item = scan(field);
    if (!item) return std::nullopt;
    items.push_back(*item);
  }
  return items;
}

}  // namespace

void say_entries(PropagatorHost& host, NeighborId to, std::string_view head,
                 std::span<const RecordEntry> entries, Moment now) {
  say_list(host, to, head, entries, now,
           [](std::string& out, const RecordEntry& entry) { append_entry(out, entry); });
}

void say_hashes(PropagatorHost& host, NeighborId to, std::string_view head,
                std::span<const std::uint64_t> hashes, Moment now) {
  say_list(host, to, head, hashes, now,
           [](std::string& out, std::uint64_t hash) { append_hash(out, hash); });
}

std::optional<std::vector<RecordEntry>> read_entries(LineFields& fields) {
  return read_list<RecordEntry>(fields, [](std::string_view field) -> std::optional<RecordEntry> {
    const auto entry = scan_entry(field);
    if (!std::holds_alternative<RecordEntry>(entry)) return std::nullopt;
    return std::get<RecordEntry>(entry);
  });
}

std::optional<std::vector<std::uint64_t>> read_hashes(LineFields& fields) {
  return read_list<std::uint64_t>(fields, scan_hash);
}

}  // namespace herd
