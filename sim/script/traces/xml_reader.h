// Reads XML as a sequence of elements and texts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

// Views are valid during the call only.
struct XmlElement {
  std::string_view space;  // the URI of its namespace; empty if it has none
  std::string_view name;   // without its prefix
  std::vector<std::pair<std::string_view, std::string_view>> attributes;  // without a prefix
  std::size_t line = 1;                                                   // on which it begins

  std::optional<std::string_view> attribute(std::string_view attribute_name) const;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void begin_element(const XmlElement& element) = 0;
  virtual void end_element(std::string_view name) = 0;
  // Receives a piece of the text between tags. One text may come in several pieces.
  virtual void add_text(std::string_view text) = 0;
  virtual void add_comment(std::string_view, std::size_t /*line*/) {}
};

// The formats that are read need less than ten.
inline constexpr std::size_t kMaxXmlDepth = 1000;

struct XmlError {
  std::size_t line = 1;
  std::string what;  // for example `not well-formed (invalid token)`
};

// Returns nullopt if all of `text` is well-formed. The handler gets all elements before an error. A
// document type declaration is an error, because only it can declare entities, which could grow or
// refer to other files. Elements that lie in more than kMaxXmlDepth others are an error too.
std::optional<XmlError> read_xml(std::string_view text, XmlHandler& handler);

}  // namespace sim
