// What must be true of all that a server sends to its two neighbours, by any scheme and with any
// outbox: each record is one that it has accepted, and none is older than what it sent of the same
// client before; every other line is of the scheme.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/naive.h"

namespace herd::fuzz {

class LinkWatch {
 public:
  // The connections of FakeServer::link_up(), by neighbour.
  static constexpr std::uint32_t kLinks[] = {10, 11};

  // `words`: the first words of the scheme's lines.
  explicit LinkWatch(std::span<const std::string_view> words) : words_(words) {}

  // The server accepts this record, which is newer than those of the client before.
  void accepted(const std::string& client, const std::string& line) {
    accepted_[client].push_back(plain(line));
  }
  // A neighbour sends this record.
  void held_by(std::uint32_t neighbor, const std::string& client, const std::string& line) {
    held_[neighbor][client].push_back(plain(line));
  }

  // Takes a line of a trace. Returns false if it is not of a line that goes out on a link.
  bool saw(std::string_view effect) {
    const std::vector<naive::Field> words = naive::fields_of(effect);
    if (words.size() < 3 || (words[0].text != "send" && words[0].text != "update")) return false;
    const auto link = std::ranges::find(kLinks, words[1].text, to_text);
    if (link == std::end(kLinks)) return false;
    const auto neighbor = static_cast<std::uint32_t>(link - std::begin(kLinks));
    std::string_view line = effect.substr(words[2].column);
    const std::string_view end = words[0].text == "send" ? "<LF>]" : "]";
    require(line.starts_with('[') && line.ends_with(end), "a link's line ends with LF", effect);
    line = line.substr(1, line.size() - 1 - end.size());
    require(line.size() <= kMaxLinkLine, "a link's line is not too long", line);
    sent(neighbor, line);
    return true;
  }

  // Precondition: the scheme is a flood, and nothing waits to be sent. Checks that each neighbour
  // was sent the client's record, or has sent it itself.
  void require_told(std::string_view client, const std::string& record) const {
    for (const std::uint32_t neighbor : {0U, 1U}) {
      const auto knows = [&](const auto& lines) {
        const auto of_client = lines.find(std::string(client));
        return of_client != lines.end() && std::ranges::count(of_client->second, plain(record)) > 0;
      };
      require(knows(sent_[neighbor]) || knows(held_[neighbor]), "a neighbour is told", record);
    }
  }

 private:
  using Lines = std::map<std::string, std::vector<std::string>>;  // by client

  // Returns the AT line with one space between its fields. A line may go out as it came in.
  static std::string plain(std::string_view line) {
    std::string out;
    for (const naive::Field& field : naive::fields_of(line)) {
      out.append(out.empty() ? "" : " ").append(field.text);
    }
    return out;
  }
  static std::string to_text(std::uint32_t number) { return std::to_string(number); }

  void sent(std::uint32_t neighbor, std::string_view line) {
    constexpr std::size_t kFields = 5, kClient = 2;
    const std::vector<naive::Field> fields = naive::fields_of(line);
    require(!fields.empty(), "a link's line is not empty");
    const std::string_view word = fields[0].text;
    if (word != "AT" && word != "ATS") {
      require(std::ranges::count(words_, word) > 0, "a link's line is of the scheme", line);
      return;
    }
    const std::size_t records = (fields.size() - 1) / kFields;
    require(fields.size() == 1 + records * kFields && (word == "AT" ? records == 1 : records > 1),
            "a line of records is whole", line);
    for (std::size_t at = 1; at < fields.size(); at += kFields) {
      std::string record = "AT";
      for (std::size_t i = at; i < at + kFields; ++i) record.append(" ").append(fields[i].text);
      sent_record(neighbor, std::string(fields[at + kClient].text), record);
    }
  }
  void sent_record(std::uint32_t neighbor, const std::string& client, const std::string& record) {
    const std::vector<std::string>& all = accepted_[client];
    const auto place = std::ranges::find(all, record);
    require(place != all.end(), "a record was accepted before it is sent", record);
    std::vector<std::string>& before = sent_[neighbor][client];
    require(before.empty() || std::find(place, all.end(), before.back()) == all.end() ||
                before.back() == record,
            "no record is older than what was sent before", record);
    before.push_back(record);
  }

  std::span<const std::string_view> words_;
  Lines accepted_;           // in their order
  Lines sent_[2], held_[2];  // by neighbour
};

}  // namespace herd::fuzz
