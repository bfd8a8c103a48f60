#include "sim/script/traces/gpx_trace.h"

#include <fmt/format.h>

#include <iterator>

#include "sim/base/text/markup.h"
#include "sim/base/text/quoted.h"
#include "sim/base/text/trimmed.h"
#include "sim/script/traces/utc_time.h"

namespace sim {
namespace {

constexpr std::string_view kTimeRight =
    "a time of a track point, as <time>2024-05-01T12:30:00Z</time>";

}  // namespace

void GpxTraceReader::begin_element(const XmlElement& element) {
  if (element.name == "trk") tracks_.emplace_back();
  if (element.name == "trkpt" && !tracks_.empty()) {
    sample_ = {};
    sample_.track = tracks_.size() - 1;
    sample_.line = element.line;
    time_.clear();
    const auto lat = builder_.read_degrees(element.attribute("lat"), "lat", 90,
                                           "decimal degrees from -90 to 90", element.line);
    const auto lon = builder_.read_degrees(element.attribute("lon"), "lon", 180,
                                           "decimal degrees from -180 to 180", element.line);
    has_point_ = lat && lon;
    sample_.point = {lat.value_or(0), lon.value_or(0)};
  }
  open_.emplace_back(element.name);
}

void GpxTraceReader::end_element(std::string_view name) {
  open_.pop_back();
  if (name == "trkpt" && !tracks_.empty()) end_point();
}

void GpxTraceReader::add_text(std::string_view text) {
  if (open_.size() < 2) return;
  const std::string& parent = open_[open_.size() - 2];
  if (open_.back() == "time" && parent == "trkpt") time_ += text;
  if (open_.back() == "name" && parent == "trk") tracks_.back() += text;
}

void GpxTraceReader::end_point() {
  const std::string_view text = trimmed(time_);
  const auto time = parse_utc_time(text);
  if (!time) {
    if (builder_.only_counts(sample_.line)) return;
    builder_.report(sample_.line, "time",
                    text.empty() ? "is missing" : quoted(text) + " is not a time", kTimeRight);
    return;
  }
  sample_.time = *time;
  if (has_point_) samples_.push_back(sample_);
}

void GpxTraceReader::finish() {
  for (const Sample& sample : samples_) {
    // Two tracks with the same name are two clients.
    const std::size_t client =
        builder_.client(std::to_string(sample.track), trimmed(tracks_[sample.track]));
    builder_.add(client, {sample.time, sample.point, sample.line});
  }
}

void append_gpx_trace_header(std::string& out, std::string_view name) {
  fmt::format_to(std::back_inserter(out),
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<gpx version=\"1.1\" creator=\"herdsim {}\" "
                 "xmlns=\"http://www.topografix.com/GPX/1/1\">\n"
                 "<metadata><name>{}</name><time>{}</time></metadata>\n",
                 HERDSIM_VERSION, xml_text(name), format_utc_time(kGpxEpoch));
}

void append_gpx_trace(std::string& out, const TraceClient& client) {
  fmt::format_to(std::back_inserter(out), "<trk><name>{}</name><trkseg>\n", xml_text(client.id));
  for (const TrackPoint& sample : client.samples) {
    fmt::format_to(
        std::back_inserter(out), "<trkpt lat=\"{:.9f}\" lon=\"{:.9f}\"><time>{}</time></trkpt>\n",
        sample.point.lat, sample.point.lon, format_utc_time(kGpxEpoch + sample.at.count()));
  }
  out += "</trkseg></trk>\n";
}

void append_gpx_trace_footer(std::string& out) { out += "</gpx>\n"; }

}  // namespace sim
