// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_report.h"

#include <algorithm>
#include <map>

#include "models/event/json/json_tape.h"

namespace weir {
namespace {

constexpr double slo_quantile = 0.95;

void append_quantile(const char* name, const QuantileSketch& durations, double q,
                     std::string& out) {
    out += std::string(",\"") + name + "\":";
    out += durations.count() == 0 ? "null" : std::to_string(durations.quantile(q));
}

void append_slo(const LatencyRow& row, std::string& out) {
    out += ",\"slo\":";
    if (row.path.slo_p95_us == 0) {
        out += "null";
        return;
    }
    out += "{\"p95_us\":" + std::to_string(row.path.slo_p95_us) + ",\"met\":";
    out += row.durations.count() == 0 ? "null" : row.met() ? "true" : "false";
    out += '}';
}

void append_text(const char* name, const std::string& text, std::string& out) {
    out += std::string("\"") + name + "\":";
    append_json_string(text, out);
}

void append_row(const LatencyReport& report, const LatencyRow& row, std::string& out) {
    out += '{';
    append_text("stage", row.path.stage, out);
    out += ',';
    append_text("from", row.path.from, out);
    out += ',';
    append_text("to", row.path.to, out);
    if (report.question.by) {
        out += ",\"by\":{";
        append_text(report.dimension.c_str(), row.value, out);
        out += '}';
    }
    const QuantileSketch& durations = row.durations;
    out += ",\"count\":" + std::to_string(durations.count());
    append_quantile("p50_us", durations, 0.5, out);
    append_quantile("p95_us", durations, 0.95, out);
    append_quantile("p99_us", durations, 0.99, out);
    out += ",\"max_us\":" +
           (durations.count() == 0 ? std::string("null") : std::to_string(durations.max_us()));
    out += ",\"negative\":" + std::to_string(durations.negative_count());
    append_slo(row, out);
    out += std::string(",\"partial\":") + (report.question.partial ? "true" : "false");
    const bool joined = row.path.kind == LatencyPath::Kind::Stage;
    out += std::string(",\"estimate\":") + (joined && report.sampled > 1 ? "true" : "false");
    if (row.raw) {
        out += ",\"raw\":{\"count\":" + std::to_string(row.raw->count());
        append_quantile("p50_us", *row.raw, 0.5, out);
        append_quantile("p95_us", *row.raw, 0.95, out);
        append_quantile("p99_us", *row.raw, 0.99, out);
        out += '}';
    }
    out += ",\"record_time\":";
    if (row.record_time.empty())
        out += "null";
    else
        append_json_string(row.record_time, out);
    out += '}';
}

std::string time_or_null(std::int64_t time_us) {
    return time_us == INT64_MIN ? "null" : std::to_string(time_us);
}

} // namespace

bool LatencyRow::met() const {
    return durations.quantile(slo_quantile) <= path.slo_p95_us;
}

bool LatencyReport::slo_broken() const {
    return std::any_of(rows.begin(), rows.end(), [](const LatencyRow& row) {
        return row.path.slo_p95_us > 0 && row.durations.count() > 0 && !row.met();
    });
}

LatencyReport latency_report(const LatencySeen& seen, const Vocabulary& vocabulary,
                             const DisclosurePolicy& disclosure, LatencyQuestion question) {
    LatencyReport report;
    report.question = question;
    if (question.by)
        report.dimension = dimension_name(vocabulary, *question.by);
    for (const auto& lane : seen.lanes) {
        report.sampled = std::max(report.sampled, lane->sampled);
        report.expired += lane->expired;
        report.let_go += lane->let_go;
    }
    for (const LatencyPath& path : latency_paths(seen, vocabulary, question.policy)) {
        const std::string clock = record_clock(seen, path);
        const bool corrected = path.by_event_clock && question.policy != ClockPolicy::Raw;
        if (!question.by) {
            report.rows.push_back({path, {}, clock, latency_of(seen, path, question.range), {}});
            if (corrected)
                report.rows.back().raw = latency_of(seen, path.by_raw_clock(), question.range);
            continue;
        }
        std::map<ValueId, QuantileSketch> raw;
        if (corrected)
            for (ValueLatency& one :
                 latency_by_value(seen, path.by_raw_clock(), *question.by, question.range))
                raw.emplace(one.value, std::move(one.durations));
        for (ValueLatency& one : latency_by_value(seen, path, *question.by, question.range)) {
            report.rows.push_back(
                {path,
                 dimension_value_text(vocabulary, *question.by, one.value, disclosure),
                 clock,
                 std::move(one.durations),
                 {}});
            if (const auto found = raw.find(one.value); found != raw.end())
                report.rows.back().raw = std::move(found->second);
        }
    }
    for (const LatencyPlace& place : latency_places(seen))
        report.freshness.push_back({vocabulary.places->name(place.place), place.events,
                                    place.untimed, place.ahead, place.newest_event_us,
                                    place.newest_record_us});
    return report;
}

std::string to_json(const LatencyReport& report) {
    std::string out = "{\"stages\":[";
    for (const LatencyRow& row : report.rows) {
        out += &row == &report.rows.front() ? "" : ",";
        append_row(report, row, out);
    }
    out += "],\"freshness\":[";
    for (const PlaceFreshness& place : report.freshness) {
        out += &place == &report.freshness.front() ? "{" : ",{";
        append_text("place", place.place, out);
        out += ",\"events\":" + std::to_string(place.events) +
               ",\"without_event_time\":" + std::to_string(place.untimed) +
               ",\"ahead_of_record\":" + std::to_string(place.ahead) +
               ",\"newest_event_us\":" + time_or_null(place.newest_event_us) +
               ",\"newest_record_us\":" + time_or_null(place.newest_record_us) + "}";
    }
    out += std::string("],\"clock\":\"") + to_word(report.question.policy) +
           "\",\"sampled\":" + std::to_string(report.sampled) +
           ",\"left_out\":" + std::to_string(report.let_go) + "}";
    return out;
}

} // namespace weir
