#include "sim/script/traces/parse_trace.h"

#include <string>
#include <utility>

#include "sim/base/text/quoted.h"
#include "sim/script/traces/csv_trace.h"
#include "sim/script/traces/fcd_trace.h"
#include "sim/script/traces/gpx_trace.h"
#include "sim/script/traces/trace_builder.h"
#include "sim/script/traces/xml_reader.h"

namespace sim {
namespace {

// Passes the elements to the reader that its root element selects.
class XmlTraceReader : public XmlHandler {
 public:
  explicit XmlTraceReader(TraceBuilder& builder)
      : builder_(builder), gpx_(builder), fcd_(builder) {}

  void begin_element(const XmlElement& element) override {
    if (!root_seen_) choose(element);
    root_seen_ = true;
    if (reader_ != nullptr) reader_->begin_element(element);
  }
  void end_element(std::string_view name) override {
    if (reader_ != nullptr) reader_->end_element(name);
  }
  void add_text(std::string_view text) override {
    if (reader_ != nullptr) reader_->add_text(text);
  }
  void finish() {
    if (reader_ == &gpx_) gpx_.finish();
  }

 private:
  void choose(const XmlElement& root) {
    if (root.name == "gpx") {
      reader_ = &gpx_;
    } else if (root.name == "fcd-export") {
      reader_ = &fcd_;
    } else {
      builder_.report(root.line, "trace", "is " + quoted(root.name),
                      R"(GPX, "gpx", or SUMO's floating car data, "fcd-export"; or CSV)");
    }
  }

  TraceBuilder& builder_;
  GpxTraceReader gpx_;
  FcdTraceReader fcd_;
  XmlHandler* reader_ = nullptr;
  bool root_seen_ = false;
};

herd::Result<TraceData, TraceProblems> parse_xml_trace(std::string_view text) {
  TraceBuilder builder("time");
  XmlTraceReader reader(builder);
  const auto error = read_xml(text, reader);
  if (error) builder.report(error->line, "XML", error->what, "");
  reader.finish();
  return std::move(builder).take();
}

}  // namespace

herd::Result<TraceData, TraceProblems> parse_trace(std::string_view text) {
  constexpr std::string_view kGzip = "\x1F\x8B", kUtf16 = "\xFF\xFE", kUtf16Swapped = "\xFE\xFF";
  if (text.starts_with(kGzip)) {
    return TraceProblems{{1, "trace", "is compressed", "the file that gunzip makes of it"}};
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::size_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const std::size_t first = text.find_first_not_of(" \t\r\n", begin);
  const bool is_xml = (first != std::string_view::npos && text[first] == '<') ||
                      text.starts_with(kUtf16) || text.starts_with(kUtf16Swapped);
  return is_xml ? parse_xml_trace(text) : parse_csv_trace(text);
}

}  // namespace sim
