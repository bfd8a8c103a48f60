#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/markup.h"
#include "sim/measure/report/built_in_page.h"
#include "sim/measure/report/sections.h"
#include "sim/measure/report/write_report.h"

namespace sim {
namespace {

constexpr auto kGlossary = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"herd", "a group of servers that exchange the locations of their clients"},
    {"link", "the connection between two servers of a herd, which are then neighbours"},
    {"update", "a location report of a client; accepted if it is newer than the server's record"},
    {"message", "an update on a link, from one server to another"},
    {"delivery", "a message that tells its receiver something new"},
    {"duplicate", "a message whose receiver has the record already"},
    {"echo", "a duplicate that goes back to the neighbour from which the record came"},
    {"stale", "a message with an older record than its receiver has"},
    {"lost", "a message that was sent on a link and never received"},
    {"repair", "a message that is sent because a neighbour lacks the record after a fault"},
    {"propagation", "time from the acceptance of an update to its delivery at one server"},
    {"coverage", "time from the acceptance of an update until every server has it"},
    {"redundancy", "messages per server to reach, less 1; a perfect tree has 0"},
    {"undelivered", "an accepted update and a server that never got it, nor a newer one"},
    {"reply time",
     "time from the moment at which the script wants a line sent to the answer's end"},
    {"handover",
     "a client leaves one server for another; stale if the new server does not know its "
     "last location yet"},
    {"staleness", "how long the new server did not know that location"},
    {"violation", "a promise of the protocol that a server broke"},
    {"p50, p99", "half of the cases, 99 of 100 cases were at most that; each is a measured value"},
});

std::string files_list(RunFolder& folder) {
  std::string out =
      "<h3>Files</h3>\n<ul class=\"files\">\n<li><a href=\"run.json\">run.json</a></li>\n";
  const json_t* const files = json_object_get(folder.run(), "files");
  for (std::size_t i = 0; i < json_array_size(files); ++i) {
    const std::string_view file = string_of(json_array_get(files, i));
    if (file == kReportFile) continue;
    // "./" keeps a name with a colon from being read as an address of its own.
    out += fmt::format("<li><a href=\"./{0}\">{0}</a></li>\n", html_text(file));
  }
  return out + "</ul>\n";
}

std::string members(const json_t* object) {
  std::string out;
  const char* key = nullptr;
  json_t* value = nullptr;
  json_object_foreach(const_cast<json_t*>(object), key, value) {
    const std::string_view text = string_of(value);
    const std::string shown = json_is_string(value) ? std::string(text) : dump_json(value, 0);
    out += "<dt>" + html_text(key) + "</dt><dd>" + html_text(shown) + "</dd>\n";
  }
  return out;
}

std::string run_facts(RunFolder& folder) {
  std::string out = "<h3>The run and its machine</h3>\n<dl class=\"facts\">\n";
  for (const char* const key : {"start", "clock", "seed", "trace_hash"}) {
    const json_t* const value = json_object_get(folder.run(), key);
    if (value == nullptr) continue;
    const std::string text =
        json_is_string(value) ? std::string(string_of(value)) : dump_json(value, 0);
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", key, html_text(text));
  }
  out += members(json_object_get(folder.run(), "machine"));
  return out + members(json_object_get(folder.run(), "herdsim")) + "</dl>\n";
}

std::string glossary() {
  std::string out = "<h3>Words</h3>\n<dl class=\"glossary\">\n";
  for (const auto& [word, meaning] : kGlossary) {
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", word, html_text(meaning));
  }
  return out + "</dl>\n";
}

std::string folded(std::string_view title, std::string_view text) {
  return fmt::format(
      "<details><summary>{0}</summary><pre class=\"scroll tall\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{0}\">{1}</pre></details>\n",
      title, text);
}

// Returns text of several lines for a <pre>.
std::string lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += html_text(text.substr(0, end)) + '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::string about_section(RunFolder& folder) {
  return section(
      "about", "About this run", "Everything on this page comes from the files of this folder.",
      glossary() + files_list(folder) + run_facts(folder) +
          folded("The scenario", lines(dump_json(json_object_get(folder.run(), "scenario"), 2))) +
          folded("Licences of the libraries in this page", lines(built_in_page().licences)));
}

}  // namespace sim
