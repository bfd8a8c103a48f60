#include "sim/base/json/dump_json.h"

#include <string_view>

#include "sim/base/text/numbers.h"

namespace sim {
namespace {

constexpr std::string_view kColon = ": ";

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// Precondition: the character needs an escape.
void append_escaped(std::string& out, char c) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  if (const std::size_t at = kShort.find(c); at != kShort.npos) {
    out += '\\';
    out += kLetters[at];
  } else {
    out += "\\u00";
    out += kDigits[static_cast<std::size_t>(c) >> 4];
    out += kDigits[static_cast<std::size_t>(c) & 15];
  }
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && !needs_escape(text[end])) ++end;
    out.append(text, at, end - at);
    if (end < text.size()) append_escaped(out, text[end++]);
    at = end;
  }
  out += '"';
}

void append_json_real(std::string& out, double value) {
  const std::size_t start = out.size();
  append_real(out, value);
  if (out.find('.', start) == out.npos) out += ".0";
}

class Dumper {
 public:
  Dumper(std::size_t indent, std::string_view colon, const std::vector<ListWithItems>& lists)
      : indent_(indent), colon_(colon), lists_(lists) {}

  std::string take() { return std::move(out_); }

  void add(const json_t* value) {
    switch (json_typeof(value)) {
      case JSON_OBJECT:
        return add_object(value);
      case JSON_ARRAY:
        return add_array(value);
      case JSON_STRING:
        return append_string(out_, {json_string_value(value), json_string_length(value)});
      case JSON_INTEGER:
        return append_integer(out_, json_integer_value(value));
      case JSON_REAL:
        return append_json_real(out_, json_real_value(value));
      case JSON_TRUE:
        out_ += "true";
        return;
      case JSON_FALSE:
        out_ += "false";
        return;
      case JSON_NULL:
        out_ += "null";
        return;
    }
  }

 private:
  void add_object(const json_t* value) {
    out_ += '{';
    ++depth_;
    bool first = true;
    // jansson's iterators take an object that is not const, and do not change it.
    auto* const object = const_cast<json_t*>(value);
    for (void* at = json_object_iter(object); at != nullptr;
         at = json_object_iter_next(object, at)) {
      begin_item(first);
      append_string(out_, json_object_iter_key(at));
      out_ += indent_ > 0 ? colon_ : ":";
      add(json_object_iter_value(at));
    }
    end_items(first, '}');
  }

  void add_array(const json_t* array) {
    out_ += '[';
    ++depth_;
    bool first = true;
    JsonItems* const items = items_of(array);
    const std::size_t size = items != nullptr ? items->size() : json_array_size(array);
    for (std::size_t i = 0; i < size; ++i) {
      begin_item(first);
      add(items != nullptr ? items->item(i) : json_array_get(array, i));
    }
    end_items(first, ']');
  }

  // Returns null if the array has its items itself.
  JsonItems* items_of(const json_t* array) const {
    for (const ListWithItems& each : lists_) {
      if (each.list == array) return each.items;
    }
    return nullptr;
  }

  void begin_item(bool& first) {
    if (!first) out_ += ',';
    first = false;
    begin_line();
  }

  void end_items(bool empty, char bracket) {
    --depth_;
    if (!empty) begin_line();
    out_ += bracket;
  }

  void begin_line() {
    if (indent_ == 0) return;
    out_ += '\n';
    out_.append(depth_ * indent_, ' ');
  }

  std::size_t indent_;
  std::string_view colon_;
  const std::vector<ListWithItems>& lists_;
  std::size_t depth_ = 0;
  std::string out_;
};

std::string dump(const json_t* value, std::size_t indent, std::string_view colon,
                 const std::vector<ListWithItems>& lists) {
  if (value == nullptr) return {};
  Dumper dumper(indent, colon, lists);
  dumper.add(value);
  return dumper.take();
}

}  // namespace

std::string dump_json(const json_t* value, std::size_t indent, std::string_view colon) {
  return dump(value, indent, colon, {});
}

std::string dump_json(const json_t* value, std::size_t indent,
                      const std::vector<ListWithItems>& lists) {
  return dump(value, indent, kColon, lists);
}

}  // namespace sim
