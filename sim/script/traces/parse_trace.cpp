#include "sim/script/traces/parse_trace.h"

#include <string>
#include <utility>

#include "sim/base/text/quoted.h"
#include "sim/base/text/text_encoding.h"
#include "sim/script/traces/csv_trace.h"
#include "sim/script/traces/fcd_trace.h"
#include "sim/script/traces/gpx_trace.h"
#include "sim/script/traces/trace_builder.h"
#include "sim/script/traces/xml_reader.h"

namespace sim {
namespace {

constexpr TraceWords kGpxWords{"time", "lat, lon", "decimal degrees, and at most 100 km a second",
                               true};
constexpr TraceWords kFcdWords{"time", "x, y",
                               "degrees, which SUMO writes with --fcd-output.geo, and at most "
                               "100 km a second"};

// Passes the elements to the reader that its root element selects. An element of another namespace
// than the root's is another program's, with all that is in it, and is left out.
class XmlTraceReader : public XmlHandler {
 public:
  XmlTraceReader(TraceBuilder& builder, std::optional<TraceFrom> from)
      : builder_(builder), from_(from), gpx_(builder), fcd_(builder) {}

  void begin_element(const XmlElement& element) override {
    if (!root_seen_) choose(element);
    root_seen_ = true;
    if (foreign_depth_ > 0 || element.space != space_) {
      ++foreign_depth_;
    } else if (reader_ != nullptr) {
      reader_->begin_element(element);
    }
  }
  void end_element(std::string_view name) override {
    if (foreign_depth_ > 0) {
      --foreign_depth_;
    } else if (reader_ != nullptr) {
      reader_->end_element(name);
    }
  }
  void add_text(std::string_view text) override {
    if (foreign_depth_ == 0 && reader_ != nullptr) reader_->add_text(text);
  }
  void add_comment(std::string_view text, std::size_t line) override {
    if (reader_ != &gpx_) fcd_.add_comment(text, line);  // it comes before the root
  }
  // Returns from when the file's times count.
  TraceFrom finish() {
    if (reader_ == &gpx_) gpx_.finish();
    if (reader_ == &fcd_) fcd_.finish();
    return from_.value_or(reader_ == &gpx_ ? TraceFrom::kFirst : TraceFrom::kRun);
  }

 private:
  void choose(const XmlElement& root) {
    space_ = root.space;
    if (root.name == "gpx") {
      reader_ = &gpx_;
      builder_.set_words(kGpxWords);
      if (from_ != TraceFrom::kRun) return;
      builder_.report_file(root.line, "time", "is a date in GPX, and does not count from the run",
                           R"("from": "first", which is the default for GPX)");
    } else if (root.name == "fcd-export") {
      reader_ = &fcd_;
    } else {
      builder_.report(root.line, "trace", "is " + quoted(root.name),
                      R"(GPX, "gpx", or SUMO's floating car data, "fcd-export"; or CSV)");
    }
  }

  TraceBuilder& builder_;
  std::optional<TraceFrom> from_;
  GpxTraceReader gpx_;
  FcdTraceReader fcd_;
  XmlHandler* reader_ = nullptr;
  bool root_seen_ = false;
  std::string space_;  // the root's
  std::size_t foreign_depth_ = 0;
};

herd::Result<TraceData, TraceProblems> parse_xml_trace(std::string_view text,
                                                       std::optional<TraceFrom> from) {
  TraceBuilder builder(kFcdWords);
  XmlTraceReader reader(builder, from);
  const auto error = read_xml(text, reader);
  if (error) builder.report(error->line, "XML", error->what, "");
  return std::move(builder).take(reader.finish());
}

// The XML parser reads UTF-16 too.
bool is_utf16_xml(std::string_view text) {
  using std::string_view_literals::operator""sv;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) text.remove_prefix(2);
  return text.starts_with("<\0"sv) || text.starts_with("\0<"sv);
}

}  // namespace

herd::Result<TraceData, TraceProblems> parse_trace(std::string_view text,
                                                   std::optional<TraceFrom> from) {
  if (const auto encoding = foreign_encoding(text)) {
    if (encoding->is_utf16 && is_utf16_xml(text)) return parse_xml_trace(text, from);
    return TraceProblems{{1, "trace", std::string(encoding->wrong), std::string(encoding->right)}};
  }
  const std::string_view plain = without_byte_order_mark(text);
  const std::size_t first = plain.find_first_not_of(" \t\r\n");
  const bool is_xml = first != std::string_view::npos && plain[first] == '<';
  return is_xml ? parse_xml_trace(text, from)
                : parse_csv_trace(text, from.value_or(TraceFrom::kRun));
}

}  // namespace sim
