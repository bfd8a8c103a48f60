// Reads XML as a sequence of elements and texts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

// Names are without their namespace. Views hold for the call.
struct XmlElement {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  std::size_t line = 1;  // on which it begins

  std::optional<std::string_view> attribute(std::string_view attribute_name) const;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void begin_element(const XmlElement& element) = 0;
  virtual void end_element(std::string_view name) = 0;
  // A piece of the text between tags; one text may come in several.
  virtual void add_text(std::string_view text) = 0;
};

struct XmlError {
  std::size_t line = 1;
  std::string what;  // as `not well-formed (invalid token)`
};

// nullopt where all of `text` is well-formed; what comes before an error has been handed over. A
// document type declaration is an error: without one there are no entities that could grow or
// reach out.
std::optional<XmlError> read_xml(std::string_view text, XmlHandler& handler);

}  // namespace sim
