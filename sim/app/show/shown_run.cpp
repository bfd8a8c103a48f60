#include "sim/app/show/shown_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "sim/app/show/result_table.h"
#include "sim/app/show/run_document.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/quoted.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

// Returns why the folder has no floods to show.
std::optional<std::string> refuse(const fs::path& folder, const json_t* document) {
  const std::string name = without_controls(folder.string());
  if (!lists_file(document, "updates.csv")) {
    return fmt::format(R"({} has no updates.csv: its scenario has "record": "summary")", name);
  }
  if (!lists_file(document, "messages.csv")) {
    return fmt::format("{} has no messages.csv: an older herdsim wrote it", name);
  }
  return std::nullopt;
}

}  // namespace

const ShownUpdate* ShownHerd::find(std::uint64_t update) const {
  const auto found = std::lower_bound(
      updates.begin(), updates.end(), update,
      [](const ShownUpdate& each, std::uint64_t number) { return each.number < number; });
  return found != updates.end() && found->number == update ? &*found : nullptr;
}

std::vector<ShownMiss> ShownHerd::misses_of(std::uint64_t update) const {
  std::vector<ShownMiss> out;
  std::copy_if(misses.begin(), misses.end(), std::back_inserter(out),
               [&](const ShownMiss& miss) { return miss.update == update; });
  return out;
}

herd::Result<ShownRun, ShowError> ShownRun::read(const fs::path& folder) {
  const auto opened = read_run_document(folder);
  if (!opened) return opened.error();
  const json_t* const document = opened->get();
  if (auto error = refuse(folder, document)) return ShowError{std::move(*error)};
  ShownRun run;
  run.folder_ = folder;
  run.name_ = string_of(json_object_get(document, "name"));
  if (auto error = run.read_herds()) return ShowError{std::move(*error)};
  if (auto error = run.read_updates()) return ShowError{std::move(*error)};
  if (auto error = run.count_messages()) return ShowError{std::move(*error)};
  if (lists_file(document, "undelivered.csv")) {
    if (auto error = run.read_misses()) return ShowError{std::move(*error)};
  }
  return run;
}

ShownHerd* ShownRun::find(const std::string& herd) {
  const auto found = std::find_if(herds_.begin(), herds_.end(),
                                  [&](const ShownHerd& each) { return each.name == herd; });
  return found == herds_.end() ? nullptr : &*found;
}

std::optional<std::string> ShownRun::read_herds() {
  constexpr std::array<std::string_view, 2> kColumns = {"herd", "servers"};
  return read_result_table(folder_ / "summary.csv", kColumns, [&](ResultRow& row) {
    ShownHerd& herd = herds_.emplace_back();
    herd.name = row.text(0);
    herd.servers = row.count(1).value_or(0);
  });
}

std::optional<std::string> ShownRun::read_updates() {
  constexpr std::array<std::string_view, 13> kColumns = {
      "herd",    "update",      "client",          "origin",   "outcome",
      "sent_us", "accepted_us", "servers_reached", "messages", "duplicates",
      "echoes",  "coverage_us", "reply_us"};
  return read_result_table(folder_ / "updates.csv", kColumns, [&](ResultRow& row) {
    ShownHerd* const herd = find(row.text(0));
    if (herd == nullptr) return;
    ShownUpdate& update = herd->updates.emplace_back();
    update.number = row.count(1).value_or(0);
    update.client = row.text(2);
    update.origin = row.text(3);
    update.outcome = row.text(4);
    update.sent = row.micros(5).value_or(herd::Duration(0));
    update.accepted = row.micros(6);
    update.reached = row.count(7).value_or(0);
    update.messages = row.count(8);
    update.duplicates = row.count(9);
    update.echoes = row.count(10);
    update.coverage = row.micros(11);
    update.reply = row.micros(12);
  });
}

std::optional<std::string> ShownRun::read_misses() {
  constexpr std::array<std::string_view, 4> kColumns = {"herd", "update", "server", "reason"};
  return read_result_table(folder_ / "undelivered.csv", kColumns, [&](ResultRow& row) {
    ShownHerd* const herd = find(row.text(0));
    const auto update = row.count(1);
    if (herd != nullptr && update) herd->misses.push_back({*update, row.text(2), row.text(3)});
  });
}

std::optional<std::string> ShownRun::count_messages() {
  constexpr std::array<std::string_view, 2> kColumns = {"herd", "update"};
  return read_result_table(folder_ / "messages.csv", kColumns, [&](ResultRow& row) {
    ShownHerd* const herd = find(row.text(0));
    if (herd == nullptr) return;
    const ShownUpdate* const update = herd->find(row.count(1).value_or(0));
    if (update != nullptr) {
      ++herd->updates[static_cast<std::size_t>(update - herd->updates.data())].logged;
    }
  });
}

std::optional<ShowError> ShownRun::for_each_message(const TakeMessage& take) const {
  constexpr std::array<std::string_view, 10> kColumns = {
      "herd", "update", "from", "to", "sent_us", "received_us", "hops", "kind", "echo", "repair"};
  auto error = read_result_table(folder_ / "messages.csv", kColumns, [&](ResultRow& row) {
    const auto herd = std::find_if(herds_.begin(), herds_.end(),
                                   [&](const ShownHerd& each) { return each.name == row.text(0); });
    const auto update = row.count(1);
    if (herd == herds_.end() || !update) return;
    ShownMessage message;
    message.from = std::move(row.text(2));
    message.to = std::move(row.text(3));
    message.sent = row.micros(4).value_or(herd::Duration(0));
    message.received = row.micros(5);
    message.hops = row.count(6).value_or(0);
    message.kind = std::move(row.text(7));
    message.echo = row.text(8) == "1";
    message.repair = row.text(9) == "1";
    take(*herd, *update, std::move(message));
  });
  if (error) return ShowError{std::move(*error)};
  return std::nullopt;
}

herd::Result<std::vector<ShownMessage>, ShowError> ShownRun::messages(const ShownHerd& herd,
                                                                      std::uint64_t update) const {
  std::vector<ShownMessage> out;
  auto error =
      for_each_message([&](const ShownHerd& of, std::uint64_t number, ShownMessage message) {
        if (&of == &herd && number == update) out.push_back(std::move(message));
      });
  if (error) return std::move(*error);
  std::stable_sort(out.begin(), out.end(), [](const ShownMessage& a, const ShownMessage& b) {
    return std::pair(a.at(), a.hops) < std::pair(b.at(), b.hops);
  });
  return out;
}

}  // namespace sim
