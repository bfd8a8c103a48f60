#include "sim/script/traces/xml_reader.h"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <type_traits>

namespace sim {
namespace {

constexpr char kSeparator = ' ';  // a namespace's URI never contains a space

std::string_view local_name(const char* name) {
  const std::string_view whole(name);
  return whole.substr(whole.rfind(kSeparator) + 1);
}

std::string_view space_of(const char* name) {
  const std::string_view whole(name);
  const std::size_t separator = whole.rfind(kSeparator);
  return separator == std::string_view::npos ? std::string_view() : whole.substr(0, separator);
}

struct Reading {
  XML_Parser parser;
  XmlHandler& handler;
  XmlElement element;
  bool has_doctype = false;
  bool is_too_deep = false;
  std::size_t depth = 0;  // the elements that have begun but not ended

  std::size_t line() const { return XML_GetCurrentLineNumber(parser); }
};

Reading& reading(void* data) { return *static_cast<Reading*>(data); }

void on_start(void* data, const char* name, const char** attributes) {
  Reading& now = reading(data);
  if (++now.depth > kMaxXmlDepth) {
    now.is_too_deep = true;
    XML_StopParser(now.parser, XML_FALSE);
    return;
  }
  now.element.space = space_of(name);
  now.element.name = local_name(name);
  now.element.line = now.line();
  now.element.attributes.clear();
  for (; *attributes != nullptr; attributes += 2) {
    // An attribute with a prefix is not the format's.
    if (!space_of(attributes[0]).empty()) continue;
    now.element.attributes.emplace_back(attributes[0], attributes[1]);
  }
  now.handler.begin_element(now.element);
}

void on_end(void* data, const char* name) {
  Reading& now = reading(data);
  if (now.depth-- > kMaxXmlDepth) return;  // of a parser that has been stopped
  now.handler.end_element(local_name(name));
}

void on_text(void* data, const char* text, int size) {
  reading(data).handler.add_text({text, static_cast<std::size_t>(size)});
}

void on_comment(void* data, const char* text) {
  Reading& now = reading(data);
  now.handler.add_comment(text, now.line());
}

void on_doctype(void* data, const char*, const char*, const char*, int) {
  Reading& now = reading(data);
  now.has_doctype = true;
  XML_StopParser(now.parser, XML_FALSE);
}

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

}  // namespace

std::optional<std::string_view> XmlElement::attribute(std::string_view attribute_name) const {
  for (const auto& [name_, value] : attributes) {
    if (name_ == attribute_name) return value;
  }
  return std::nullopt;
}

std::optional<XmlError> read_xml(std::string_view text, XmlHandler& handler) {
  constexpr std::size_t kPiece = 1 << 20;  // the parser counts bytes in an int
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser(
      XML_ParserCreateNS(nullptr, kSeparator));
  if (parser == nullptr) return XmlError{1, "out of memory"};
  Reading now{parser.get(), handler, {}};
  XML_SetUserData(parser.get(), &now);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetCommentHandler(parser.get(), on_comment);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  do {
    const std::string_view piece = text.substr(0, kPiece);
    text.remove_prefix(piece.size());
    const auto status = XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()),
                                  text.empty() ? XML_TRUE : XML_FALSE);
    if (status == XML_STATUS_OK) continue;
    if (now.has_doctype) return XmlError{now.line(), "has a document type declaration"};
    if (now.is_too_deep) {
      return XmlError{now.line(), fmt::format("nests elements more than {} deep", kMaxXmlDepth)};
    }
    return XmlError{now.line(), XML_ErrorString(XML_GetErrorCode(parser.get()))};
  } while (!text.empty());
  return std::nullopt;
}

}  // namespace sim
