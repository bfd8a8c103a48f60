#include "sim/script/read/json_syntax.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "sim/base/text/quoted.h"

namespace sim {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

struct Habit {
  std::size_t at = 0;  // where it begins
  std::string_view wrong, right;
};

struct Word {
  std::string_view text, wrong, right;
};
constexpr std::array kWords = {
    Word{"//", "has a comment", "JSON has none: leave it out, or say it in \"about\""},
    Word{"/*", "has a comment", "JSON has none: leave it out, or say it in \"about\""},
    Word{"#", "has a comment", "JSON has none: leave it out, or say it in \"about\""},
    Word{"'", "has a text in single quotes", "double quotes"},
    Word{"NaN", "has NaN, which is no number in JSON", "a number"},
    Word{"Infinity", "has Infinity, which is no number in JSON", "a number"},
    Word{"-Infinity", "has -Infinity, which is no number in JSON", "a number"},
    Word{"True", "has True", "true"},
    Word{"False", "has False", "false"},
    Word{"None", "has None", "null"},
};

std::size_t end_of_string(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  while (at < text.size() && text[at] != '"' && text[at] != '\n') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

// Returns the first habit of a relative of JSON, outside of strings.
std::optional<Habit> find_habit(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      at = end_of_string(text, at);
      continue;
    }
    if (text[at] == ',') {
      const std::size_t next = text.find_first_not_of(kSpace, at + 1);
      if (next != std::string_view::npos && (text[next] == ']' || text[next] == '}')) {
        return Habit{at, "has a comma before the end of a list or an object",
                     "commas between values alone"};
      }
    }
    for (const Word& word : kWords) {
      if (text.substr(at).starts_with(word.text)) return Habit{at, word.wrong, word.right};
    }
    ++at;
  }
  return std::nullopt;
}

JsonMistake mistake_at(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  JsonMistake mistake;
  mistake.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t newline = before.rfind('\n');
  const std::string_view line =
      newline == std::string_view::npos ? before : before.substr(newline + 1);
  mistake.column = 1 + static_cast<int>(std::count_if(line.begin(), line.end(), [](char c) {
                     return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
                   }));
  return mistake;
}

}  // namespace

JsonMistake find_json_mistake(std::string_view text, const json_error_t& error) {
  if (text.find_first_not_of(kSpace) == std::string_view::npos) {
    JsonMistake mistake;
    mistake.wrong = "is empty";
    mistake.right = "a scenario";
    return mistake;
  }
  const auto position = static_cast<std::size_t>(std::max(error.position, 0));
  const auto habit = find_habit(text.substr(0, std::min(text.size(), position + 2)));
  if (habit) {
    JsonMistake mistake = mistake_at(text, habit->at);
    mistake.wrong = habit->wrong;
    mistake.right = habit->right;
    return mistake;
  }
  JsonMistake mistake;
  mistake.line = std::max(error.line, 1);
  mistake.column = std::max(error.column, 1);
  mistake.wrong = without_controls(error.text);
  return mistake;
}

}  // namespace sim
